"""What the global boosting member may know of a series at an origin about a later day. Nothing in it depends on volume units,
so one model can learn from queues of any size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.forecast.kernels import decayed_sums
from models.forecast.series import Cleaned, Days, Floats, weekdays

Index = NDArray[np.int64]
LEVEL_HALF_LIVES = (4.0, 10.0, 30.0, 90.0)
SHAPE_HALF_LIFE_DAYS = 42.0
PSEUDO_DAYS = 0.5
"""A weekday's factor leans on 1 as if so many more days had been seen."""
YEARLY_AFTER_DAYS = 500
"""A season seen once cannot be told from a trend: the time of year is withheld from shorter series."""
YEAR = 364
"""Whole weeks, so that weekdays meet."""


@dataclass(frozen=True, eq=False)
class Past:
    """One series by day from its `first` on. `levels[k]` and `shape` as known before each day: shapes (n + 1,) for each half-life
    of LEVEL_HALF_LIVES, and (n + 1, 7). `volume`, `usual`: cumulative sums of cleaned volume and of weekday factors.
    """

    first: np.datetime64
    size: int
    levels: Floats
    shape: Floats
    volume: Floats
    usual: Floats

    @classmethod
    def of(cls, history: Cleaned) -> Past:
        first = history.days[0]
        size = int((history.end - first).astype(np.int64))
        known, y = np.zeros(size), np.zeros(size)
        where = (history.days - first).astype(np.int64)
        known[where] = history.normal
        y[where] = history.y * history.normal
        weekday = weekdays(first + np.arange(size))
        one_hot = np.eye(7)[weekday]
        sums = decayed_sums(y[:, None] * one_hot, SHAPE_HALF_LIFE_DAYS)
        counts = decayed_sums(known[:, None] * one_hot, SHAPE_HALF_LIFE_DAYS)
        mean = np.maximum(sums.sum(axis=1) / np.maximum(counts.sum(axis=1), 1e-9), 1e-9)[:, None]
        shape = (sums + PSEUDO_DAYS * mean) / (counts + PSEUDO_DAYS) / mean
        factor = shape[np.arange(size), weekday] * known
        levels = []
        for half_life in LEVEL_HALF_LIVES:
            both = decayed_sums(np.column_stack([y, factor]), half_life)
            levels.append(both[:, 0] / np.maximum(both[:, 1], 1e-9))
        usual = np.append(0.0, np.cumsum(shape[-1][weekday] * known))
        return cls(first, size, np.array(levels), shape, np.append(0.0, np.cumsum(y)), usual)

    def baseline(self, origin: Index, day: Index) -> Floats:
        """Recent level x weekday shape, as known before `origin`, of each `day` (both counted from `first`). Shape (rows,)."""
        return np.asarray(self.level(origin) * self._factor(origin, day))

    def features(self, origin: Index, day: Index, days: Days, group: Index, factors: Floats) -> Floats:
        """One row per pair of origin and day. `days`: the dates of `day`, `group` and `factors` what the calendar says of them.
        Shape (rows, features); NaN where history does not reach.
        """
        year_day = (days - days.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.float64)
        level = self.level(origin)
        back = origin - YEAR
        last_year = self.mean(back - 28, back)
        logs = [
            self.levels[0][origin] / level,
            self.levels[1][origin] / level,
            self.levels[3][origin] / level,
            self.mean(day - YEAR - 7, day - YEAR + 8) / last_year,
            self.mean(origin - 28, origin) / last_year,
            factors,
            self._factor(origin, day),
            1 + level,
        ]
        return np.column_stack(
            [
                day - origin + 1,
                weekdays(days),
                year_day if self.size > YEARLY_AFTER_DAYS else np.full(len(day), np.nan),
                group,
                *(np.log(np.clip(column, 1e-3, None)) for column in logs),
            ]
        )

    def level(self, origin: Index) -> Floats:
        """Recent level, weekdays taken out, as known before `origin`. Shape (rows,)."""
        return np.asarray((self.levels[1][origin] + self.levels[2][origin]) / 2 + 1e-9)

    def _factor(self, origin: Index, day: Index) -> Floats:
        return np.asarray(self.shape[origin, weekdays(self.first + day)])

    def mean(self, start: Index, end: Index) -> Floats:
        """Level over the days from `start` to before `end`; NaN where they are not all in the past or hardly known."""
        inside = (start >= 0) & (end <= self.size)
        start, end = np.clip(start, 0, self.size), np.clip(end, 0, self.size)
        volume, usual = self.volume[end] - self.volume[start], self.usual[end] - self.usual[start]
        mean = np.divide(volume, usual, out=np.full(len(start), np.nan), where=inside & (usual > 2))
        return np.where(mean > 0, mean, np.nan)
