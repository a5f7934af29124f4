"""Opening hours read off a history: when contacts really come, by kind of day."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfm.calendar import calendar

DAY_KINDS: tuple[tuple[str, tuple[int, ...]], ...] = (("1-5", (1, 2, 3, 4, 5)), ("6", (6,)), ("7", (7,)))
KEPT = 0.995
"""Share of a queue's weekly contacts that its learnt hours must hold: thrifty with nights in which next to nobody calls."""
RARE_PER_HOUR = 1.0
"""Only hours with fewer contacts than this may be given up."""
LONGEST_GAP_MINUTES = 120
SHORTEST_SPAN_MINUTES = 120
RECENT_DAYS = 364


@dataclass(frozen=True)
class Hours:
    """`volume[kind, slot]`: mean contacts per interval on Monday-Friday, Saturday and Sunday, over the last year and over
    days that are no public holiday; `open` says in which of them the queue is worked. Shapes (3, intervals per day).
    """

    volume: NDArray[np.float64]
    open: NDArray[np.bool_]
    on_holidays: bool

    def spans(self, kind: int) -> list[tuple[int, int]]:
        """Open runs of a kind of day as [first slot, last slot)."""
        return _runs(self.open[kind])


def learn_hours(ds: pd.Series, y: pd.Series, interval_minutes: int, country: str) -> Hours:
    """Hours of one queue from its interval starts (naive wall time) and volumes. A day without any contact counts as a day
    of its kind, so that rare Sundays stay closed.
    """
    recent = ds >= ds.max().normalize() - pd.Timedelta(days=RECENT_DAYS - 1)
    ds, y = ds[recent], y[recent].to_numpy(dtype=np.float64)
    slots = 24 * 60 // interval_minutes
    days = pd.date_range(ds.min().normalize(), ds.max().normalize())
    table = np.zeros((len(days), slots))
    table[(ds.dt.normalize() - days[0]).dt.days, (ds.dt.hour * 60 + ds.dt.minute) // interval_minutes] = y
    kind = np.array([min(max(day.isoweekday() - 5, 0), 2) for day in days])
    holiday = np.array([calendar(country).is_holiday(day.date()) for day in days])
    volume = np.array([_mean(table[(kind == index) & ~holiday]) for index in range(len(DAY_KINDS))])
    weekly = volume * np.array([len(weekdays) for _, weekdays in DAY_KINDS])[:, None]
    order = np.argsort(weekly, axis=None, kind="stable")
    dropped = np.cumsum(weekly.ravel()[order]) <= (1.0 - KEPT) * weekly.sum()
    kept = np.ones(weekly.size, dtype=bool)
    kept[order[dropped]] = False
    kept |= volume.ravel() * 60.0 / interval_minutes >= RARE_PER_HOUR
    kept &= volume.ravel() > 0
    opened = np.array([_smooth(row, interval_minutes) for row in kept.reshape(weekly.shape)])
    working_holiday = holiday & (kind == 0)
    on_holidays = bool(working_holiday.any()) and table[working_holiday].sum(1).mean() > 0.05 * volume[0].sum()
    return Hours(volume, opened, bool(on_holidays))


def _mean(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Column means; zeros when there is no such day."""
    return np.asarray(rows.mean(axis=0) if len(rows) else np.zeros(rows.shape[1]))


def _smooth(opened: NDArray[np.bool_], interval_minutes: int) -> NDArray[np.bool_]:
    """Short gaps between open runs filled, then short runs dropped, unless they are all there is or last until midnight
    and may go on.
    """
    result = opened.copy()
    runs = _runs(result)
    for (_, last), (first, _) in pairwise(runs):
        if (first - last) * interval_minutes <= LONGEST_GAP_MINUTES:
            result[last:first] = True
    runs = _runs(result)
    longest = max((last - first for first, last in runs), default=0)
    for first, last in runs:
        short = (last - first) * interval_minutes < SHORTEST_SPAN_MINUTES
        if short and last - first < longest and last < len(result):
            result[first:last] = False
    return result


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Maximal runs of True as [first, last)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return [(int(first), int(last)) for first, last in zip(edges[::2], edges[1::2], strict=True)]
