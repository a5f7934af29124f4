"""A first plan at once, and descent: one person after another takes the best tour for what the others leave."""

from __future__ import annotations

import numpy as np

from models.roster.columns.budget import Budget
from models.roster.columns.plan import ColumnPlan, whole_plan
from models.roster.columns.pool import Pool
from models.roster.columns.program import Program
from models.roster.problem import Floats, Ints


def best_responses(
    program: Program, pool: Pool, chosen: Ints, order: Ints, *, budget: Budget, units: Floats | None = None
) -> ColumnPlan:
    """The plan after the persons of `order` have answered once; `chosen[p]` is -1 while person p has no tour.

    The worth of a unit is exact for a person who covers a row at most once, so no answer makes such a plan dearer. Extras
    stay at `units` (0). Persons without a tour always answer; the budget ends the others' turns.
    """
    chosen = chosen.copy()
    cover = pool.cover(chosen[chosen >= 0], len(program.rows))
    if units is not None:
        cover += program.extras.cover(units, len(cover))
    for person in order:
        has = chosen[person] >= 0
        if has and budget.over:
            continue
        without = cover - pool.cover(chosen[[person]], len(cover)) if has else cover
        answer = program.tours.price(program.rows.worth(without), np.array([person]))[0]
        if not answer.tours and not has:
            answer = program.tours.price(np.zeros(len(cover)), np.array([person]))[0]
        if not answer.tours:
            if not has:
                raise ValueError(f"the adapter finds no tour for person {person}")
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
    return whole_plan(program, pool, chosen, units)


def reinserted(program: Program, pool: Pool, plan: ColumnPlan, freed: Ints, *, budget: Budget) -> ColumnPlan:
    """The plan after the persons of `freed` gave up their tours and answered anew, one after another. Needs no linear program,
    so it also serves where one is too slow.
    """
    chosen = plan.chosen.copy()
    chosen[freed] = -1
    return best_responses(program, pool, chosen, freed, budget=budget, units=plan.units)
