"""All of it, anytime: a first plan, prices, and then, side by side, better plans and the bound until the time is up."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from time import monotonic

import numpy as np

from models.roster.bound import Bound, lower_bound, wages_alone
from models.roster.compile import compile_problem
from models.roster.construct import construct
from models.roster.dive import held_prices, whole_blocks
from models.roster.extract import purchases_of, shifts_of
from models.roster.moves import swap_for_calm
from models.roster.objective import total_cents
from models.roster.prices import Prices, build_relaxation, solve_prices
from models.roster.problem import Problem
from models.roster.purchases import nearest_blocks
from models.roster.resume import Start, state_of
from models.roster.search import Search
from models.roster.state import Model, State, build_model
from models.roster.warm import compile_kernels
from models.roster.weeks_apart import search_weeks_apart
from wfm.case import Case
from wfm.plan import Purchase, Shift, Status, StopReason
from wfm.progress import OnProgress, Progress, Stop, never, silent
from wfm.requirement import Requirement

REASSIGN_EVERY = 300
"""Rounds between two optimal re-attributions of activities, for plans of up to LARGE."""

LOOK_EVERY = 20
"""Rounds between two looks at the exact cost, for plans of up to LARGE."""

LARGE = 150_000
"""Agents x slots beyond which looks become rarer in proportion: what a look costs grows with the plan, what a round costs does
not, and with 1,000 agents looks would take most of the search.
"""

CALM_PASSES = 2
"""Passes over all pairs of agents that swap activities for calmer days; a third finds next to nothing."""

PROVE_UNTIL = 0.5
"""Part of the time after which the bound is not sharpened any more: from then on a second search wins more."""

TURN_SECONDS = 2.0
"""Time after which the weeks of several searches are put together and dealt out anew."""

TWIN_BEFORE = 0.2
"""Part of the search after which a second one no longer begins."""

FIRST_BLOCKS_SECONDS = 20.0
"""Most time for the least purchase that keeps to the shares; there is nearly always nothing to decide."""

METHOD = (
    "Lagrangian bound: half-hour prices from a linear program (PDLP), an exact dynamic program over the tours of every agent, "
    "integer programs over the purchases of every day with the half-hours they cover (SCIP, dual bounds), branching on the "
    "hours of every partner, and a closed form per other work item"
)


@dataclass(frozen=True)
class Limits:
    """When to stop: `seconds` of wall time, or `rounds` of search (deterministic for one seed), whichever comes first."""

    seconds: float = 60.0
    rounds: int | None = None


@dataclass(frozen=True)
class Result:
    """Best plan found with its cost and the proven bound, both in cents; shifts and purchases are empty when infeasible."""

    status: Status
    stop_reason: StopReason
    shifts: tuple[Shift, ...]
    purchases: tuple[Purchase, ...]
    cost_cents: int
    bound: Bound
    explanation: str
    first_plan_seconds: float
    rounds: int
    seconds: float
    """Of the limit's: without compiling."""


OnFound = Callable[[Callable[[], Result], int], None]
"""Told at every look what the best plan costs, cents, and what makes it if it is wanted."""


def unheard(_found: Callable[[], Result], _cost_cents: int) -> None:
    """An OnFound that keeps nothing."""


def solve(
    case: Case,
    requirement: Requirement,
    *,
    limits: Limits,
    seed: int,
    workers: int = 2,
    stop: Stop = never,
    on_progress: OnProgress = silent,
    clock: Callable[[], float] = monotonic,
    start: Start | None = None,
    on_found: OnFound = unheard,
) -> Result:
    """Plan a case; shortage is priced, so `infeasible` means that hard rules on purchases contradict one another.

    Progress is reported as stage "plan" with incumbent and bound in cents. `stop` is polled between steps; the best plan is kept.
    `start` is a plan to go on from, for the rest of the search that found it.
    """
    on_progress(Progress(stage="plan", fraction=0.0, message="building the model (compiling it on the first run)"))
    problem = compile_problem(case, requirement)
    model = build_model(problem)
    compile_kernels(model)
    watch = _Watch(problem, limits, stop, on_progress, on_found, clock)
    least = nearest_blocks(problem, np.zeros(len(problem.offers.partner)), time_limit=FIRST_BLOCKS_SECONDS)
    if least is None:
        return _infeasible(problem)
    watch.bound = wages_alone(problem)
    before = state_of(model, start.shifts, start.purchases) if start else None
    if start and before:
        watch.done_before = start.done
        watch.report("going on from the best plan before")
        state = before
    else:
        watch.report("building a first plan")
        state = construct(model, least, Prices.of_shortage(problem))
    watch.first_plan(state, total_cents(problem, model.items, state))
    watch.report("pricing the half-hours")
    relaxation = build_relaxation(problem)
    prices = solve_prices(relaxation, time_limit=watch.share(0.25), threads=workers)
    # Not beside the search: PDLP lets no other thread of Python run.
    rounded = build_relaxation(problem, rounding=True)
    sharper = solve_prices(rounded, warm=prices, time_limit=watch.share(0.1), threads=workers)
    with ThreadPoolExecutor(max(1, workers - 1)) as beside:
        proof = beside.submit(
            lower_bound, problem, sharper, model.rest, left=watch.left_to_prove, threads=max(1, workers - 1)
        )
        proof.add_done_callback(watch.proven)
        try:
            guide = prices
            if before and not stop():
                share = max(1.0, watch.left(0.5))
                guide = held_prices(relaxation, prices, before.blocks, time_limit=share, threads=workers)
            elif not stop():
                watch.report("choosing whole blocks")
                blocks, guide = whole_blocks(problem, relaxation, prices, left=lambda: watch.left(0.5), threads=workers)
                state = construct(model, blocks, guide)
                watch.look(state, total_cents(problem, model.items, state))
            twin = None
            if limits.rounds is not None:
                # Whether the search ends because the bound is met must not depend on which of them is faster.
                wait([proof])
            elif workers > 1 and problem.weeks == 1:
                twin = beside.submit(_twin, model, state.saved(), guide, watch, np.random.default_rng([seed, 1]))
            hands = min(workers, problem.weeks) if limits.rounds is None else 1
            randoms = [np.random.default_rng([seed, hand] if hand else seed) for hand in range(hands)]
            reason = _search(model, state, guide, watch, randoms, proof, beside)
        finally:
            watch.over = True
        if twin and (other := twin.result()):
            watch.look(other, total_cents(problem, model.items, other))
        watch.bound = proof.result()
    watch.report("improving the plan")
    swap_for_calm(watch.best[0].activity, problem.staff, CALM_PASSES)
    return watch.result(reason)


def _search(
    model: Model,
    state: State,
    guide: Prices,
    watch: _Watch,
    randoms: list[np.random.Generator],
    proof: Future[Bound],
    beside: Executor,
) -> StopReason:
    """Anneal until the limit; with as many searches as there are random generators from when the proof leaves its core."""
    problem, items = model.problem, model.items
    watch.search_began = watch.elapsed()
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
    turns = 0
    while reason is None:
        until = watch.elapsed() + TURN_SECONDS
        plan, rounds = search_weeks_apart(
            model,
            search.plan(),
            guide,
            randoms,
            turns,
            beside,
            done=watch.search_done,
            go_on=lambda until=until: watch.elapsed() < until and watch.why_stop() is None,
        )
        watch.rounds += rounds
        turns += 1
        search = Search(model, plan, guide, randoms[0])
        watch.look(plan, total_cents(problem, items, plan))
        reason = watch.why_stop()
    plan = search.plan_with_best_activities()
    watch.look(plan, total_cents(problem, items, plan))
    return reason


def _twin(model: Model, state: State, guide: Prices, watch: _Watch, random: np.random.Generator) -> State | None:
    """A second search from the same start for as long as the first lasts, on the core that the bound has left; None where the
    bound has left it too late to catch up.
    """
    late = watch.search_done()
    if watch.over or late > TWIN_BEFORE:
        return None
    search = Search(model, state, guide, random)
    while not watch.over:
        search.round(watch.search_done())
    return search.plan_with_best_activities()


class _Watch:
    """Time, rounds and the best plan of one call of `solve`."""

    def __init__(
        self,
        problem: Problem,
        limits: Limits,
        stop: Stop,
        on_progress: OnProgress,
        on_found: OnFound,
        clock: Callable[[], float],
    ) -> None:
        self._problem, self._limits, self._stop, self._clock = problem, limits, stop, clock
        self._on_progress, self._on_found = on_progress, on_found
        self.done_before = 0.0
        self._begun = clock()
        self._best: tuple[State, int] | None = None
        self.bound: Bound | None = None
        self.rounds = 0
        self.first_plan_seconds = 0.0
        self.search_began = 0.0
        self.over = False

    @property
    def best(self) -> tuple[State, int]:
        if self._best is None:
            raise RuntimeError("no plan yet")
        return self._best

    def elapsed(self) -> float:
        return self._clock() - self._begun

    def left(self, until: float) -> float:
        """Seconds left of the first `until` (0 to 1) of the time."""
        return max(0.0, until * self._limits.seconds - self.elapsed())

    def share(self, part: float) -> float:
        """A share of the whole time, seconds, at least one."""
        return max(1.0, part * self._limits.seconds)

    def left_to_prove(self) -> float:
        """Seconds that may still go into the bound; none when told to stop, or when the search ended, or was broken off."""
        return 0.0 if self.over or self._stop() else self.left(PROVE_UNTIL)

    def proven(self, proof: Future[Bound]) -> None:
        """Take the bound as soon as it is there; what went wrong is raised where its result is asked for."""
        if proof.exception() is None:
            self.bound = proof.result()

    def report(self, message: str) -> None:
        self._on_progress(
            Progress(
                stage="plan",
                fraction=self._of_whole(min(1.0, self.elapsed() / max(1e-9, self._limits.seconds))),
                message=message,
                incumbent_cents=None if self._best is None else self._best[1],
                bound_cents=None if self.bound is None else self.bound.cents,
            )
        )

    def first_plan(self, state: State, cost: int) -> None:
        self._best = (state.saved(), cost)
        self.first_plan_seconds = self.elapsed()
        self._tell_found()

    def look(self, state: State, cost: int) -> None:
        """Keep the state if it is the best so far, and say how things stand."""
        if cost < self.best[1]:
            self._best = (state.saved(), cost)
        self._tell_found()

    def _tell_found(self) -> None:
        self._on_found(lambda: self.result(StopReason.STOPPED), self.best[1])
        self.report("improving the plan")

    def result(self, reason: StopReason) -> Result:
        """The best plan so far, as if the search ended here."""
        assert self.bound is not None, "the bound comes before any plan"  # noqa: S101 - an invariant of `solve`
        best, cost = self.best
        return Result(
            status=Status.OPTIMAL if cost <= self.bound.cents else Status.FEASIBLE,
            stop_reason=reason,
            shifts=shifts_of(self._problem, best),
            purchases=purchases_of(self._problem, best),
            cost_cents=cost,
            bound=self.bound,
            explanation=METHOD,
            first_plan_seconds=self.first_plan_seconds,
            rounds=self.rounds,
            seconds=self.elapsed(),
        )

    def search_done(self) -> float:
        """Share of the search that is over, 0 to 1: by rounds where they are limited, so that equal seeds do equal things."""
        if self._limits.rounds is not None:
            return self._of_whole(self.rounds / max(1, self._limits.rounds))
        seconds = self.elapsed() - self.search_began
        return self._of_whole(seconds / max(1e-9, self._limits.seconds - self.search_began))

    def _of_whole(self, own_share: float) -> float:
        """A share of this search as one of the search that it goes on with."""
        return self.done_before + (1 - self.done_before) * own_share

    def why_stop(self) -> StopReason | None:
        if self.bound is not None and self.best[1] <= self.bound.cents:
            return StopReason.PROVEN
        if self._stop():
            return StopReason.STOPPED
        if self.elapsed() >= self._limits.seconds:
            return StopReason.TIME_LIMIT
        if self._limits.rounds is not None and self.rounds >= self._limits.rounds:
            return StopReason.CONVERGED
        return None


def _infeasible(problem: Problem) -> Result:
    why = (
        "No purchase satisfies the partners' seats, lead times and the campaigns' minimum shares together: lower "
        "min_partner_share, or certify partners for the campaign, or give them seats."
    )
    return Result(Status.INFEASIBLE, StopReason.PROVEN, (), (), 0, wages_alone(problem), why, 0.0, 0, 0.0)
