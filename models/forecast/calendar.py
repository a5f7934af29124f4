"""The days that are not like others: public holidays of the customers' country and dated events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

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
        if self.country is None or not len(days):
            return [None] * len(days)
        first, last = _years(days)
        names = np.concatenate([_year(self.country, self.changes, year) for year in range(first, last + 1)])
        found: list[str | None] = names[(days - np.datetime64(f"{first}-01-01")).astype(np.int64)].tolist()
        return found

    def event_masks(self, days: Days) -> dict[str, NDArray[np.bool_]]:
        """Per event name, which of the days it covers."""
        return {
            name: np.isin(days, np.array(sorted(covered), dtype="datetime64[D]"))
            for name, covered in self.events.items()
        }

    def knows_school(self, days: Days) -> bool:
        """Whether the school holidays of every year of these days are known."""
        zones = SCHOOL_ZONES.get(self.country or "")
        years = np.unique(days.astype("datetime64[Y]").astype(np.int64)) + 1970
        return zones is not None and all(school_holidays(self.country or "", zones[0], int(year)) for year in years)

    def school_share(self, days: Days) -> NDArray[np.float64]:
        """Share of the country's school zones that are on holiday on each day. Shape (days,)."""
        first, last = _years(days)
        shares = np.concatenate([_school_year(self.country or "", year) for year in range(first, last + 1)])
        return np.asarray(shares[(days - np.datetime64(f"{first}-01-01")).astype(np.int64)])

    def tags(self, days: Days) -> Tags:
        holidays = self.holidays(days)
        is_holiday = np.array([name is not None for name in holidays], dtype=bool)
        groups = np.where(is_holiday, np.maximum(weekdays(days) - 4, 0), -1)
        return Tags(holidays, groups, self.event_masks(days))


def _years(days: Days) -> tuple[int, int]:
    """Calendar years of the first and the last of the days."""
    first, last = (int(day.astype("datetime64[Y]").astype(np.int64)) + 1970 for day in (days.min(), days.max()))
    return first, last


@cache
def _year(country: str, changes: tuple[CalendarChange, ...], year: int) -> NDArray[np.object_]:
    """Name of the public holiday on each day of a year, None on other days."""
    first = np.datetime64(f"{year}-01-01")
    names = np.full(int((np.datetime64(f"{year + 1}-01-01") - first).astype(np.int64)), None, dtype=object)
    for day, holiday in calendar(country, changes).holidays(year).items():
        names[int((np.datetime64(day) - first).astype(np.int64))] = holiday.name
    return names


@cache
def _school_year(country: str, year: int) -> NDArray[np.float64]:
    """Share of the school zones that are on holiday on each day of a year."""
    every = np.arange(np.datetime64(f"{year}-01-01"), np.datetime64(f"{year + 1}-01-01"))
    zones = SCHOOL_ZONES[country]
    free = [np.array(sorted(school_holidays(country, zone, year)), dtype="datetime64[D]") for zone in zones]
    return np.asarray(np.sum([np.isin(every, mine) for mine in free], axis=0) / len(zones))


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
