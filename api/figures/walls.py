"""Wall times that a chart can carry: plotly.js draws wall time and ignores offsets, so axes get explicit naive walls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wfm.clock import Grid


@dataclass(frozen=True, eq=False)
class WallAxis:
    """The distinct wall times of a grid, ascending, and the `position` of every slot among them, shape (slots,).

    On the day on which a clock goes back an hour occurs twice: both slots share one position. A skipped hour has none.
    """

    walls: list[datetime]
    position: NDArray[np.int64]

    @classmethod
    def of(cls, grid: Grid, tz: ZoneInfo) -> WallAxis:
        by_slot = grid.walls(tz)
        walls = sorted(set(by_slot))
        index = {wall: place for place, wall in enumerate(walls)}
        return cls(walls, np.array([index[wall] for wall in by_slot], dtype=np.int64))

    def mean(self, values: ArrayLike) -> NDArray[np.float64]:
        """A level per slot as one per wall time: the mean where a wall time occurs twice. Shape (walls,)."""
        sums = np.bincount(self.position, weights=np.asarray(values, dtype=float), minlength=len(self.walls))
        return np.asarray(sums / np.bincount(self.position, minlength=len(self.walls)), dtype=float)

    @property
    def labels(self) -> list[str]:
        return [f"{wall:%Y-%m-%d %H:%M}" for wall in self.walls]
