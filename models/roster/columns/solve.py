"""All of it, anytime: a first plan, the relaxation and its bound, dives, then neighbourhoods until the time is up."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from math import ceil

import numpy as np

from models.roster.columns.dive import dive
from models.roster.columns.generate import Bounded, generate
from models.roster.columns.master import Master
from models.roster.columns.neighbour import Outcome, improve
from models.roster.columns.plan import ColumnPlan, whole_plan
from models.roster.columns.pool import Pool
from models.roster.columns.program import Program, Tour
from models.roster.columns.respond import best_responses
from models.roster.columns.restricted import best_choice
from models.roster.problem import Ints
from wfm.progress import Stop, never

FIRST_FREED, MOST_FREED = 5, 14
"""Persons freed at once: to begin with, and at most."""

MIP_SECONDS = 4.0
"""Most time for the integer program of one neighbourhood."""

WHOLE_SECONDS, WHOLE_TOURS = 10.0, 60
"""Most time of the integer program over all persons, and most tours per person in it."""

DIVES = 2
"""Dives before the neighbourhoods: later ones are seldom cheaper than what neighbourhoods make of the first."""


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


class Solver:
    """One program being solved; `run` may be called once."""

    def __init__(self, program: Program, *, seed: int, stop: Stop = never, on_better: OnBetter | None = None) -> None:
        self.program = program
        self.pool = Pool()
        self.persons: Ints = np.arange(program.tours.persons)
        self.rng = np.random.default_rng(seed)
        self.stop = stop
        self.on_better = on_better or (lambda _cost, _bound: None)
        self.plan = best_responses(
            program, self.pool, np.full(len(self.persons), -1), self.rng.permutation(self.persons), stop=stop
        )
        self.bounded = Bounded(-np.inf, np.zeros(len(program.rows)))
        self.missing = 10.0 * (1.0 + abs(self.plan.cost))
        self.rounds = 0

    @property
    def bound(self) -> float:
        """Rounded up to what a plan can cost."""
        unit, value = self.program.unit, self.bounded.value
        if unit == 0.0 or not np.isfinite(value):
            return value
        return unit * ceil(value / unit - 1e-6)

    @property
    def done(self) -> bool:
        return self.plan.cost <= self.bound + 1e-6

    def take(self, plan: ColumnPlan | None) -> None:
        """Keep it if it is cheaper."""
        if plan is not None and plan.cost < self.plan.cost - 1e-6:
            self.plan = plan
            self.on_better(self.plan.cost, self.bound)

    def run(self, *, rounds: int | None = None, workers: int = 1) -> ColumnResult:
        """Solve until `stop`, proof, or `rounds` neighbourhoods."""
        self.on_better(self.plan.cost, self.bound)
        self._relax_and_dive()
        self._neighbourhoods(rounds, workers)
        tours = tuple(self.pool.tours[index] for index in self.plan.chosen)
        return ColumnResult(tours, tuple(self.plan.units), self.plan.cost, min(self.bound, self.plan.cost), self.rounds)

    def _relax_and_dive(self) -> None:
        program, pool = self.program, self.pool
        master = Master(program.rows, self.persons, program.extras, self.missing)
        master.add(pool, range(len(pool)))
        relaxed, self.bounded = generate(
            master, pool, program, persons=self.persons, rows=program.rows, most=4, stop=self.stop
        )
        self.on_better(self.plan.cost, self.bound)
        for _ in range(DIVES):
            if self.done or self.stop():
                return
            ceiling = self.plan.cost - max(program.unit, 1e-9)
            self.take(
                dive(master, pool, program, relaxed, rng=self.rng, ceiling=ceiling, seconds=MIP_SECONDS, stop=self.stop)
            )

    def _neighbourhoods(self, rounds: int | None, workers: int) -> None:
        """Several at once; one worker gives the same plan for the same seed and rounds."""
        size = float(FIRST_FREED)
        running: set[Future[Outcome]] = set()
        seen = 0
        with ThreadPoolExecutor(workers) as pool:
            while not (self.done or self.stop()) and (rounds is None or self.rounds < rounds):
                while len(running) < workers:
                    if len(self.pool) > 2 * seen:
                        seen = len(self.pool)
                        running.add(pool.submit(self._restricted, self.plan))
                    else:
                        running.add(pool.submit(self._improve, self._choose(round(size)), self.plan))
                    self.rounds += 1
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    outcome = future.result()
                    self.take(outcome.plan)
                    if outcome.exhausted:
                        size = min(size + 0.1, MOST_FREED, len(self.persons))
                    elif outcome.plan is None:
                        size = max(size - 0.2, 2.0)
            for future in running:
                self.take(future.result().plan)

    def _improve(self, persons: Ints, plan: ColumnPlan) -> Outcome:
        return improve(
            self.program,
            self.pool,
            plan,
            persons,
            prices=self.bounded.prices,
            missing=self.missing,
            seconds=MIP_SECONDS,
            seed=0,
            stop=self.stop,
        )

    def _restricted(self, plan: ColumnPlan) -> Outcome:
        """The integer program over all persons, among the tours that can be part of a cheaper plan, nearest first."""
        target = plan.cost - max(self.program.unit, 1e-9)
        owner, reduced = self.pool.all_reduced(self.bounded.prices)
        least = np.full(len(self.persons), np.inf)
        np.minimum.at(least, owner, reduced)
        spare = reduced - least[owner]
        most = WHOLE_TOURS * len(self.persons)
        room = target - self.bounded.value
        if len(spare) > most:
            room = min(room, float(np.partition(spare, most)[most]))
        choice = best_choice(
            self.program.rows,
            self.pool,
            np.union1d(np.flatnonzero(spare <= room + 1e-6), plan.chosen),
            self.program.extras,
            persons=self.persons,
            start=(plan.chosen, plan.units),
            cutoff=plan.cost - 1e-6,
            seconds=WHOLE_SECONDS,
            seed=0,
        )
        return Outcome(None if choice is None else whole_plan(self.program, self.pool, *choice), exhausted=False)

    def _choose(self, size: int) -> Ints:
        """Persons to free: those whose tour is far from the best at the bound's prices are likelier."""
        size = min(size, len(self.persons))
        owner, reduced = self.pool.all_reduced(self.bounded.prices)
        least = np.full(len(self.persons), np.inf)
        np.minimum.at(least, owner, reduced)
        regret = reduced[self.plan.chosen] - least
        chance = regret + regret.mean() + 1e-9
        return np.sort(self.rng.choice(self.persons, size, replace=False, p=chance / chance.sum()))
