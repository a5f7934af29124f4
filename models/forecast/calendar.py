"""The days that are not like others: public holidays of the customers' country and dated events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from models.forecast.series import Days, weekdays
from wfm.calendar import CalendarChange, calendar, school_holidays

HOLIDAY_GROUPS = ("holiday on a weekday", "holiday on a Saturday", "holiday on a Sunday")
"""A holiday empties a Monday far more than a Sunday, so effects are pooled within these."""


SCHOOL_ZONES = {"FR": ("A", "B", "C")}
"""Countries whose school holidays are known, by zone."""


@dataclass(frozen=True)
class Calendar:
    """`country` (ISO 3166 alpha-2; None: no holidays known), days of events by name, past and future, and the case's changes
    to its holidays.
    """

    country: str | None = None
    events: Mapping[str, frozenset[date]] = field(default_factory=dict)
    changes: tuple[CalendarChange, ...] = ()

    def holidays(self, days: Days) -> list[str | None]:
        """Name of the public holiday on each day, None on other days."""
        if self.country is None:
            return [None] * len(days)
        dates = [day.astype(object) for day in days]
        known = calendar(self.country, self.changes)
        return [None if (found := known.holiday(day)) is None else found.name for day in dates]

    def event_masks(self, days: Days) -> dict[str, NDArray[np.bool_]]:
        """Per event name, which of the days it covers."""
        dates = [day.astype(object) for day in days]
        return {name: np.array([day in covered for day in dates], dtype=bool) for name, covered in self.events.items()}

    def knows_school(self, days: Days) -> bool:
        """Whether the school holidays of every year of these days are known."""
        zones = SCHOOL_ZONES.get(self.country or "")
        years = {day.astype(object).year for day in days}
        return zones is not None and all(school_holidays(self.country or "", zones[0], year) for year in years)

    def school_share(self, days: Days) -> NDArray[np.float64]:
        """Share of the country's school zones that are on holiday on each day. Shape (days,)."""
        zones = SCHOOL_ZONES[self.country or ""]
        dates = [day.astype(object) for day in days]
        free = [sum(day in school_holidays(self.country or "", zone, day.year) for zone in zones) for day in dates]
        return np.array(free, dtype=np.float64) / len(zones)

    def tags(self, days: Days) -> Tags:
        holidays = self.holidays(days)
        is_holiday = np.array([name is not None for name in holidays], dtype=bool)
        groups = np.where(is_holiday, np.maximum(weekdays(days) - 4, 0), -1)
        return Tags(holidays, groups, self.event_masks(days))


@dataclass(frozen=True, eq=False)
class Tags:
    """What is special about each of n days. `group`: index into HOLIDAY_GROUPS, -1 on days that are no holiday."""

    holiday: list[str | None]
    group: NDArray[np.int64]
    events: dict[str, NDArray[np.bool_]]

    @property
    def is_holiday(self) -> NDArray[np.bool_]:
        return np.asarray(self.group >= 0)

    @property
    def normal(self) -> NDArray[np.bool_]:
        """Neither holiday nor event."""
        special = self.is_holiday
        for mask in self.events.values():
            special = special | mask
        return ~special
