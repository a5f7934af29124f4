"""All of it, anytime: a first plan, the relaxation and its bound, a dive, then neighbourhoods until the time is up."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from math import ceil, inf, isinf, sqrt
from threading import Lock

import numpy as np

from models.roster.columns.aim import choose_freed
from models.roster.columns.budget import UNLIMITED, Budget
from models.roster.columns.dive import FEW, NOTHING, Diver, Outcome
from models.roster.columns.generate import Bounded, generate, starting_bound
from models.roster.columns.master import Relaxed, Unsolved
from models.roster.columns.plan import ColumnPlan
from models.roster.columns.pool import Pool
from models.roster.columns.program import Program, Tour
from models.roster.columns.respond import best_responses, wander
from models.roster.columns.rest import Rest
from models.roster.problem import Ints

DESCENTS = 4
"""Most turns that everybody takes at answering the others, for the first plan."""

ROOT_SHARE = 0.5
"""Most of the time that the relaxation of the whole program and the dive from it may take when nobody else searches."""

LEAST_FREED = 3
"""Fewest persons freed at once where an integer program chooses for all of them; FEW at most."""

MOVES, HEAT = 60, 0.001
"""Moves of one walk, and how much dearer than the plan, as a share of its cost, a step of it may well be."""

MIP_SECONDS = 4.0
"""Most time of one integer program."""


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
        # Where all persons fit in a neighbourhood of few, a dive is one of those.
        kinds = ("walk", "few", "dive") if len(self.persons) > FEW else ("walk", "few")
        self._spent = dict.fromkeys(kinds, 0.0)
        self._lock = Lock()
        self._relaxed: Relaxed | None = None
        self._dived = False
        self._pace = 0.0

    @property
    def bound(self) -> float:
        """Rounded up to what a plan can cost."""
        unit, value = self.program.unit, self.bounded.value
        return value if unit == 0.0 or isinf(value) else unit * ceil(value / unit - 1e-6)

    @property
    def over(self) -> bool:
        return self.plan.cost <= self.bound + 1e-6 or self.budget.over

    def take(self, plan: ColumnPlan | None) -> None:
        """Keep it if it is no dearer: walks go on from where they led, and cross plains that one alone does not."""
        with self._lock:
            if plan is not None and plan.cost < self.plan.cost + 1e-6:
                before, self.plan = self.plan.cost, plan
                if plan.cost < before - 1e-6:
                    self.on_better(self.plan.cost, self.bound)

    def run(self, *, rounds: int | None = None, workers: int = 1) -> ColumnResult:
        """Solve until the budget is over, the plan is proven, or `rounds` neighbourhoods were searched.

        The relaxation is solved by one worker while the others already search. One worker alone gives the same plan for the
        same seed and rounds, where the budget has no clock.
        """
        self.on_better(self.plan.cost, self.bound)
        self._descend()
        running: set[Future[Outcome]] = set()
        with ThreadPoolExecutor(workers) as threads:
            running.add(threads.submit(self._relax_and_dive, 1.0 if workers > 1 else ROOT_SHARE))
            while running:
                finished, running = (
                    wait(running, return_when=FIRST_COMPLETED) if len(running) == workers else (set(), running)
                )
                for future in finished:
                    self.take(future.result().plan)
                if not self.over and (rounds is None or self.rounds < rounds):
                    running.add(threads.submit(self._timed, *self._next()))
                    self.rounds += 1
                elif not finished:
                    finished, running = wait(running)
                    for future in finished:
                        self.take(future.result().plan)
        tours = tuple(self.pool.tours[index] for index in self.plan.chosen)
        return ColumnResult(tours, tuple(self.plan.units), self.plan.cost, min(self.bound, self.plan.cost), self.rounds)

    def _descend(self) -> None:
        for _ in range(DESCENTS):
            before, order = self.plan.cost, self.rng.permutation(self.persons)
            self.take(best_responses(self.program, self.pool, self.plan.chosen, order, budget=self.budget))
            if self.plan.cost >= before or self.over:
                return

    def _relax_and_dive(self, share: float) -> Outcome:
        total = self.budget.left()
        rest = 0.0 if isinf(total) else total * (1 - share)
        budget = Budget(lambda: self.budget.left() - rest, self.budget.stop)
        try:
            relaxed = self._relax(budget)
        except Unsolved:
            return NOTHING
        self._relaxed = relaxed
        self.on_better(self.plan.cost, self.bound)
        return NOTHING if self.over else self._dive(self.persons, self._diver(0, budget))

    def _relax(self, budget: Budget) -> Relaxed:
        """The relaxation of the whole program, as far as the budget lasts; keeps its bound."""
        program, pool = self.program, self.pool
        self.bounded = starting_bound(program, self.persons)
        self.on_better(self.plan.cost, self.bound)
        master = Rest(self.persons, program.rows, 0.0).master(program, pool, self.bounded.prices, self.missing)
        relaxed, self.bounded = generate(
            master,
            pool,
            program,
            persons=self.persons,
            rows=program.rows,
            bounded=self.bounded,
            most=4,
            budget=budget,
        )
        return relaxed

    def _diver(self, seed: int, budget: Budget) -> Diver:
        return Diver(self.program, self.pool, self.plan, self.missing, MIP_SECONDS, seed, budget)

    def _dive(self, freed: Ints, diver: Diver) -> Outcome:
        """Dive, from the relaxation of the whole program where all are freed, and learn how long that takes."""
        left, everybody = self.budget.left(), len(freed) == len(self.persons)
        outcome = diver.dive(freed, self.bounded.prices, self._relaxed if everybody else None)
        self._dived |= everybody
        if not isinf(left):
            self._pace = max(self._pace, (left - self.budget.left()) / len(freed) ** 2)
        return outcome

    def _timed(self, kind: str, search: Callable[[], Outcome]) -> Outcome:
        left = self.budget.left()
        outcome = search()
        if not isinf(left):
            self._spent[kind] += left - self.budget.left()
        return outcome

    def _next(self) -> tuple[str, Callable[[], Outcome]]:
        """The next search: walks, neighbourhoods of few persons and dives of more get the same time, or take turns where there is
        no clock. Time by what each has won would leave it all to walks: they win often, and at first.
        """
        plan, rng = self.plan, np.random.default_rng(int(self.rng.integers(2**31)))
        kinds = list(self._spent)
        spent = list(self._spent.values())
        left = self.budget.left()
        kind = kinds[self.rounds % len(kinds) if isinf(left) else int(np.argmin(spent))]
        if kind == "walk" or self._relaxed is None:
            heat = HEAT * abs(plan.cost)
            return "walk", lambda: Outcome(
                wander(self.program, self.pool, plan, moves=MOVES, heat=heat, rng=rng, budget=self.budget),
                exhausted=False,
            )
        size = self._dive_size(left, rng) if kind == "dive" else 0
        size = size or int(rng.integers(LEAST_FREED, FEW + 1))
        freed = choose_freed(self.program, self.pool, plan, self.bounded.prices, size, rng)
        diver = self._diver(int(rng.integers(2**31)), self.budget)
        return kind, lambda: self._dive(freed, diver) if size > FEW else diver.dive(freed, self.bounded.prices)

    def _dive_size(self, left: float, rng: np.random.Generator) -> int:
        """Persons of the next dive: all until one of all has ended, for the first plans are too poor to hold on to, and every
        second time from then on; 0 where the time left is too short for any.
        """
        everybody = len(self.persons)
        most = everybody if self._pace == 0.0 or isinf(left) else min(everybody, int(sqrt(left / self._pace)))
        if most == everybody and (not self._dived or rng.random() < 0.5):
            return everybody
        return int(rng.integers(FEW + 1, most + 1)) if most > FEW else 0
