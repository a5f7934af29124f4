"""The annealed search until the limit, on as many cores as the proof leaves."""

from __future__ import annotations

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

TURN_SECONDS = 1.0
"""Time after which the weeks of several searches are put together and dealt out anew, for plans of up to LARGE."""

LATE = 0.2
"""Part of the search after which a second one of the same weeks no longer begins."""


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
    watch.search_begins(len(randoms), proving=len(randoms) > 1)
    search = Search(model, state, guide, randoms[0])
    rarer = max(1, problem.agents * problem.slots // LARGE)
    while (reason := watch.why_stop()) is None and (len(randoms) == 1 or not proof.done()):
        search.round(watch.search_done())
        watch.rounds += 1
        if watch.rounds % (REASSIGN_EVERY * rarer) == 0:
            plan = search.plan_with_best_activities()
            watch.look(plan, total_cents(problem, items, plan))
        elif watch.rounds % (LOOK_EVERY * rarer) == 0:
            plan = search.plan()
            watch.look(plan, total_cents(problem, items, plan))
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
    """A second search from the same start for as long as the first lasts, on the core that the bound has left; None where the
    bound has left it too late to catch up.
    """
    late = watch.search_done()
    if watch.over or late > LATE:
        return None
    search = Search(model, state, guide, random)
    while not watch.over:
        search.round(watch.search_done())
    return search.plan_with_best_activities()
