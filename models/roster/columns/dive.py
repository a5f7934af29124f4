"""Diving: fix the tours that the relaxation is surest of, find tours for the others, and so on to a whole plan."""

from __future__ import annotations

import numpy as np

from models.roster.columns.budget import Budget
from models.roster.columns.generate import Bounded, generate
from models.roster.columns.master import Master, OutOfTime, Relaxed
from models.roster.columns.plan import ColumnPlan, whole_plan
from models.roster.columns.pool import Pool
from models.roster.columns.program import Program
from models.roster.columns.restricted import best_choice
from models.roster.problem import Ints

ROUNDS = 3
"""Rounds of column generation between two fixings: the relaxation need not be solved out there."""

EXTRAS_SECONDS = 5.0
"""Most time for choosing the extras once all tours are fixed."""


def dive(
    master: Master,
    pool: Pool,
    program: Program,
    relaxed: Relaxed,
    *,
    share: float,
    rng: np.random.Generator,
    ceiling: float,
    budget: Budget,
) -> ColumnPlan | None:
    """A plan of all persons, or None when it cannot cost less than `ceiling` or when the budget is over.
    `share` of the open persons, one at least, are fixed at a time.

    The master, of all persons, is left as it was found, with more tours.
    """
    held: dict[int, int] = {}
    try:
        while len(held) < len(master.persons):
            person = pool.persons_of(relaxed.chosen)
            fresh = np.array([int(who) not in held for who in person])
            order = np.argsort(-(relaxed.weight + rng.uniform(0, 0.05, len(fresh)))[fresh], kind="stable")
            left = len(master.persons) - len(held)
            fixed = 0
            for index in relaxed.chosen[fresh][order]:
                who = pool.person_of(int(index))
                if who not in held and fixed < max(1, round(share * left)):
                    held[who] = int(index)
                    master.hold(int(index), 1.0)
                    fixed += 1
            tours = np.array(list(held.values()))
            rows = program.rows.left_by(pool.cover(tours, len(program.rows)))
            open_persons = np.array([who for who in master.persons if int(who) not in held], dtype=np.int64)
            cost = float(pool.costs_of(tours).sum())
            if len(open_persons):
                relaxed, bounded = generate(
                    master,
                    pool,
                    program,
                    persons=open_persons,
                    rows=rows,
                    held_cost=cost,
                    bounded=Bounded(-np.inf, relaxed.prices),
                    rounds=ROUNDS,
                    most=2,
                    budget=budget,
                )
                if bounded.value >= ceiling or budget.over:
                    return None
        return _with_extras(program, pool, np.array([held[int(who)] for who in master.persons]), budget)
    except OutOfTime:
        return None
    finally:
        for index in held.values():
            master.hold(index, 0.0)


def _with_extras(program: Program, pool: Pool, chosen: Ints, budget: Budget) -> ColumnPlan | None:
    """The best extras for these tours."""
    if not len(program.extras):
        return whole_plan(program, pool, chosen)
    rows = program.rows.left_by(pool.cover(chosen, len(program.rows)))
    nobody = np.zeros(0, dtype=np.int64)
    choice = best_choice(
        rows,
        pool,
        nobody,
        program.extras,
        persons=nobody,
        start=None,
        cutoff=np.inf,
        seconds=budget.share(EXTRAS_SECONDS),
        seed=0,
    )
    return None if choice is None else whole_plan(program, pool, chosen, choice[1])
