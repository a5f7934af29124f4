"""What blocks leave to a segment as a function of the capacity they give it together: lines that nothing lies below.

A table of numbers of blocks grows with their product; of the capacity alone there is one function, whatever mix of partners gives
it. It falls, but is not convex, because own agents come whole; the lines bound its convex hull.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from models.roster.problem import Floats, Ints, Problem
from models.roster.segments import Segment
from models.roster.undone import least_cost

STEPS = 5000
"""Capacities at which the function is looked at. It counts as what it is at the end of each step, where it is less: with 1,000
agents 1,000 steps prove 0.1 % less of purchases, 10,000 as much.
"""

LINES = 12
"""Most lines. With 1,000 agents 6 lines prove as much within 1e-5 as 24, in no less time."""


def lines_below(problem: Problem, segment: Segment, price: Floats, lattice: Ints) -> tuple[Floats, Floats]:
    """Lines below the least cents of what own agents do at `price` (per milli agent-slot of each cell) and what stays undone, by
    milli agents that blocks do in every cell of the segment. Returns cents without any, and how fast they fall, both (lines,).
    """
    work = problem.work[segment.items]
    step = -(-int(work.max()) // STEPS)
    capacity = np.arange(0, int(work.max()) + step, step)
    left = np.maximum(0, work - (capacity[:, None] + step))
    cents = least_cost(left, segment.items, price, lattice, problem.undone).sum(axis=1)
    corners = hull(capacity.astype(np.float64), cents)
    at = np.linspace(0, capacity[-1], LINES, endpoint=False)
    edges = np.unique(np.searchsorted(capacity[corners], at, side="right") - 1)
    x, y = capacity[corners].astype(np.float64), cents[corners]
    fall = (y[edges] - y[edges + 1]) / (x[edges + 1] - x[edges])
    return y[edges] + fall * x[edges], fall


@njit(cache=True, nogil=True)
def hull(x: Floats, y: Floats) -> Ints:
    """Corners of the lower convex hull of points in order of x, the first and the last included."""
    kept = np.empty(len(x), dtype=np.int64)
    size = 0
    for point in range(len(x)):
        while size > 1:
            a, b = kept[size - 2], kept[size - 1]
            if (y[b] - y[a]) * (x[point] - x[a]) < (y[point] - y[a]) * (x[b] - x[a]):
                break
            size -= 1
        kept[size] = point
        size += 1
    return kept[:size].copy()
