"""Neighbourhoods: free the tours of some persons, keep the others, and solve what is left nearly exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.roster.columns.budget import Budget
from models.roster.columns.generate import Bounded, generate
from models.roster.columns.master import Master, OutOfTime
from models.roster.columns.plan import ColumnPlan, whole_plan
from models.roster.columns.pool import Pool
from models.roster.columns.program import Program
from models.roster.columns.restricted import best_choice
from models.roster.problem import Floats, Ints

STARTING = 12
"""Tours per freed person, of least reduced cost, that the small master begins with."""

ENRICHING = 10
"""Further tours per freed person, at the prices of the small bound, for the integer program."""

WHOLE_TOURS = 60
"""Most tours per person in the integer program over all persons."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """`plan` when a cheaper one was found; `exhausted` when the neighbourhood provably holds none."""

    plan: ColumnPlan | None
    exhausted: bool


def improve(
    program: Program,
    pool: Pool,
    plan: ColumnPlan,
    persons: Ints,
    *,
    prices: Floats,
    missing: float,
    seconds: float,
    seed: int,
    budget: Budget,
) -> Outcome:
    """Seek a plan cheaper than `plan` that differs from it in the tours of `persons` and in extras alone.

    Tours are found by column generation for what the others leave; the choice among them is an integer program of at most
    `seconds`. `prices` choose the tours to begin with.
    """
    others = np.delete(plan.chosen, persons)
    rows = program.rows.left_by(pool.cover(others, len(program.rows)))
    held_cost = float(pool.costs_of(others).sum())
    target = plan.cost - max(program.unit, 1e-6 * max(1.0, abs(plan.cost)))
    master = Master(rows, persons, program.extras, missing)
    master.add(pool, plan.chosen[persons].tolist())
    owner, reduced = pool.all_reduced(prices)
    for person in persons:
        mine = np.flatnonzero(owner == person)
        nearest = np.argpartition(reduced[mine], STARTING)[:STARTING] if len(mine) > STARTING else slice(None)
        master.add(pool, mine[nearest].tolist())
    try:
        _, bounded = generate(
            master,
            pool,
            program,
            persons=persons,
            rows=rows,
            bounded=Bounded(-np.inf, prices),
            ceiling=target - held_cost + 1e-6,
            most=3,
            budget=budget,
        )
    except OutOfTime:
        return Outcome(None, exhausted=False)
    room = target - held_cost - bounded.value
    if room < -1e-6:
        return Outcome(None, exhausted=True)
    if budget.over:
        return Outcome(None, exhausted=False)
    more = program.tours.price(bounded.prices, persons, ENRICHING)
    found = [pool.add(answer.person, tour) for answer in more for tour in answer.tours]
    known = np.union1d(master.indices(), found)
    spare = pool.reduced(known, bounded.prices)
    of = pool.persons_of(known)
    least = np.array([spare[of == person].min() for person in persons])
    spare = spare - least[np.searchsorted(persons, of)]
    among = np.union1d(known[spare <= room + 1e-6], plan.chosen[persons])
    choice = best_choice(
        rows,
        pool,
        among,
        program.extras,
        persons=persons,
        start=(plan.chosen[persons], plan.units),
        cutoff=plan.cost - held_cost - 1e-6,
        seconds=budget.share(seconds),
        seed=seed,
    )
    if choice is None:
        return Outcome(None, exhausted=False)
    chosen = plan.chosen.copy()
    chosen[persons] = choice[0]
    return Outcome(whole_plan(program, pool, chosen, choice[1]), exhausted=False)


def improve_among(
    program: Program, pool: Pool, plan: ColumnPlan, bounded: Bounded, *, seconds: float, seed: int
) -> Outcome:
    """Seek a plan cheaper than `plan` among the tours found so far that can be part of one, those nearest at the bound's
    prices first. `bounded` is a bound of the whole program.
    """
    persons = np.arange(program.tours.persons)
    target = plan.cost - max(program.unit, 1e-6 * max(1.0, abs(plan.cost)))
    owner, reduced = pool.all_reduced(bounded.prices)
    least = np.full(len(persons), np.inf)
    np.minimum.at(least, owner, reduced)
    spare = reduced - least[owner]
    room, most = target - bounded.value, WHOLE_TOURS * len(persons)
    if len(spare) > most:
        room = min(room, float(np.partition(spare, most)[most]))
    choice = best_choice(
        program.rows,
        pool,
        np.union1d(np.flatnonzero(spare <= room + 1e-6), plan.chosen),
        program.extras,
        persons=persons,
        start=(plan.chosen, plan.units),
        cutoff=plan.cost - 1e-6,
        seconds=seconds,
        seed=seed,
    )
    return Outcome(None if choice is None else whole_plan(program, pool, *choice), exhausted=False)
