"""What may make a day differ from its weekday's usual volume, as columns of a regression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.forecast.calendar import HOLIDAY_GROUPS, Calendar, Tags
from models.forecast.series import Days, Floats, weekdays

AFTER = (1, 2, 3)
BEFORE = (1, 2)
"""Working days after and before a holiday that fell on a working day: calls wait for the day after, and are made early."""
FAR_DAYS = 16
"""Calendar days within which the nearest holiday is looked for."""
MONTH_ORDERS = (1, 2, 3)
FIRST_WORKING_DAYS = 5
LAST_WORKING_DAYS = 3
"""Pay and bills come on working days of the month as much as on dates."""

PRIOR_VARIANCE = {
    "holiday": 1.0,
    "named holiday": 0.05,
    "around holidays": 0.03,
    "day of month": 0.003,
    "month wave": 0.003,
    "working day of month": 0.003,
    "school holidays": 0.01,
    "event": 1.0,
}
"""Variance of log effects before anything is seen. Of `WIDE` kinds it stays: a holiday or a mailing may do anything; of the
others, where most effects are next to nothing, it is learned.
"""
WIDE = ("holiday", "event")


@dataclass(frozen=True)
class EffectColumns:
    """Which columns there are. `names`: holidays seen, with their group; `events` seen; `worked[weekday]`; `school`: the
    school calendar of the whole history is known.
    """

    calendar: Calendar
    names: tuple[tuple[str, int], ...]
    events: tuple[str, ...]
    worked: NDArray[np.bool_]
    school: bool

    @classmethod
    def of(cls, calendar: Calendar, days: Days, tags: Tags) -> EffectColumns:
        """The columns of which a history on `days` can tell something."""
        names = {(name, int(group)) for name, group in zip(tags.holiday, tags.group, strict=True) if name}
        events = tuple(sorted(name for name, mask in tags.events.items() if mask.any()))
        worked = np.bincount(weekdays(days), minlength=7) > 0.3 * len(days) / 7
        return cls(calendar, tuple(sorted(names)), events, worked, calendar.knows_school(days))

    def matrix(self, days: Days, tags: Tags) -> tuple[Floats, list[str]]:
        """Values of the columns, shape (days, columns), and the kind of each column, a key of PRIOR_VARIANCE."""
        normal = ~tags.is_holiday
        found = [("holiday", tags.group == group) for group in range(len(HOLIDAY_GROUPS))]
        by_name = np.array([name or "" for name in tags.holiday], dtype=object)
        found += [("named holiday", (by_name == name) & (tags.group == group)) for name, group in self.names]
        found += [("around holidays", column) for column in self._around(days)]
        position, phase = _of_month(days)
        found += [("day of month", (position == day) & normal) for day in range(31)]
        for order in MONTH_ORDERS:
            found += [("month wave", np.sin(order * phase) * normal), ("month wave", np.cos(order * phase) * normal)]
        found += [("working day of month", column) for column in self._working_day_of_month(days)]
        if self.school:
            found.append(("school holidays", self.calendar.school_share(days) * normal))
        found += [("event", tags.events[name]) for name in self.events]
        return np.array([column for _, column in found], dtype=np.float64).T, [kind for kind, _ in found]

    def _around(self, days: Days) -> list[NDArray[np.bool_]]:
        """Days after and before a holiday of the working week, counted in working days, and bridges to a weekend."""
        every = np.arange(days.min() - FAR_DAYS, days.max() + FAR_DAYS + 1)
        tags = self.calendar.tags(every)
        holiday = tags.group == 0
        working = self.worked[weekdays(every)] & ~tags.is_holiday
        where = (days - every[0]).astype(np.int64)
        after = _since(holiday, working)[where]
        before = _since(holiday[::-1], working[::-1])[::-1][where]
        weekday = weekdays(days)
        bridge = working[where] & (((weekday == 0) & holiday[where + 1]) | ((weekday == 4) & holiday[where - 1]))
        return [*(after == count for count in AFTER), *(before == count for count in BEFORE), bridge]

    def _working_day_of_month(self, days: Days) -> list[NDArray[np.bool_]]:
        """The first and the last working days of each month."""
        first = days.min().astype("datetime64[M]").astype("datetime64[D]")
        every = np.arange(first, (days.max().astype("datetime64[M]") + 1).astype("datetime64[D]"))
        working = self.worked[weekdays(every)] & ~self.calendar.tags(every).is_holiday
        month = every.astype("datetime64[M]")
        done = np.cumsum(working)
        starts = np.searchsorted(month, month)
        ends = np.searchsorted(month, month, side="right")
        number: NDArray[np.int64] = done - (done[starts] - working[starts])
        left = done[ends - 1] - done + 1
        where = (days - first).astype(np.int64)
        return [
            *((working & (number == count))[where] for count in range(1, FIRST_WORKING_DAYS + 1)),
            *((working & (left == count))[where] for count in range(1, LAST_WORKING_DAYS + 1)),
        ]


@njit(cache=True, nogil=True)
def _since(holiday: NDArray[np.bool_], working: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Working days since the last holiday, counting the day itself; 99 on days off and where no holiday came before."""
    count, since = 99, np.full(len(holiday), 99)
    for day in range(len(holiday)):
        if holiday[day]:
            count = 0
        elif working[day]:
            count = min(count + 1, 99)
            since[day] = count
    return since


def _of_month(days: Days) -> tuple[NDArray[np.int64], Floats]:
    """Position in the month, 0 to 14 from its start and 15 to 30 up to its end, so that last days meet last days; and the
    phase in radians.
    """
    month = days.astype("datetime64[M]")
    first = month.astype("datetime64[D]")
    number = (days - first).astype(np.int64) + 1
    length = ((month + 1).astype("datetime64[D]") - first).astype(np.int64)
    position = np.where(number <= 15, number - 1, 30 - (length - number))
    return position, 2 * np.pi * (number - 0.5) / length
