"""All of it, anytime: a first plan, the relaxation and its bound, dives, then neighbourhoods until the time is up."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from math import ceil, inf, isinf

import numpy as np

from models.roster.columns.budget import UNLIMITED, Budget
from models.roster.columns.dive import dive
from models.roster.columns.generate import Bounded, generate
from models.roster.columns.master import Master, OutOfTime
from models.roster.columns.neighbour import Outcome, improve, improve_among
from models.roster.columns.plan import ColumnPlan
from models.roster.columns.pool import Pool
from models.roster.columns.program import Program, Tour
from models.roster.columns.respond import best_responses, reinserted
from models.roster.problem import Ints

DESCENTS = 4
"""Most turns that everybody takes at answering the others, for the first plan."""

ROOT_SHARE = 0.5
"""Most of the time that the relaxation of the whole program may take."""

DIVES = 2
"""Dives before the neighbourhoods: later ones are seldom cheaper than what neighbourhoods make of the first."""

FIRST_FREED, MOST_FREED = 5.0, 14.0
"""Persons freed at once: to begin with, and at most."""

MIP_SECONDS, WHOLE_SECONDS = 4.0, 10.0
"""Most time of the integer program of one neighbourhood, and of that over all persons."""


@dataclass(frozen=True, eq=False)
class ColumnResult:
    """Best plan: a tour per person, units of extras, its cost, and the proven bound; `rounds` neighbourhoods were searched."""

    tours: tuple[Tour, ...]
    units: tuple[float, ...]
    cost: float
    bound: float
    rounds: int


OnBetter = Callable[[float, float], None]
"""Told (cost, bound) whenever one of them is better."""


def _ignore(_cost: float, _bound: float) -> None:
    """An OnBetter that tells nobody."""


class Solver:
    """One program being solved; `run` may be called once."""

    def __init__(
        self,
        program: Program,
        *,
        seed: int,
        budget: Budget = UNLIMITED,
        on_better: OnBetter = _ignore,
    ) -> None:
        self.program = program
        self.budget = budget
        self.on_better = on_better
        self.pool = Pool()
        self.persons: Ints = np.arange(program.tours.persons)
        self.rng = np.random.default_rng(seed)
        nobody = np.full(len(self.persons), -1)
        self.plan = best_responses(program, self.pool, nobody, self.rng.permutation(self.persons), budget=budget)
        self.bounded = Bounded(-inf, np.zeros(len(program.rows)))
        self.missing = 10.0 * (1.0 + abs(self.plan.cost))
        self.rounds = 0
        self._size = FIRST_FREED
        self._mixed_at = 0

    @property
    def bound(self) -> float:
        """Rounded up to what a plan can cost."""
        unit, value = self.program.unit, self.bounded.value
        return value if unit == 0.0 or isinf(value) else unit * ceil(value / unit - 1e-6)

    @property
    def over(self) -> bool:
        return self.plan.cost <= self.bound + 1e-6 or self.budget.over

    def take(self, plan: ColumnPlan | None) -> None:
        """Keep it if it is cheaper."""
        if plan is not None and plan.cost < self.plan.cost - 1e-6:
            self.plan = plan
            self.on_better(self.plan.cost, self.bound)

    def run(self, *, rounds: int | None = None, workers: int = 1) -> ColumnResult:
        """Solve until the budget is over, the plan is proven, or `rounds` neighbourhoods were searched."""
        self.on_better(self.plan.cost, self.bound)
        self._descend()
        self._relax_and_dive()
        self._neighbourhoods(rounds, workers)
        tours = tuple(self.pool.tours[index] for index in self.plan.chosen)
        return ColumnResult(tours, tuple(self.plan.units), self.plan.cost, min(self.bound, self.plan.cost), self.rounds)

    def _descend(self) -> None:
        for _ in range(DESCENTS):
            before, order = self.plan.cost, self.rng.permutation(self.persons)
            self.take(best_responses(self.program, self.pool, self.plan.chosen, order, budget=self.budget))
            if self.plan.cost >= before or self.over:
                return

    def _relax_and_dive(self) -> None:
        program, pool, total = self.program, self.pool, self.budget.left()
        root = Budget(
            lambda: self.budget.left() - (0.0 if isinf(total) else total * (1 - ROOT_SHARE)), self.budget.stop
        )
        try:
            master = Master(program.rows, self.persons, program.extras, self.missing)
            master.add(pool, range(len(pool)))
            relaxed, self.bounded = generate(
                master, pool, program, persons=self.persons, rows=program.rows, most=4, budget=root
            )
        except OutOfTime:
            return
        self.on_better(self.plan.cost, self.bound)
        for _ in range(DIVES):
            if self.over:
                return
            ceiling = self.plan.cost - max(program.unit, 1e-9)
            self.take(dive(master, pool, program, relaxed, rng=self.rng, ceiling=ceiling, budget=root))

    def _neighbourhoods(self, rounds: int | None, workers: int) -> None:
        """Several at once; one worker gives the same plan for the same seed and rounds."""
        running: set[Future[Outcome]] = set()
        with ThreadPoolExecutor(workers) as threads:
            while not self.over and (rounds is None or self.rounds < rounds):
                while len(running) < workers:
                    running.add(threads.submit(self._next()))
                    self.rounds += 1
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    self._learn(future.result())
            for future in running:
                self.take(future.result().plan)

    def _learn(self, outcome: Outcome) -> None:
        """Free more persons while neighbourhoods are provably empty, fewer when they could not be searched through."""
        self.take(outcome.plan)
        if outcome.exhausted:
            self._size = min(self._size + 0.1, MOST_FREED, len(self.persons))
        elif outcome.plan is None:
            self._size = max(self._size - 0.2, 2.0)

    def _next(self) -> Callable[[], Outcome]:
        """The next neighbourhood: all tours known, when they are many more than the last time, or those of some persons."""
        plan, seed = self.plan, int(self.rng.integers(2**31))
        if len(self.pool) > 2 * self._mixed_at:
            self._mixed_at = len(self.pool)
            return lambda: improve_among(
                self.program, self.pool, plan, self.bounded, seconds=self.budget.share(WHOLE_SECONDS), seed=seed
            )
        if self.rounds % 2:
            freed = self._choose(round(self._size))
            return lambda: improve(
                self.program,
                self.pool,
                plan,
                freed,
                prices=self.bounded.prices,
                missing=self.missing,
                seconds=MIP_SECONDS,
                seed=seed,
                budget=self.budget,
            )
        freed = self.rng.permutation(self._choose(round(self._size)))
        return lambda: Outcome(reinserted(self.program, self.pool, plan, freed, budget=self.budget), exhausted=False)

    def _choose(self, size: int) -> Ints:
        """Persons to free: those whose tour is far from the best at the bound's prices are likelier."""
        owner, reduced = self.pool.all_reduced(self.bounded.prices)
        least = np.full(len(self.persons), inf)
        np.minimum.at(least, owner, reduced)
        regret = reduced[self.plan.chosen] - least
        chance = regret + regret.mean() + 1e-9
        size = min(size, len(self.persons))
        return np.sort(self.rng.choice(self.persons, size, replace=False, p=chance / chance.sum()))
