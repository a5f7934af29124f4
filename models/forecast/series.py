"""A contact history as a table of days x slots in naive wall time, and the daily totals that models learn from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Days = NDArray[np.datetime64]
"""Calendar days, dtype datetime64[D]."""
Walls = NDArray[np.datetime64]
"""Naive wall times of interval starts, dtype datetime64[m]."""


def weekdays(days: Days) -> NDArray[np.int64]:
    """0 for Monday to 6 for Sunday. 1970-01-01, day 0, was a Thursday."""
    return (days.astype(np.int64) + 3) % 7


def interval_minutes(walls: Walls) -> int:
    """Length of the intervals that start at `walls`: the largest that divides the day and every step between them."""
    if not len(walls):
        return 24 * 60
    return int(np.gcd.reduce((walls - walls.min()).astype("timedelta64[m]").astype(np.int64), initial=24 * 60))


def by_series(history: pd.DataFrame) -> Iterator[tuple[str, Walls, Floats]]:
    """Name, interval starts (ascending) and values of each series of a tidy history, by name; without grouping by pandas, which
    copies the rows several times.
    """
    import pandas as pd

    codes, names = pd.factorize(history["series"], sort=True)
    ds, y = history["ds"].to_numpy(), history["y"].to_numpy(dtype=np.float64)
    if (codes[1:] < codes[:-1]).any():
        order = np.argsort(codes, kind="stable")
        codes, ds, y = codes[order], ds[order], y[order]
    bounds = np.searchsorted(codes, np.arange(len(names) + 1))
    for name, first, last in zip(names, bounds[:-1], bounds[1:], strict=True):
        walls, mine = ds[first:last].astype("datetime64[m]"), y[first:last]
        if (walls[1:] < walls[:-1]).any():
            order = np.argsort(walls, kind="stable")
            walls, mine = walls[order], mine[order]
        yield str(name), walls, mine


@dataclass(frozen=True, eq=False)
class DayTable:
    """`y[d, s]`: contacts in slot s of day `first_day` + d; NaN where nothing was recorded (closed, or a gap)."""

    first_day: np.datetime64
    interval_minutes: int
    y: Floats

    @classmethod
    def of(cls, walls: Walls, y: Floats, interval_minutes: int) -> DayTable:
        """From interval starts in wall time and their values; NaN values count as not recorded.

        A wall time that occurs twice (the clock was put back) holds the mean of both, so that the hour weighs as much as on
        any other day.
        """
        known = ~np.isnan(y)
        walls, y = walls[known], y[known]
        slots = 24 * 60 // interval_minutes
        first = walls.min().astype("datetime64[D]") if len(walls) else np.datetime64(0, "D")
        cells = (walls - first.astype("datetime64[m]")).astype(np.int64) // interval_minutes
        size = (int(cells.max()) // slots + 1) * slots if len(cells) else 0
        counts = np.bincount(cells, minlength=size)
        sums = np.bincount(cells, weights=y, minlength=size)
        table = np.divide(sums, counts, out=np.full(size, np.nan), where=counts > 0)
        return cls(first, interval_minutes, table.reshape(-1, slots))

    @property
    def days(self) -> Days:
        """Every calendar day of the table. Shape (days,)."""
        return self.first_day + np.arange(len(self.y))

    @property
    def end(self) -> np.datetime64:
        """The day after the last."""
        return self.first_day + np.timedelta64(len(self.y), "D")

    @property
    def recorded(self) -> NDArray[np.bool_]:
        """Days with at least one recorded slot. Shape (days,)."""
        return np.asarray(~np.isnan(self.y).all(axis=1))

    def until(self, end: np.datetime64) -> DayTable:
        """The same table, with nothing recorded on the days up to before `end`."""
        missing = int((end - self.end).astype(np.int64))
        rows = np.full((max(missing, 0), self.y.shape[1]), np.nan)
        return DayTable(self.first_day, self.interval_minutes, np.concatenate([self.y, rows]))

    def before(self, end: np.datetime64) -> DayTable:
        """What was known at the start of `end`, with nothing recorded on days without a row."""
        days = int((end - self.first_day).astype(np.int64))
        return DayTable(self.first_day, self.interval_minutes, self.y[: max(days, 0)]).until(end)

    def without(self, closed: NDArray[np.bool_]) -> DayTable:
        """The same table with the rows of some days emptied. `closed` has shape (days,)."""
        return DayTable(self.first_day, self.interval_minutes, np.where(closed[:, None], np.nan, self.y))


@dataclass(frozen=True, eq=False)
class Daily:
    """Totals of the days that were open and recorded, ascending; both arrays have shape (n,). `end` is the day after the
    history: leads are counted from it.
    """

    days: Days
    y: Floats
    end: np.datetime64

    def before(self, day: np.datetime64) -> Daily:
        """What was known at the start of `day`."""
        keep = self.days < day
        return Daily(self.days[keep], self.y[keep], day)


@dataclass(frozen=True, eq=False)
class Cleaned(Daily):
    """Daily volumes with the effects of the calendar divided out, which is what members learn from. `normal[i]`: day i is
    neither holiday nor event.
    """

    normal: NDArray[np.bool_]

    def before(self, day: np.datetime64) -> Cleaned:
        keep = self.days < day
        return Cleaned(self.days[keep], self.y[keep], day, self.normal[keep])


SMALLEST_RECORDED_SHARE = 0.5
"""A day of which less than this share of its usual volume was recorded says too little about its total."""

NEAREST = 9
SURE_MEDIAN = 10.0
FREAK_FACTOR = 4.0


def daily_totals(table: DayTable, usual: Floats) -> Daily:
    """Totals per day, made whole for slots not recorded. `usual[d, s]`: share of a usual day of that type that falls into
    the slot, rows summing to 1; shape as `table.y`. Days hardly recorded are left out.
    """
    seen = ~np.isnan(table.y)
    share = (usual * seen).sum(axis=1)
    keep = table.recorded & (share >= SMALLEST_RECORDED_SHARE)
    totals = np.nansum(table.y[keep], axis=1) / np.minimum(share[keep], 1.0)
    return Daily(table.days[keep], totals, table.end)


def without_freaks(daily: Daily, normal: NDArray[np.bool_]) -> Daily:
    """Freak days tamed: a normal day below a quarter of the median of its nine nearest same weekdays was an outage or a closure
    and is left out, one above four times that median is cut down to it. Medians below 10 are left alone, where chance does
    such things. `normal[i]`: day i is neither holiday nor event.
    """
    weekday = weekdays(daily.days)
    keep, y = np.ones(len(daily.y), dtype=bool), daily.y.copy()
    for day in range(7):
        mine = np.flatnonzero(normal & (weekday == day))
        if not len(mine):
            continue
        last = len(mine) - NEAREST
        starts = np.clip(np.arange(len(mine)) - NEAREST // 2, 0, max(last, 0))
        usual = np.median(daily.y[mine][starts[:, None] + np.arange(min(NEAREST, len(mine)))], axis=1)
        sure = usual >= SURE_MEDIAN
        keep[mine[sure & (daily.y[mine] < usual / FREAK_FACTOR)]] = False
        y[mine] = np.where(sure, np.minimum(daily.y[mine], usual * FREAK_FACTOR), daily.y[mine])
    return Daily(daily.days[keep], y[keep], daily.end)
