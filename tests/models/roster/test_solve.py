"""The whole optimiser: legal plans on awkward cases, the same plan for the same seed, honest about what is proven."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from time import sleep

import numpy as np
import pytest

from models.chain import assemble
from models.roster import improve as improve_module
from models.roster import solve as solve_module
from models.roster.construct import construct, recount_all
from models.roster.problem import Ints
from models.roster.search import Search
from models.roster.solve import solve
from models.roster.state import Model, State, build_model, empty_state
from models.roster.watch import Limits
from wfm.agent import Absence, AbsenceKind, Wish, WishKind
from wfm.check import check_plan
from wfm.clock import to_utc
from wfm.errors import WfmError
from wfm.plan import Status, StopReason
from wfm.progress import never, silent

MONDAY = date(2026, 12, 7)


def answer(case, requirement, *, rounds=60, seconds=600.0, seed=0, stop=never, on_progress=silent):
    return solve(
        case,
        requirement,
        limits=Limits(seconds, rounds),
        seed=seed,
        workers=1,
        stop=stop,
        on_progress=on_progress,
    )


def away(agent, start, end, *, whole_day=False):
    kind = AbsenceKind.PAID_LEAVE if whole_day else AbsenceKind.UNAVAILABLE
    return Absence(agent=agent, start=start, end=end, kind=kind, whole_day=whole_day)


def test_the_same_seed_gives_the_same_plan(tiny_case, tiny_requirement):
    one, two = (answer(tiny_case, tiny_requirement, rounds=120, seed=4) for _ in range(2))

    assert one.shifts == two.shifts
    assert one.purchases == two.purchases
    assert (one.cost_cents, one.bound.cents, one.rounds) == (two.cost_cents, two.bound.cents, 120)
    assert one.stop_reason is StopReason.CONVERGED


def test_a_second_search_takes_the_core_that_the_bound_has_left(tiny_case, tiny_requirement, monkeypatch):
    rounds, plain = [], Search.round

    def counted(self: Search, done: float) -> None:
        plain(self, done)
        rounds.append(done)

    def idle(*_: object) -> StopReason:
        # `workers=1` has no second search to wait for.
        while workers == 2 and len(rounds) < 40:
            sleep(0.001)
        return StopReason.TIME_LIMIT

    def nobody(model: Model, blocks: Ints, _: object) -> State:
        state = empty_state(model.problem, model.items)
        state.blocks[:] = blocks
        recount_all(model, state)
        return state

    monkeypatch.setattr(solve_module, "construct", nobody)
    monkeypatch.setattr(Search, "round", counted)
    monkeypatch.setattr(solve_module, "improve", idle)
    costs = {}
    for workers in (1, 2):
        # The second search begins in time, and is nearly over, hence cold, from its second round on.
        clock = lambda: 599.0 if rounds else 0.0  # noqa: E731
        result = solve(tiny_case, tiny_requirement, limits=Limits(600.0), seed=0, workers=workers, clock=clock)
        costs[workers] = result.cost_cents

    assert len(rounds) >= 40
    assert costs[2] < costs[1]


@pytest.mark.parametrize("hot_until", [0, 10**9])
def test_a_large_plan_begins_at_home_nowhere_that_pays(tiny_case, tiny_requirement, monkeypatch, hot_until):
    """Its linear program may value a campaign at nothing; a start at the price of shortage then comes in its place."""
    plain, idle_plans, begun = solve_module.whole_blocks, [], []

    def worthless(problem, *arguments, **limits):
        blocks, prices = plain(problem, *arguments, **limits)
        guide = replace(prices, work=np.zeros_like(prices.work))
        idle_plans.append(construct(build_model(problem), blocks, guide))
        return blocks, guide

    def begins(model, state, *_):
        begun.append((state.tour >= 0).sum())
        return StopReason.TIME_LIMIT

    monkeypatch.setattr(solve_module, "HOT_UNTIL", hot_until)
    monkeypatch.setattr(solve_module, "whole_blocks", worthless)
    monkeypatch.setattr(solve_module, "improve", begins)

    answer(tiny_case, tiny_requirement)

    idle = max((plan.tour >= 0).sum() for plan in idle_plans)
    assert (begun[0] > idle) == (hot_until == 0)


def test_a_stop_keeps_the_best_plan_so_far(tiny_case, tiny_requirement, plan_of):
    calls = []

    def after_thirty() -> bool:
        calls.append(None)
        return len(calls) > 30

    result = answer(tiny_case, tiny_requirement, rounds=10_000, stop=after_thirty)

    assert result.stop_reason is StopReason.STOPPED
    assert result.rounds <= 30
    assert result.shifts
    assert result.bound.cents <= result.cost_cents


def test_several_cores_search_weeks_of_their_own_when_the_bound_has_left_one(law_case, usual_work, monkeypatch):
    turns, ticks, plain = [], count(), improve_module.search_weeks_apart

    def counted(*arguments, **keywords):
        turns.append(arguments)
        return plain(*arguments, **keywords)

    monkeypatch.setattr(improve_module, "search_weeks_apart", counted)
    case = law_case(2)
    requirement = usual_work(case)

    # Time stands still until the bound is proven.
    result = solve(
        case, requirement, limits=Limits(7.0), seed=0, workers=2, clock=lambda: 0.01 * next(ticks) if turns else 0.0
    )

    assert len(turns) >= 3
    assert result.stop_reason is StopReason.TIME_LIMIT
    assert result.bound.cents <= result.cost_cents
    assert check_plan(case, requirement, assemble(case, requirement, result, seed=0)) == []


def test_the_clock_ends_the_search(tiny_case, tiny_requirement):
    """A clock of its own, a second per look, instead of waiting."""
    ticks = iter(range(100_000))

    result = solve(
        tiny_case, tiny_requirement, limits=Limits(90.0), seed=0, workers=1, clock=lambda: float(next(ticks))
    )  # fmt: skip

    assert result.stop_reason is StopReason.TIME_LIMIT
    assert result.shifts


def test_progress_never_goes_back(tiny_case, usual_work):
    seen = []

    result = answer(tiny_case, usual_work(tiny_case, 3700), rounds=200, on_progress=seen.append)

    incumbents = [entry.incumbent_cents for entry in seen if entry.incumbent_cents is not None]
    assert incumbents == sorted(incumbents, reverse=True)
    assert incumbents[-1] == result.cost_cents
    bounds = [entry.bound_cents for entry in seen if entry.bound_cents is not None]
    assert bounds == sorted(bounds)
    assert bounds[-1] == result.bound.cents
    fractions = [entry.fraction for entry in seen]
    assert fractions == sorted(fractions)
    assert {entry.stage for entry in seen} == {"plan"}
    assert all(entry.bound_cents is not None for entry in seen if entry.incumbent_cents is not None)


@pytest.mark.parametrize("campaign", ["service", "sales"])
def test_a_share_that_seats_cannot_meet_is_infeasible(campaign, tiny_case, rebuild, usual_work):
    case = rebuild(tiny_case, **{campaign: {"min_partner_share": 1.0}})

    result = answer(case, usual_work(case, 20_000))

    assert result.status is Status.INFEASIBLE
    assert (result.shifts, result.purchases) == ((), ())
    assert "min_partner_share" in result.explanation


def test_nothing_to_do_is_proven_to_cost_wages_and_minimum_billing(tiny_case, require, plan_of):
    plan, result = plan_of(tiny_case, require(tiny_case))

    assert result.cost_cents == 53_200 + 13_000
    assert plan.shifts == plan.purchases == ()
    assert result.cost_cents - result.bound.cents <= 3


CHANGES = {
    "shares": {"service": {"min_partner_share": 0.4, "min_inhouse_share": 0.5}},
    "all in-house": {"service": {"min_inhouse_share": 1.0}},
    "three at once": {"service": {"max_agents": 3}, "mail": {"max_agents": 1}},
    "one at once": {"service": {"max_agents": 1}},
    "nobody is able": {"service": {"min_level": 5}, "mail": {"min_level": 5}, "sales": {"min_level": 5}},
    "only partners are able": {"service": {"min_level": 5, "max_agents": 3}},
    "free shortage": {"service": {"shortage_cost_per_hour": 0}, "sales": {"shortage_cost_per_hour": 0}},
    "no partners": {"partners": ()},
    "no own agents": {"agents": (), "absences": (), "wishes": ()},
    "late orders": {"as_of": date(2026, 11, 25)},
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("per_slot", [700, 5300])
def test_odd_cases_get_legal_plans(changes, per_slot, tiny_case, rebuild, usual_work, plan_of):
    case = rebuild(tiny_case, **changes)
    requirement = usual_work(case, per_slot)

    plan, result = plan_of(case, requirement)

    assert check_plan(case, requirement, plan) == []
    assert result.cost_cents == plan.bill.total_cents
    assert result.bound.cents <= result.cost_cents


def test_absences_of_days_and_of_hours(tiny_case, rebuild, usual_work, plan_of):
    """A1 on leave all week but Friday, A2 away daily from 10 to 11, A3 until Tuesday noon."""
    at = datetime(2026, 12, 7, tzinfo=UTC)
    hours = [away("A2", at + timedelta(days=d, hours=10), at + timedelta(days=d, hours=11)) for d in range(7)]
    leave = away("A1", at, at + timedelta(days=4), whole_day=True)
    case = rebuild(tiny_case, absences=(leave, *hours, away("A3", at, at + timedelta(days=1, hours=12))))
    requirement = usual_work(case, 4000)

    plan, _ = plan_of(case, requirement)

    assert check_plan(case, requirement, plan) == []
    worked = {(shift.agent, shift.day) for shift in plan.shifts}
    assert {day for agent, day in worked if agent == "A1"} == {MONDAY + timedelta(days=4)}
    assert not [day for agent, day in worked if agent == "A2"]
    assert min(day for agent, day in worked if agent == "A3") > MONDAY + timedelta(days=1)


def test_wishes_are_kept_unless_they_cost_less_than_the_work(tiny_case, rebuild, usual_work, plan_of):
    def wish(agent, cost, kind=WishKind.OFF, at=None):
        return Wish(agent=agent, day=MONDAY, kind=kind, time=at, cost=cost)

    wishes = (wish("A1", 10**6), wish("A2", 10**6, WishKind.START_AFTER, time(9, 30)), wish("A3", 1))
    case = rebuild(tiny_case, wishes=wishes)
    requirement = usual_work(case, 4000)

    plan, _ = plan_of(case, requirement)

    monday = {shift.agent: shift for shift in plan.shifts if shift.day == MONDAY}
    assert check_plan(case, requirement, plan) == []
    assert "A1" not in monday
    assert "A2" not in monday or monday["A2"].first_slot >= 19
    assert [line.cents for line in plan.bill.lines if line.kind == "wishes"] in ([], [1])


def test_rest_and_days_worked_carry_over(tiny_case, rebuild, usual_work, plan_of):
    """A1 ended on Sunday at 22:30 and may start at 09:30; A2 has worked five days and may work one more in a row."""
    changes = {
        "A1": {"last_shift_end": datetime(2026, 12, 6, 22, 30, tzinfo=UTC)},
        "A2": {"days_worked_before": 5},
        "A3": {"days_worked_before": 9},
    }
    case = rebuild(tiny_case, agents=[a.model_dump() | changes[a.id] for a in tiny_case.agents])
    requirement = usual_work(case, 6000)

    plan, _ = plan_of(case, requirement)

    assert check_plan(case, requirement, plan) == []
    days = {name: [shift.day for shift in plan.shifts if shift.agent == name] for name in changes}
    assert all(s.first_slot >= 19 for s in plan.shifts if (s.agent, s.day) == ("A1", MONDAY))
    assert not {MONDAY, MONDAY + timedelta(days=1)} <= set(days["A2"])
    assert MONDAY not in days["A3"]


@pytest.mark.parametrize("first_day", [date(2026, 10, 19), date(2026, 3, 23), date(2026, 9, 14)])
def test_weeks_in_which_a_clock_changes(first_day, tiny_case, rebuild, usual_work, plan_of):
    """France changes on 2026-10-25 and 2026-03-29, Morocco for good on 2026-09-20; all work on Sundays, nights included."""
    opening = [
        hours.model_dump() | {"weekday": day, "opens": time(0), "closes": time(0)}
        for hours in tiny_case.opening_hours[:1]
        for day in range(1, 8)
    ]
    night = tiny_case.shift_patterns[0].model_dump() | {
        "id": "night", "earliest_start": time(0), "latest_start": time(15, 30),
    }  # fmt: skip
    partner = tiny_case.partners[0].model_dump()
    partner["shifts"] = [
        shift | {"weekdays": tuple(range(1, 8)), "start": start, "end": end}
        for shift, start, end in zip(partner["shifts"], (time(1), time(20)), (time(5), time(0)), strict=True)
    ]
    case = rebuild(
        tiny_case, first_day=first_day, as_of=first_day - timedelta(days=14), opening_hours=opening,
        shift_patterns=[night], partners=[partner],
    )  # fmt: skip
    requirement = usual_work(case, 3000)

    plan, result = plan_of(case, requirement)

    assert check_plan(case, requirement, plan) == []
    sunday = first_day + timedelta(days=6)
    assert sunday in {shift.day for shift in plan.shifts} | {purchase.day for purchase in plan.purchases}
    for shift in plan.shifts:
        wall = case.grid.instant(shift.first_slot).astimezone(case.home_zone).replace(tzinfo=None)
        assert wall.date() == shift.day
        assert case.grid.slot(to_utc(wall, case.home_zone)) == shift.first_slot
    assert result.bound.cents <= result.cost_cents


def test_a_shift_that_ends_too_late_for_the_tour_program_is_refused(tiny_case, rebuild, usual_work):
    late = tiny_case.shift_patterns[0].model_dump() | {"earliest_start": time(0), "latest_start": time(23, 30)}
    pause = late["breaks"][0] | {"minutes": 420}
    case = rebuild(tiny_case, shift_patterns=[late | {"presence_minutes": 960, "breaks": [pause]}])

    with pytest.raises(WfmError, match="two days later"):
        answer(case, usual_work(case))


def test_two_weeks_of_overtime_stay_within_the_contract(tiny_case, rebuild, usual_work, plan_of):
    contract = tiny_case.contracts[0].model_dump() | {"week_minutes": 1680, "max_overtime_minutes_week": 420}
    case = rebuild(tiny_case, days=14, contracts=[contract], partners=(), service={"shortage_cost_per_hour": 9000})
    requirement = usual_work(case, 5000)

    plan, _ = plan_of(case, requirement)

    assert check_plan(case, requirement, plan) == []
    over = [line.quantity for line in plan.bill.lines if line.kind == "overtime"]
    # Service is open five days: five shifts of seven hours against 28 hours are 7 hours a week.
    assert over
    assert max(over) == 14
