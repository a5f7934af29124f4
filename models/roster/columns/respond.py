"""A first plan at once, and descent: one person after another takes the best tour for what the others leave."""

from __future__ import annotations

import numpy as np

from models.roster.columns.budget import Budget
from models.roster.columns.plan import ColumnPlan, whole_plan
from models.roster.columns.pool import Pool
from models.roster.columns.program import Program, Tour
from models.roster.problem import Ints

ONE_MORE = 0.5
"""Chance of one person more in a move of the walk: mostly one or two move. One alone at little noise is never dearer, and many
such moves of equal worth cross plains. Exchanges of several nearly all fail: from a published roster one quarter above its
optimum walks that moved one to four alike kept 7 % of their moves.
"""

LEAST_NOISE, MOST_NOISE = 0.05, 30.0
"""Spread of the noise on a move's prices, in the money of the program, drawn anew for each: a little finds other tours of like
worth, much finds tours that pay only once the next persons have answered.
"""


def best_responses(program: Program, pool: Pool, chosen: Ints, order: Ints, *, budget: Budget) -> ColumnPlan:
    """The plan after the persons of `order` have answered once; `chosen[p]` is -1 while person p has no tour.

    The worth of a unit is exact for a person who covers a row at most once, so no answer makes such a plan dearer. Extras
    are left at 0. Persons without a tour always answer; the budget ends the others' turns.
    """
    chosen = chosen.copy()
    cover = pool.cover(chosen[chosen >= 0], len(program.rows))
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
    return whole_plan(program, pool, chosen)


def wander(
    program: Program, pool: Pool, plan: ColumnPlan, *, moves: int, heat: float, rng: np.random.Generator, budget: Budget
) -> ColumnPlan:
    """The best plan met on a walk from `plan`: a few persons give up their tours and answer anew, one after another; what is
    dearer is kept with a chance that falls with its cost over `heat` (Metropolis). Of plans that cost the same the last counts.
    Needs no linear program, so it also serves where one is too slow. Extras stay.
    """
    rows, persons = program.rows, np.arange(program.tours.persons)
    tours = [pool.tours[index] for index in plan.chosen]
    cover = pool.cover(plan.chosen, len(rows)) + program.extras.cover(plan.units, len(rows))
    cost = best_cost = plan.cost
    best: list[Tour] | None = None
    for _ in range(moves):
        if budget.over:
            break
        freed = rng.choice(persons, min(int(rng.geometric(1 - ONE_MORE)), len(persons)), replace=False)
        spread = np.exp(rng.uniform(np.log(LEAST_NOISE), np.log(MOST_NOISE)))
        noise = rng.normal(0.0, spread, len(rows))
        others, changed, own = cover.copy(), {}, 0.0
        for person in freed:
            others[tours[person].rows] -= tours[person].amounts
        after = others.copy()
        for person in freed:
            answer = program.tours.price(rows.worth(after) + noise, np.array([person]))[0]
            tour = answer.tours[0] if answer.tours else tours[person]
            after[tour.rows] += tour.amounts
            own += tour.cost - tours[person].cost
            changed[person] = tour
        dearer = own + rows.cost(after) - rows.cost(cover)
        if dearer < heat * rng.exponential():
            cover, cost = after, cost + dearer
            for person, tour in changed.items():
                tours[person] = tour
            if cost < best_cost + 1e-6:
                best, best_cost = list(tours), cost
    if best is None:
        return plan
    return whole_plan(program, pool, np.array([pool.add(who, tour) for who, tour in enumerate(best)]), plan.units)
