"""A first plan at once, and descent: one person after another takes the best tour for what the others leave."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from models.roster.columns.plan import ColumnPlan, whole_plan
from models.roster.columns.pool import Pool
from models.roster.columns.program import Program
from models.roster.problem import Ints


def best_responses(program: Program, pool: Pool, chosen: Ints, order: Ints, *, stop: Callable[[], bool]) -> ColumnPlan:
    """The plan after the persons of `order` have answered once; `chosen[p]` is -1 while person p has no tour.

    The worth of a unit is exact for a person who covers a row at most once, so no answer makes such a plan dearer. Extras are
    left at 0. Persons without a tour always answer; `stop` ends the others' turns.
    """
    chosen = chosen.copy()
    cover = pool.cover(chosen[chosen >= 0], len(program.rows))
    for person in order:
        has = chosen[person] >= 0
        if has and stop():
            continue
        without = cover - pool.cover(chosen[[person]], len(cover)) if has else cover
        answer = program.tours.price(program.rows.worth(without), np.array([person]))[0]
        if not answer.tours:
            continue
        index = pool.add(int(person), answer.tours[0])
        if has:
            old, new = (
                float(pool.costs_of([i])[0]) + program.rows.cost(without + pool.cover([i], len(cover)))
                for i in (int(chosen[person]), index)
            )
            if new >= old:
                continue
        chosen[person] = index
        cover = without + pool.cover([index], len(cover))
    return whole_plan(program, pool, chosen)
