"""The annealed search until the limit, on as many cores as the proof leaves."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, Future

import numpy as np

from models.roster.bound import Bound
from models.roster.objective import total_cents
from models.roster.prices import Prices
from models.roster.search import Search
from models.roster.state import Model, State
from models.roster.watch import Watch
from models.roster.weeks_apart import search_weeks_apart
from wfm.plan import StopReason

REASSIGN_EVERY = 300
"""Rounds between two optimal re-attributions of activities, for plans of up to LARGE."""

LOOK_EVERY = 20
"""Rounds between two looks at the exact cost, for plans of up to LARGE."""

LARGE = 150_000
"""Agents x slots beyond which looks and turns become rarer in proportion: what they cost grows with the plan, what a round costs
does not, and with 1,000 agents they would take most of the search.
"""

SMALL, RUN_ROUNDS = 7_000, 1_200
"""Agents x slots of a small plan, and rounds of annealing one of one week (more in proportion for larger ones)."""

KICK_ROUNDS, KICK_FROM = 15, 0.75
"""Rounds of annealing after a kick, and the share of an annealing at whose temperature they begin."""

TURN_SECONDS = 1.0
"""Time after which the weeks of several searches are put together and dealt out anew, for plans of up to LARGE."""


def improve(
    model: Model,
    state: State,
    guide: Prices,
    watch: Watch,
    randoms: list[np.random.Generator],
    proof: Future[Bound],
    beside: Executor,
) -> StopReason:
    """Anneal until the limit; with as many searches as there are random generators from when the proof leaves its core."""
    problem, items = model.problem, model.items
    several = len(randoms) > 1
    watch.search_begins(len(randoms), proving=several)
    rarer = max(1, problem.agents * problem.slots // LARGE)
    for search, over in search_rounds(model, state, guide, randoms[0], watch):
        reason = watch.why_stop()
        if over or (watch.rounds and watch.rounds % (REASSIGN_EVERY * rarer) == 0):
            plan = search.plan_with_best_activities()
            watch.look(plan, total_cents(problem, items, plan))
        elif watch.rounds and watch.rounds % (LOOK_EVERY * rarer) == 0:
            plan = search.plan()
            watch.look(plan, total_cents(problem, items, plan))
        if reason or (several and proof.done()):
            break
        watch.rounds += not over
    watch.search_begins(len(randoms), proving=False)
    turns = 0
    while reason is None:
        turn_began, first = watch.elapsed(), turns % problem.weeks

        def go_on(until: float = turn_began + TURN_SECONDS * rarer) -> bool:
            return watch.elapsed() < until and watch.why_stop() is None

        plan, rounds = search_weeks_apart(
            model, search.plan(), guide, randoms, first, beside, done=watch.search_done, go_on=go_on
        )
        watch.rounds += rounds
        turns += 1
        search = Search(model, plan, guide, randoms[0])
        watch.look(plan, total_cents(problem, items, plan))
        reason = watch.why_stop()
    plan = search.plan_with_best_activities()
    watch.look(plan, total_cents(problem, items, plan))
    return reason


def search_again(model: Model, state: State, guide: Prices, watch: Watch, random: np.random.Generator) -> State | None:
    """A second search from the same start, on the core that the bound has left, in the time that is left; None where none is."""
    if watch.over:
        return None
    best, least = state, total_cents(model.problem, model.items, state)
    for number, (search, over) in enumerate(search_rounds(model, state, guide, random, watch)):
        if over or watch.over or number % REASSIGN_EVERY == REASSIGN_EVERY - 1:
            plan = search.plan_with_best_activities()
            cents = total_cents(model.problem, model.items, plan)
            if cents < least:
                best, least = plan, cents
        if watch.over:
            break
    return best


def search_rounds(
    model: Model, state: State, guide: Prices, random: np.random.Generator, watch: Watch
) -> Iterator[tuple[Search, bool]]:
    """The search before every round, and whether its plan is worth a closer look: at the end of the annealing, and after a kick
    that paid.

    A plan of one week is cold after a while, and annealing it longer gains nothing. From then on blocks are kicked one by one.
    """
    problem, items = model.problem, model.items
    # The rest of an earlier search goes on where that has come to.
    began, rounds = 0.0 if watch.done_before > 0 else watch.search_done(), 0
    long = max(1.0, problem.agents * problem.slots / SMALL) * RUN_ROUNDS if problem.weeks == 1 else np.inf

    def done() -> float:
        return min(1.0, max(rounds / long, (watch.search_done() - began) / max(1e-9, 1.0 - began)))

    search = Search(model, state, guide, random)
    while done() < 1.0:
        yield search, False
        search.round(done())
        rounds += 1
    yield search, True
    plan = search.plan()
    cents = total_cents(problem, items, plan)
    while True:
        search = Search(model, plan, guide, random)
        search.kick()
        for number in range(KICK_ROUNDS):
            yield search, False
            search.round(KICK_FROM + (1.0 - KICK_FROM) * number / KICK_ROUNDS)
        kicked = search.plan()
        after, before = total_cents(problem, items, kicked), cents
        if after <= before:
            plan, cents = kicked, after
        if after < before:
            yield search, True
