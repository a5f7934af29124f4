"""Time, rounds and the best plan of one call of the optimiser, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import NamedTuple

from models.roster.bound import Bound
from models.roster.extract import purchases_of, shifts_of
from models.roster.problem import Problem
from models.roster.state import State
from wfm.plan import Purchase, Shift, Status, StopReason
from wfm.progress import OnProgress, Progress, Stop

PROVE_UNTIL = 0.5
"""Part of the time after which the bound is not sharpened any more: its core then goes to the search."""

METHOD = (
    "Lagrangian bound, branching on the hours of every partner: half-hour prices from a linear program per branch (PDLP), an "
    "exact dynamic program over the tours of every agent, integer programs over the purchases of every day with the half-hours "
    "they cover (SCIP, dual bounds), and a closed form per other work item"
)
COUNTED = (
    "; beyond it an integer program per branch that counts shifts, activities and blocks together (SCIP, dual bound)"
)
"""What is said of the method where counting proved more."""


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
    """How the bound was proven, or why there is no plan."""
    first_plan_seconds: float
    rounds: int
    seconds: float
    """Of the limit's: without compiling."""


OnFound = Callable[[Callable[[], Result], int], None]
"""Told at every look what the best plan costs, cents, and what makes it if it is wanted."""


def unheard(_found: Callable[[], Result], _cost_cents: int) -> None:
    """An OnFound that keeps nothing."""


class _Phase(NamedTuple):
    """A part of the search: when it began, what was over then, the cores, and the seconds for which one searches alone."""

    began: float
    done_before: float
    cores: int
    alone: float

    def work(self, seconds: float) -> float:
        """Seconds of all cores together so long after its begin."""
        return min(seconds, self.alone) + self.cores * max(0.0, seconds - self.alone)

    def done(self, elapsed: float, limit: float) -> float:
        """Share of the whole search that is over, 0 to 1."""
        own = self.work(elapsed - self.began) / max(1e-9, self.work(limit - self.began))
        return self.done_before + (1 - self.done_before) * min(1.0, max(0.0, own))


class Watch:
    """What one call of `solve` has found and how long it may go on."""

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
        self.over = False
        self._phase = _Phase(limits.seconds, 0.0, 1, 0.0)  # not begun

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

    def allowance(self, part: float) -> Callable[[], float]:
        """What is left, seconds, of a share of the whole time that begins now; of all of it where rounds are limited, so that
        equal seeds do equal things.
        """
        until = self.elapsed() + self.share(part if self._limits.rounds is None else 1.0)
        return lambda: until - self.elapsed()

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
            explanation=METHOD + (COUNTED if self.bound.counted > 0 else ""),
            first_plan_seconds=self.first_plan_seconds,
            rounds=self.rounds,
            seconds=self.elapsed(),
        )

    def search_done(self) -> float:
        """Share of the search that is over, 0 to 1: by rounds where they are limited, so that equal seeds do equal things."""
        if self._limits.rounds is not None:
            return self._of_whole(self.rounds / max(1, self._limits.rounds))
        return self._of_whole(self._phase.done(self.elapsed(), self._limits.seconds))

    def search_begins(self, cores: int, *, proving: bool) -> None:
        """From here on so many cores search: one of them while the proof lasts (`proving`), and all after it. What is over of the
        search stays over.
        """
        alone = self.left(PROVE_UNTIL) if proving else 0.0
        done = self._phase.done(self.elapsed(), self._limits.seconds)
        self._phase = _Phase(self.elapsed(), done, cores, alone)

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
