"""Opening hours of a history that comes without any: what its last weeks and its holidays show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.forecast.calendar import Calendar
from models.forecast.series import Days, DayTable, Floats, Walls, weekdays

WEEKS = 10
SURE = 3.0
"""A slot in use of which so many contacts were to be expected stays empty by chance once in twenty times."""
ENOUGH_HOLIDAYS = 5
CLOSED_SHARE = 0.8
"""A holiday never seen is closed when at least five others were seen on open weekdays and this share of them was empty."""


@dataclass(frozen=True, eq=False)
class LearntOpening:
    """`slots[weekday, slot]`: in use in the last ten weeks of the history. `closed`: per holiday seen on an open
    weekday, whether it was always empty; `others_closed`: what to think of the rest.
    """

    slots: NDArray[np.bool_]
    closed: dict[str, bool]
    others_closed: bool
    calendar: Calendar

    @classmethod
    def of(cls, table: DayTable, calendar: Calendar) -> LearntOpening:
        busy = np.asarray(np.nan_to_num(table.y) > 0)
        weekday = weekdays(table.days)
        recent = (table.end - table.days).astype(np.int64) <= WEEKS * 7
        slots = in_use(np.array([np.nansum(table.y[recent & (weekday == day)], axis=0) for day in range(7)]))
        closed: dict[str, bool] = {}
        seen = empty = 0
        for row, name in enumerate(calendar.holidays(table.days)):
            if name is not None and slots[weekday[row]].any():
                is_empty = not busy[row].any()
                closed[name] = closed.get(name, True) and is_empty
                seen, empty = seen + 1, empty + is_empty
        return cls(slots, closed, seen >= ENOUGH_HOLIDAYS and empty >= CLOSED_SHARE * seen, calendar)

    def is_open(self, walls: Walls) -> NDArray[np.bool_]:
        """Whether the slots that start at `walls` are open. Shape (walls,)."""
        days = walls.astype("datetime64[D]")
        minutes = (walls - days).astype("timedelta64[m]").astype(np.int64)
        mask = np.asarray(self.slots[weekdays(days), minutes * self.slots.shape[1] // 1440])
        distinct, where = np.unique(days, return_inverse=True)
        return mask & ~self._shut(distinct)[where]

    def clean(self, table: DayTable) -> DayTable:
        """The table without its closed days, whose zeros are no demand."""
        return table.without(self._shut(table.days))

    def _shut(self, days: Days) -> NDArray[np.bool_]:
        """Whether all of each day is closed. Shape (days,)."""
        names = self.calendar.holidays(days)
        holiday = [name is not None and self.closed.get(name, self.others_closed) for name in names]
        worked = np.asarray(self.slots.any(axis=1))
        return np.asarray(~worked[weekdays(days)] | np.array(holiday, dtype=bool))


def in_use(volume: Floats) -> NDArray[np.bool_]:
    """Which slots are open on which weekday, from the volume of some weeks. Both shapes (7, slots) or (..., 7, slots).

    A slot that stayed empty is in use all the same where other days (Monday to Friday: those days; at weekends: the week) had
    so few contacts in it that this was chance; but no slot of a weekday that stayed empty altogether.
    """
    workdays = volume[..., :5, :].mean(axis=-2, keepdims=True)
    week = volume.mean(axis=-2, keepdims=True)
    expected = np.concatenate([np.repeat(workdays, 5, axis=-2), np.repeat(week, 2, axis=-2)], axis=-2)
    worked = volume.any(axis=-1, keepdims=True)
    return np.asarray((volume > 0) | (worked & (expected > 0) & (expected < SURE)))
