"""What is left to decide: some persons are open, the others hold the tours that they have in a plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.roster.columns.master import Master
from models.roster.columns.pool import Pool
from models.roster.columns.program import Program
from models.roster.columns.rows import Rows
from models.roster.problem import Floats, Ints

NEAREST = 20
"""Tours per open person, of least reduced cost, that a master begins with."""


@dataclass(frozen=True, eq=False)
class Rest:
    """`rows` is what the others leave to be covered by the open `persons` (ascending) and extras, `cost` what the others'
    tours cost.
    """

    persons: Ints
    rows: Rows
    cost: float

    def master(self, program: Program, pool: Pool, prices: Floats, missing: float) -> Master:
        """A linear program over the known tours of the open persons that are nearest at `prices`."""
        master = Master(self.rows, self.persons, program.extras, missing)
        master.add(pool, pool.nearest(self.persons, prices, NEAREST).tolist())
        return master


def rest_of(program: Program, pool: Pool, chosen: Ints, persons: Ints) -> Rest:
    """The rest where every person but `persons` holds the tour `chosen[person]` (pool index)."""
    held = np.delete(chosen, persons)
    rows = program.rows.left_by(pool.cover(held, len(program.rows)))
    return Rest(persons, rows, float(pool.costs_of(held).sum()))
