"""What the core is given: rows, an adapter that prices tours, and columns that belong to nobody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from models.roster.columns.rows import Rows
from models.roster.problem import Floats, Ints


@dataclass(frozen=True, eq=False)
class Tour:
    """One way in which a person can work: its own cost, and `amounts` of cover on `rows` (ascending, without repeats).

    `content` is the adapter's own; equal contents of one person are equal tours.
    """

    cost: float
    rows: Ints
    amounts: Floats
    content: bytes


@dataclass(frozen=True, eq=False)
class Priced:
    """Answer of an adapter for one person at some prices. `value` is a proven lower bound of cost - prices @ cover over all
    tours of the person; `tours` are the best found (none when the adapter finds none).
    """

    person: int
    value: float
    tours: tuple[Tour, ...]


class Tours(Protocol):
    """An adapter: knows what persons may do."""

    @property
    def persons(self) -> int: ...

    def price(self, prices: Floats, persons: Ints, most: int = 1) -> list[Priced]:
        """The best tours of every one of `persons` at `prices` (per row), at most `most` each; several are to differ."""
        ...


@dataclass(frozen=True, eq=False)
class Extras:
    """Integer columns that belong to nobody, such as purchases: 0 to `most` units of `cost`, entries as (column, row, amount)."""

    cost: Floats = field(default_factory=lambda: np.zeros(0))
    most: Floats = field(default_factory=lambda: np.zeros(0))
    column: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    row: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    amount: Floats = field(default_factory=lambda: np.zeros(0))

    def __len__(self) -> int:
        return len(self.cost)

    def cover(self, units: Floats, rows: int) -> Floats:
        """Cover on every row of so many units. Shape (rows,)."""
        cover: Floats = np.bincount(self.row, weights=self.amount * units[self.column], minlength=rows).astype(float)
        return cover

    def least(self, prices: Floats) -> float:
        """Their part of the Lagrangian: the least of (cost - prices @ cover) over 0 to `most` units."""
        worth = np.bincount(self.column, weights=self.amount * prices[self.row], minlength=len(self))
        return float(np.minimum(0.0, self.cost - worth) @ self.most)


@dataclass(frozen=True, eq=False)
class Program:
    """Minimise the cost of one tour per person, of extras, and of the rows' cover.

    `unit`: every plan costs a multiple of it (0 when that is not known), which lets a bound be rounded up.
    """

    rows: Rows
    tours: Tours
    extras: Extras = field(default_factory=Extras)
    unit: float = 0.0
