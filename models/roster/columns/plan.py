"""A whole answer: one tour per person and whole units of extras."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.roster.columns.pool import Pool
from models.roster.columns.program import Program
from models.roster.problem import Floats, Ints


@dataclass(frozen=True, eq=False)
class ColumnPlan:
    """`chosen[p]` is the pool index of the tour of person p; `units` whole units of extras; cost in the program's money."""

    chosen: Ints
    units: Floats
    cost: float


def whole_plan(program: Program, pool: Pool, chosen: Ints, units: Floats | None = None) -> ColumnPlan:
    """The plan with its cost."""
    units = np.zeros(len(program.extras)) if units is None else units
    cover = pool.cover(chosen, len(program.rows)) + program.extras.cover(units, len(program.rows))
    cost = float(pool.costs_of(chosen).sum()) + float(program.extras.cost @ units) + program.rows.cost(cover)
    return ColumnPlan(chosen, units, cost)
