"""Neighbourhoods: free the tours of some persons, of all if need be, keep the others, and solve what is left.

The relaxation of what is left is solved by column generation. Few open persons are left to an integer program over the tours
found. Of more, those are held whose tour the relaxation is surest of, and so on with the rest (diving); an integer
program chooses for the last few, or, where it finds nothing in its time, for the last one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.roster.columns.budget import Budget
from models.roster.columns.generate import Bounded, generate
from models.roster.columns.master import Relaxed, Unsolved
from models.roster.columns.plan import ColumnPlan, whole_plan
from models.roster.columns.pool import Pool
from models.roster.columns.program import Program
from models.roster.columns.rest import Rest, rest_of
from models.roster.columns.restricted import best_choice
from models.roster.problem import Floats, Ints

FEW, LAST = 14, 4
"""Open persons that an integer program is left to choose for: where no more are freed, and at the end of a dive."""

SHARE = 0.25
"""Of the open persons beyond FEW, that are held at a time, one at least: while many are open little is lost, at the end much."""

SURE = 0.999
"""Weight from which on a tour is held whatever the share."""

ROUNDS = 30
"""Most rounds of column generation before each holding. Fewer leave a relaxation that says little: on a published instance of
60 persons, dives of 3, 10 rounds ended 22 %, 6 % above the bound.
"""

MOST_ROUNDS = 100
"""The same before an integer program: more prove more neighbourhoods empty, but the last rounds change little."""

LOSS = 1e-4
"""Share of the cost that a holding may lose without a search for more tours."""

ENRICHING = 10
"""Further tours per open person, at the prices of the bound, for the integer program."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """`plan` when a cheaper one was found; `exhausted` when the neighbourhood provably holds none."""

    plan: ColumnPlan | None
    exhausted: bool


NOTHING = Outcome(None, exhausted=False)


@dataclass(frozen=True, eq=False)
class Diver:
    """Seeks plans cheaper than `plan` in `program`. `missing` is the price of a person without a tour; an integer program takes
    at most `seconds`.
    """

    program: Program
    pool: Pool
    plan: ColumnPlan
    missing: float
    seconds: float
    seed: int
    budget: Budget

    @property
    def target(self) -> float:
        """What a plan must cost to be cheaper."""
        return self.plan.cost - max(self.program.unit, 1e-6 * max(1.0, abs(self.plan.cost)))

    def dive(self, persons: Ints, prices: Floats, relaxed: Relaxed | None = None) -> Outcome:
        """Seek a plan that differs from `plan` in the tours of `persons` (ascending) and in extras alone.

        `prices` choose the tours to begin with. `relaxed` is the relaxation where it is known already.
        """
        rng, chosen, freed = np.random.default_rng(self.seed), self.plan.chosen.copy(), len(persons)
        few, enough = FEW if freed <= FEW else LAST, -np.inf
        try:
            while True:
                rest = rest_of(self.program, self.pool, chosen, persons)
                if relaxed is None or len(persons) <= few:
                    master = rest.master(self.program, self.pool, prices, self.missing)
                    if len(persons) == freed:
                        master.add(self.pool, chosen[persons].tolist())
                    relaxed, bounded = generate(
                        master,
                        self.pool,
                        self.program,
                        persons=persons,
                        rows=rest.rows,
                        bounded=Bounded(-np.inf, prices),
                        ceiling=self.target - rest.cost + 1e-6,
                        gap=0.0 if len(persons) <= few else self.program.unit / 2,
                        enough=enough - rest.cost if len(persons) > few else -np.inf,
                        rounds=MOST_ROUNDS if freed <= FEW else ROUNDS,
                        most=3,
                        budget=self.budget,
                    )
                    if bounded.value > self.target - rest.cost + 1e-6:
                        return Outcome(None, exhausted=len(persons) == freed)
                    if self.budget.over:
                        return NOTHING
                    if len(persons) <= few:
                        whole = len(persons) == freed
                        outcome = self._choose(rest, chosen, bounded, master.indices(), known=whole)
                        # One person's choice is quick even where the time did not do for all of the last.
                        if outcome.plan is not None or whole or len(persons) == 1:
                            return outcome
                value = rest.cost + relaxed.value
                if value > self.target and len(persons) < freed:
                    return NOTHING
                enough = value + LOSS * abs(value)
                persons = self._hold(relaxed, persons, chosen, rng)
                prices, relaxed = relaxed.prices, None
        except Unsolved:
            return NOTHING

    def _hold(self, relaxed: Relaxed, persons: Ints, chosen: Ints, rng: np.random.Generator) -> Ints:
        """Write the surest tours of `persons` into `chosen`; returns the persons left open, one at least."""
        owner = self.pool.persons_of(relaxed.chosen)
        held: set[int] = set()
        least = max(1, round(SHARE * (len(persons) - FEW)))
        for place in np.argsort(-relaxed.weight - rng.uniform(0, 0.05, len(owner)), kind="stable"):
            who = int(owner[place])
            if len(held) == len(persons) - 1:
                break
            if who not in held and (len(held) < least or relaxed.weight[place] >= SURE):
                held.add(who)
                chosen[who] = relaxed.chosen[place]
        return np.array([who for who in persons if int(who) not in held], dtype=np.int64)

    def _choose(self, rest: Rest, chosen: Ints, bounded: Bounded, tours: Ints, *, known: bool) -> Outcome:
        """The best choice among `tours` and more near the bound; `known` when the tours of the plan are one."""
        pool, persons = self.pool, rest.persons
        room = self.target - rest.cost - bounded.value
        more = self.program.tours.price(bounded.prices, persons, ENRICHING)
        tours = np.union1d(tours, [pool.add(answer.person, tour) for answer in more for tour in answer.tours])
        spare, owner = pool.reduced(tours, bounded.prices), pool.persons_of(tours)
        least = np.array([spare[owner == person].min() for person in persons])
        among = tours[spare - least[np.searchsorted(persons, owner)] <= room + 1e-6]
        choice = best_choice(
            rest.rows,
            pool,
            np.union1d(among, chosen[persons]) if known else among,
            self.program.extras,
            persons=persons,
            start=(chosen[persons], self.plan.units) if known else None,
            cutoff=self.plan.cost - rest.cost - 1e-6,
            seconds=self.budget.share(self.seconds),
            seed=self.seed,
        )
        if choice is None:
            return NOTHING
        chosen = chosen.copy()
        chosen[persons] = choice[0]
        plan = whole_plan(self.program, pool, chosen, choice[1])
        # The integer program knows its own cost to its tolerance only.
        return Outcome(plan, exhausted=False) if plan.cost < self.plan.cost - 1e-6 else NOTHING
