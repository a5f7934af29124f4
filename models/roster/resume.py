"""A plan back in the optimiser's own terms, so that a search can go on from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from models.roster.construct import recount_all
from models.roster.problem import Problem
from models.roster.settle import settle_agents
from models.roster.state import BREAK, IDLE, Model, State, empty_state
from wfm.plan import IDLE as IDLE_ACTIVITY
from wfm.plan import Purchase, Shift


@dataclass(frozen=True)
class Start:
    """A plan of the same case to go on from, and how much of the search that found it was over, 0 to 1."""

    shifts: tuple[Shift, ...]
    purchases: tuple[Purchase, ...]
    done: float


def state_of(model: Model, shifts: Sequence[Shift], purchases: Sequence[Purchase]) -> State | None:
    """The inverse of `extract`; None when the plan uses a shift or a block that this problem does not offer."""
    problem = model.problem
    state = empty_state(problem, model.items)
    offers = {_offer_key(problem, k): k for k in range(len(problem.offers.partner))}
    for purchase in purchases:
        offer = offers.get((purchase.partner, purchase.campaign, purchase.day, purchase.shift))
        if offer is None:
            return None
        state.blocks[offer] = purchase.blocks
    row = {agent.id: index for index, agent in enumerate(problem.case.agents)}
    for shift in shifts:
        option = _option(problem, shift)
        if option is None:
            return None
        _place(problem, state, row[shift.agent], option, shift)
    state.agent_cents[:], _ = settle_agents(problem, state)
    recount_all(model, state)
    return state


def _offer_key(problem: Problem, k: int) -> tuple[object, ...]:
    case, offers = problem.case, problem.offers
    partner = case.partners[offers.partner[k]]
    day = case.first_day + timedelta(days=int(offers.day[k]))
    return partner.id, case.campaigns[offers.campaign[k]].id, day, partner.shifts[offers.shift[k]].id


def _option(problem: Problem, shift: Shift) -> int | None:
    """The option whose pattern, times and windows of breaks the shift fits."""
    options, day = problem.options, (shift.day - problem.case.first_day).days
    pattern = [entry.id for entry in problem.case.shift_patterns].index(shift.pattern)
    pauses = sorted(
        (segment.first_slot - shift.first_slot, segment.slots) for segment in shift.segments if segment.break_name
    )
    for option in range(options.day_first[day], options.day_first[day + 1]):
        times = options.pattern[option], options.start[option], options.end[option]
        if times != (pattern, shift.first_slot, shift.last_slot):
            continue
        windows = sorted((int(low), int(high), int(length)) for length, low, high in options.breaks[option] if length)
        if len(windows) == len(pauses) and all(
            low <= begin <= high and slots == length
            for (begin, slots), (low, high, length) in zip(pauses, windows, strict=True)
        ):
            return option
    return None


def _place(problem: Problem, state: State, agent: int, option: int, shift: Shift) -> None:
    campaigns = {campaign.id: q for q, campaign in enumerate(problem.case.campaigns)}
    codes = campaigns | {IDLE_ACTIVITY: IDLE}
    state.tour[agent, problem.options.day[option]] = option
    for segment in shift.segments:
        code = BREAK if segment.break_name else codes[segment.activity]
        state.activity[agent, segment.first_slot : segment.last_slot] = code
