"""Planning again after something changed, with few changes: of a new plan, only what is worth its price is taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from time import monotonic
from typing import Any

from models.chain import run
from models.result import Base, ChainResult
from wfm.by_hand import changed_by_hand
from wfm.case import Case
from wfm.check import check_plan
from wfm.checkpoint import Checkpoint, OnCheckpoint, forgetful
from wfm.history import CampaignHistory
from wfm.plan import Plan, Shift
from wfm.progress import Stop, never
from wfm.requirement import Requirement
from wfm.rules import references

PATIENCE = 0.5
"""Of the time limit, what choosing among the changes may take on top."""

Place = tuple[str, date]
"""An agent's day."""
Shifts = dict[Place, Shift]


def replan(
    case: Case,
    histories: dict[str, CampaignHistory],
    *,
    base: Base,
    time_limit: float,
    stop: Stop = never,
    on_checkpoint: OnCheckpoint = forgetful,
    **limits: Any,
) -> ChainResult:
    """`models.chain.run`, and then as few changes to the base plan as are worth it (`closest`). Checkpoints hold no plan: one
    that changes everything is none to end with.
    """

    def keep(made: Checkpoint) -> None:
        if made.plan is None:
            on_checkpoint(made)

    found = run(case, histories, time_limit=time_limit, stop=stop, on_checkpoint=keep, **limits)
    until = monotonic() + PATIENCE * time_limit
    plan = closest(case, found.requirement, found.plan, base, stop=lambda: stop() or monotonic() > until)
    return replace(found, plan=plan, violations=check_plan(case, found.requirement, plan))


def closest(case: Case, requirement: Requirement, found: Plan, base: Base, *, stop: Stop = never) -> Plan:
    """Begins with the base plan, without whom the case forbids by now, and then changes one agent's day at a time to what it was,
    or to what the plan found has there, as long as that saves more than it changes: first the shifts that were lost, then the
    days on which they are missing, then all others.

    Every plan on the way keeps all hard rules. The bound is that of the plan found, for it holds for every plan of the case;
    `found` itself is the answer where it is cheaper with all its changes paid for.
    """
    now = _lawful(case, requirement, found, base.plan)
    if now is None:
        return found
    old, new = _by_day(base.plan), _by_day(found)
    cost = _total(now, old, base)
    for place, shift in _moves(_by_day(now), old, new):
        if stop():
            break
        tried = changed_by_hand(case, requirement, now, {place: shift})
        tried_cost = _total(tried, old, base)
        if tried_cost < cost and not check_plan(case, requirement, tried):
            now, cost = tried, tried_cost
    return now if cost <= _total(found, old, base) else found


def changed_days(base: Plan, plan: Plan) -> int:
    """Days of agents on which a plan is not as the base is."""
    return _changed(_by_day(base), plan)


def _changed(old: Shifts, plan: Plan) -> int:
    new = _by_day(plan)
    return sum(old.get(place) != new.get(place) for place in old.keys() | new.keys())


def _by_day(plan: Plan) -> Shifts:
    return {(shift.agent, shift.day): shift for shift in plan.shifts}


def _total(plan: Plan, old: Shifts, base: Base) -> int:
    return plan.bill.total_cents + base.change_price_cents * _changed(old, plan)


def _moves(now: Shifts, old: Shifts, new: Shifts) -> Iterator[tuple[Place, Shift | None]]:
    lost = sorted(old.keys() - now.keys())
    yield from ((place, old[place]) for place in lost)
    missing = {day for _, day in lost}
    places = sorted(old.keys() | new.keys(), key=lambda place: (place[1] not in missing, place[1], place[0]))
    for place in places:
        if new.get(place) != now.get(place):
            yield place, new.get(place)


def _lawful(case: Case, requirement: Requirement, found: Plan, base: Plan) -> Plan | None:
    """The base plan as one of this case: without the shifts of agents whom a rule names, and with the purchases found of
    partners whom one names. None where that is not enough.
    """
    gone: set[str] = set()
    known = {agent.id for agent in case.agents}
    for _ in range(3):
        shifts = tuple(shift for shift in base.shifts if shift.agent in known - gone)
        kept = [purchase for purchase in base.purchases if purchase.partner not in gone]
        others = [purchase for purchase in found.purchases if purchase.partner in gone]
        plan = found.model_copy(update={"shifts": shifts, "purchases": (*kept, *others)})
        if references.check(case, plan):
            return None
        plan = changed_by_hand(case, requirement, plan, {})
        named = {violation.subject for violation in check_plan(case, requirement, plan)}
        if not named:
            return plan
        gone |= named
    return None
