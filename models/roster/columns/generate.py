"""Column generation: linear program and tours take turns until no tour improves it; the Lagrangian proves a bound on the way.

For any prices of the rows, sum over persons of the least (cost - prices @ cover) of a tour + the rows' and the extras' least
is a bound on every plan. Prices are smoothed towards those of the best bound (Wentges 1997; Pessoa et al. 2018), which
damps the swings of the master's degenerate prices.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

import numpy as np

from models.roster.columns.budget import Budget
from models.roster.columns.master import Master, Relaxed, Unsolved
from models.roster.columns.pool import Pool
from models.roster.columns.program import Program
from models.roster.columns.rows import Rows
from models.roster.problem import Floats, Ints

TOLERANCE = 1e-7
"""Relative to the value: reduced costs above minus this improve nothing."""

SMOOTHING = 0.5
"""Share of the best bound's prices in those that tours are priced at, to begin with."""

MOST_TOURS, KEPT_TOURS = 50, 25
"""Tours per person beyond which the master is thinned out, and how many of least reduced cost it keeps."""


@dataclass(eq=False)
class Bounded:
    """Best bound so far and the prices that prove it."""

    value: float
    prices: Floats


def generate(
    master: Master,
    pool: Pool,
    program: Program,
    *,
    persons: Ints,
    rows: Rows,
    bounded: Bounded,
    rounds: int | None = None,
    gap: float = 0.0,
    ceiling: float = np.inf,
    enough: float = -np.inf,
    most: int = 1,
    budget: Budget,
) -> tuple[Relaxed, Bounded]:
    """Find tours of `persons` that improve the master over `rows`. Ends when value - bound <= `gap`, when the value is at most
    `enough`, when the bound reaches `ceiling`, after `rounds` rounds, or when the budget is over. Unsolved when not even one
    linear program was solved.

    `bounded` is where smoothing begins: its value a bound already known of this very program, or minus infinity.
    """
    relaxed = master.solve(budget)
    smoothing = SMOOTHING
    for _ in count() if rounds is None else range(rounds):
        small = TOLERANCE * max(1.0, abs(relaxed.value))
        if relaxed.value - bounded.value <= max(gap, small) or relaxed.value <= enough:
            break
        if bounded.value >= ceiling or budget.over:
            break
        if len(master) > MOST_TOURS * len(persons):
            nearest = pool.nearest(persons, relaxed.prices, KEPT_TOURS)
            master.keep(np.union1d(nearest, relaxed.chosen))
        at = smoothing * bounded.prices + (1 - smoothing) * relaxed.prices
        priced = program.tours.price(at, persons, most)
        value = sum(answer.value for answer in priced) + rows.least(at) + program.extras.least(at)
        new = [pool.add(answer.person, tour) for answer in priced for tour in answer.tours]
        master.add(pool, new)
        reduced = pool.reduced(new, relaxed.prices)
        improves = bool((reduced - relaxed.person_prices[master.places(pool.persons_of(new))] < -small).any())
        if value > bounded.value:
            bounded = Bounded(value, at)
        if improves:
            smoothing = SMOOTHING
            try:
                relaxed = master.solve(budget)
            except Unsolved:
                break
        elif smoothing == 0.0:
            break
        else:
            smoothing = smoothing / 2 if smoothing > 0.1 else 0.0
    return relaxed, bounded


def starting_bound(program: Program, persons: Ints) -> Bounded:
    """The better of two bounds that need no linear program: at the worth of the last and of the next unit where the need is
    met. Prices near these are also where the smoothing does best to begin.
    """
    rows, bounds = program.rows, []
    for at in (rows.worth(rows.need), rows.worth(rows.need - 1.0) * (rows.need > 0)):
        value = sum(answer.value for answer in program.tours.price(at, persons))
        bounds.append(Bounded(value + rows.least(at) + program.extras.least(at), at))
    return max(bounds, key=lambda bounded: bounded.value)
