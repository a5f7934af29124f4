"""Opening hours of a history that comes without any: what its last weeks show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.forecast.calendar import Calendar
from models.forecast.series import DayTable, Walls, weekdays

WEEKS = 10
CLOSED_SHARE = 0.8
"""Closed on holidays when at least this share of the holidays on open weekdays were empty."""


@dataclass(frozen=True, eq=False)
class LearntOpening:
    """`slots[weekday, slot]`: not always empty in the last ten weeks of the history; `on_holidays`: open on holidays too."""

    slots: NDArray[np.bool_]
    on_holidays: bool
    calendar: Calendar

    @classmethod
    def of(cls, table: DayTable, calendar: Calendar) -> LearntOpening:
        busy = np.asarray(np.nan_to_num(table.y) > 0)
        weekday = weekdays(table.days)
        recent = (table.end - table.days).astype(np.int64) <= WEEKS * 7
        slots = np.array([busy[recent & (weekday == day)].any(axis=0) for day in range(7)])
        on_open_weekday = calendar.tags(table.days).is_holiday & np.asarray(slots.any(axis=1))[weekday]
        empty = np.asarray(~busy[on_open_weekday].any(axis=1))
        return cls(slots, not len(empty) or bool(empty.mean() < CLOSED_SHARE), calendar)

    def is_open(self, walls: Walls) -> NDArray[np.bool_]:
        """Whether the slots that start at `walls` are open. Shape (walls,)."""
        days = walls.astype("datetime64[D]")
        minutes = (walls - days).astype("timedelta64[m]").astype(np.int64)
        mask = np.asarray(self.slots[weekdays(days), minutes * self.slots.shape[1] // 1440])
        return mask if self.on_holidays else mask & ~self._holiday(days)

    def clean(self, table: DayTable) -> DayTable:
        """The table without its closed days, whose zeros are no demand."""
        closed = ~self._weekdays[weekdays(table.days)]
        return table.without(closed if self.on_holidays else closed | self._holiday(table.days))

    @property
    def _weekdays(self) -> NDArray[np.bool_]:
        return np.asarray(self.slots.any(axis=1))

    def _holiday(self, days: NDArray[np.datetime64]) -> NDArray[np.bool_]:
        distinct, where = np.unique(days, return_inverse=True)
        return np.asarray(self.calendar.tags(distinct).is_holiday[where])
