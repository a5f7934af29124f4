"""Rows of cover and what missing or exceeding them costs: a convex, piecewise-linear function of the cover per row."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from models.roster.problem import Floats, Ints


@dataclass(frozen=True, eq=False)
class Steps:
    """Segments of cost on one side of the need: `width` units of row `row` at `slope` a unit.

    Sorted by row; within a row in the order met when moving away from the need, slopes not falling (convexity). Every row that
    has segments ends with a wide enough one: beyond them nothing is counted.
    """

    row: Ints
    width: Floats
    slope: Floats

    def __post_init__(self) -> None:
        same = self.row[1:] == self.row[:-1]
        if (np.diff(self.row) < 0).any() or (np.diff(self.slope)[same] < 0).any():
            raise ValueError("steps must be sorted by row, and their slopes must not fall within a row")

    def before(self) -> Floats:
        """Widths of the earlier steps of the same row."""
        total = np.cumsum(self.width) - self.width
        first = np.searchsorted(self.row, self.row)
        return total - total[first] if len(total) else total

    @staticmethod
    def flat(slope: Floats, width: float) -> Steps:
        """One step per row."""
        return Steps(np.arange(len(slope)), np.full(len(slope), width), np.asarray(slope, dtype=float))


@dataclass(frozen=True, eq=False)
class Rows:
    """Cost of row r at cover x: the steps of `under` filled by need - x when positive, those of `over` by x - need."""

    need: Floats
    under: Steps
    over: Steps

    def __len__(self) -> int:
        return len(self.need)

    def costs(self, cover: Floats) -> Floats:
        """Cost per row. Shape (rows,)."""
        gap = self.need - cover
        total = np.zeros(len(self.need))
        for steps, side in ((self.under, gap), (self.over, -gap)):
            filled = np.clip(side[steps.row] - steps.before(), 0.0, steps.width)
            total += np.bincount(steps.row, weights=filled * steps.slope, minlength=len(total))
        return total

    def cost(self, cover: Floats) -> float:
        return float(self.costs(cover).sum())

    def worth(self, cover: Floats) -> Floats:
        """What one more unit of cover saves on each row (negative where it costs)."""
        return self.costs(cover) - self.costs(cover + 1.0)

    def leasts(self, prices: Floats) -> Floats:
        """Per row, the least of cost(x) + price x over all x within the steps: the rows' part of the Lagrangian."""
        total: Floats = prices * self.need
        for steps, sign in ((self.under, -1.0), (self.over, 1.0)):
            least = np.minimum(0.0, steps.slope + sign * prices[steps.row]) * steps.width
            total += np.bincount(steps.row, weights=least, minlength=len(total))
        return total

    def least(self, prices: Floats) -> float:
        """Sum of `leasts`."""
        return float(self.leasts(prices).sum())

    def losses(self, cover: Floats, prices: Floats) -> Floats:
        """Per row, how far cost(cover) + price cover lies above its least. Shape (rows,)."""
        return np.maximum(0.0, self.costs(cover) + prices * cover - self.leasts(prices))

    def left_by(self, cover: Floats) -> Rows:
        """The same rows for those who are added to a fixed cover."""
        return replace(self, need=self.need - cover)
