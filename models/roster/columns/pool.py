"""All tours found so far, as one growing sparse matrix; several threads may add."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.roster.columns.program import Tour
from models.roster.problem import Floats, Ints


class Pool:
    """Tours in the order found; every (person, content) once."""

    def __init__(self) -> None:
        self.tours: list[Tour] = []
        self._lock = Lock()
        self._known: dict[tuple[int, bytes], int] = {}
        self._person = np.zeros(1024, dtype=np.int64)
        self._cost = np.zeros(1024)
        self._first = np.zeros(1025, dtype=np.int64)
        self._row = np.zeros(16384, dtype=np.int64)
        self._amount = np.zeros(16384)

    def __len__(self) -> int:
        return len(self.tours)

    def add(self, person: int, tour: Tour) -> int:
        """The tour's index, new or known."""
        with self._lock:
            known = self._known.get((person, tour.content))
            if known is not None:
                return known
            index, begin = len(self.tours), int(self._first[len(self.tours)])
            end = begin + len(tour.rows)
            if index + 1 >= len(self._person):
                self._person, self._cost = _doubled(self._person), _doubled(self._cost)
                self._first = _doubled(self._first)
            while end > len(self._row):
                self._row, self._amount = _doubled(self._row), _doubled(self._amount)
            self._person[index], self._cost[index], self._first[index + 1] = person, tour.cost, end
            self._row[begin:end], self._amount[begin:end] = tour.rows, tour.amounts
            self.tours.append(tour)
            self._known[person, tour.content] = index
            return index

    def person_of(self, index: int) -> int:
        return int(self._person[index])

    def persons_of(self, chosen: Iterable[int] | Ints) -> Ints:
        return self._person[np.asarray(chosen, dtype=np.int64)]

    def costs_of(self, chosen: Iterable[int] | Ints) -> Floats:
        costs: Floats = self._cost[np.asarray(chosen, dtype=np.int64)]
        return costs

    def reduced(self, chosen: Iterable[int] | Ints, prices: Floats) -> Floats:
        """Cost less the price of the cover, of some tours. Shape (chosen,)."""
        worth = [prices[self.tours[index].rows] @ self.tours[index].amounts for index in chosen]
        reduced: Floats = self.costs_of(chosen) - np.array(worth, dtype=float)
        return reduced

    def all_reduced(self, prices: Floats) -> tuple[Ints, Floats]:
        """(person, cost less the price of the cover) of every tour. Shapes (tours,)."""
        with self._lock:
            count = len(self.tours)
            entries = self._first[count]
            worth = prices[self._row[:entries]] * self._amount[:entries]
            total = np.concatenate(([0.0], np.cumsum(worth)))[self._first[: count + 1]]
            reduced: Floats = self._cost[:count] - np.diff(total)
            return self._person[:count].copy(), reduced

    def covering(self, row: int, count: int) -> Ints:
        """Those of the first `count` tours that cover `row`. Ascending."""
        with self._lock:
            at = np.flatnonzero(self._row[: self._first[count]] == row)
            covering: Ints = np.searchsorted(self._first[1 : count + 1], at, side="right")
            return covering

    def nearest(self, persons: Ints, prices: Floats, most: int) -> Ints:
        """The `most` tours of each of `persons` of least reduced cost. Ascending."""
        owner, reduced = self.all_reduced(prices)
        order = np.lexsort((reduced, owner))
        grouped = owner[order]
        rank = np.arange(len(order)) - np.searchsorted(grouped, grouped)
        return np.sort(order[(rank < most) & np.isin(grouped, persons)])

    def cover(self, chosen: Iterable[int], rows: int) -> Floats:
        """Cover of some tours together. Shape (rows,)."""
        total = np.zeros(rows)
        for index in chosen:
            tour = self.tours[index]
            total[tour.rows] += tour.amounts
        return total


def _doubled(array: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([array, np.zeros_like(array)])
