"""Several searches at once, each with weeks of its own: what one core finds in a while, so many cores find in a part of it.

Every search sees the whole plan but changes shifts of its own weeks alone, and blocks of its own partners in them: two searches
that both sold a partner's hours down to the minimum billed would each count on the whole saving. After a while their weeks are
put together, and the next searches begin there, with weeks and partners dealt out anew, so that no seam between weeks stays one.
A tour whose weeks do not go together (rest, days in a row, overtime of the year) keeps the weeks of the first search and those
from before.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from threading import Event

import numpy as np

from models.roster.construct import recount_all
from models.roster.prices import Prices
from models.roster.problem import Bools, Ints, Problem
from models.roster.search import Search, days_of_weeks
from models.roster.settle import settle_agents
from models.roster.state import ABSENT, Model, State

_FAR = 1 << 40
"""A slot beyond any plan."""


def search_weeks_apart(
    model: Model,
    state: State,
    guide: Prices,
    randoms: list[np.random.Generator],
    first: int,
    pool: Executor,
    *,
    done: Callable[[], float],
    go_on: Callable[[], bool],
) -> tuple[State, int]:
    """One search per random generator, the first of them here, the others in `pool`, until not `go_on`; `first` is the week at
    which the weeks are dealt out. Returns the plan put together and the rounds of all searches.
    """
    problem = model.problem
    order = np.roll(np.arange(problem.weeks), -first)
    hands = [np.sort(weeks) for weeks in np.array_split(order, len(randoms))]
    hand_of_partner = randoms[0].integers(len(randoms), size=len(problem.case.partners))
    over = Event()

    def run(hand: int, may_go_on: Callable[[], bool]) -> tuple[State, int]:
        partners, rounds = hand_of_partner == hand, 0
        search = Search(
            model, state, guide, randoms[hand], days=days_of_weeks(hands[hand]), partners=partners, share=len(hands)
        )
        while may_go_on():
            search.round(done())
            rounds += 1
        return search.plan(), rounds

    others = [pool.submit(run, hand, lambda: not over.is_set()) for hand in range(1, len(hands))]
    try:
        mine = run(0, go_on)
    finally:
        over.set()
    found = [mine, *(other.result() for other in others)]
    plan = put_together(model, [(weeks, plan) for weeks, (plan, _) in zip(hands, found, strict=True)])
    return plan, sum(rounds for _, rounds in found)


def put_together(model: Model, found: list[tuple[Ints, State]]) -> State:
    """The weeks of every search in one plan. The plans found differ from one another in their own weeks only."""
    problem, first = model.problem, found[0][1]
    plan = first.saved()
    for weeks, other in found[1:]:
        _take(problem, weeks, other, plan)
    cents, excess = settle_agents(problem, plan)
    torn = (excess > 0) | ~_may_follow(problem, plan.tour)
    plan.tour[torn], plan.activity[torn] = first.tour[torn], first.activity[torn]
    plan.agent_cents[:] = np.where(torn, first.agent_cents, cents)
    recount_all(model, plan)
    # Shifts past midnight of two searches may meet on a campaign with a limit.
    return plan if (plan.heads >= 0).all() else first


def _take(problem: Problem, weeks: Ints, source: State, plan: State) -> None:
    """Shifts and blocks of some weeks, in place of those in `plan`."""
    options = problem.options
    chosen = np.isin(np.arange(problem.days) // 7, weeks)
    # First all that goes, then all that comes: a shift may reach into a day that is another's.
    for state, absent in ((plan, True), (source, False)):
        for agent, day in zip(*np.nonzero((state.tour >= 0) & chosen), strict=True):
            option = state.tour[agent, day]
            span = slice(options.start[option], options.end[option])
            plan.activity[agent, span] = ABSENT if absent else source.activity[agent, span]
    plan.tour[:, chosen] = source.tour[:, chosen]
    blocks = np.isin(problem.offers.day // 7, weeks)
    plan.blocks[blocks] = source.blocks[blocks]


def _may_follow(problem: Problem, tour: Ints) -> Bools:
    """Whether rest and days in a row of each tour are within the law. Shape (agents,)."""
    options, staff = problem.options, problem.staff
    # Days off (-1) point to the entry behind the last.
    start, end, overnight = (
        np.append(options.start, _FAR)[tour],
        np.append(options.end, -_FAR)[tour],
        np.append(options.overnight, False)[tour],
    )
    touched = tour >= 0
    fits: Bools = (start[:, 1:] - end[:, :-1] >= staff.rest_slots).all(axis=1)
    touched[:, 1:] |= overnight[:, :-1]
    touched[:, 0] |= staff.touched > 0
    run = staff.worked_before.copy()
    for day in range(problem.days):
        run = np.where(touched[:, day], run + 1, 0)
        fits &= run <= staff.max_consecutive
    return fits
