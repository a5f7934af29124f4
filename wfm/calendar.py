"""Holidays: a maintained library's, corrected by dated declarations (`wfm/rules/packs/*-calendar.toml`) and by the case.

A feast that follows the moon is `declared` or `estimated`. An estimate holds for the plan, and puts its days and the next one
at risk: the feast is announced on the eve.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

import holidays as library

from wfm.document import Document
from wfm.feasts import Feast, feast_table

__all__ = [
    "Calendar",
    "CalendarChange",
    "Certainty",
    "Change",
    "Holiday",
    "calendar",
    "feast_table",
    "movable_feasts",
    "school_holidays",
]

LANGUAGE = "fr"
"""Names of holidays are French where the library has them: both countries' users read them."""
SAME_FEAST_DAYS = 15
"""A declared date and an estimated one this near are one feast: lunar years are 11 days shorter than ours, never 15 off."""
DAY = timedelta(days=1)
LIBRARY = f"holidays {importlib.metadata.version('holidays')}"


class Certainty(StrEnum):
    """How sure a date is. `fixed`: by statute or reckoning; `declared`: announced; `estimated`: may come a day later."""

    FIXED = "fixed"
    DECLARED = "declared"
    ESTIMATED = "estimated"


class Change(StrEnum):
    """What a case says of a date: the feast was declared or is expected then, or falls away."""

    DECLARED = "declared"
    ESTIMATED = "estimated"
    CANCELLED = "cancelled"


class CalendarChange(Document):
    """One line of a case's own calendar. `feast` is a movable feast of the country (its nearest occurrence then starts on
    `day`, or is cancelled), or the name of a holiday to add on that day.
    """

    country: str
    feast: str
    day: date
    status: Change


class Holiday(Document):
    """A public holiday. `feast` is the key of a movable feast, None for others; `source` says who gave the date.

    Where two fall on one day, `name` gives both, and the rest speaks of the surer one: the day is a holiday in any case.
    """

    country: str
    day: date
    name: str
    feast: str | None
    certainty: Certainty
    source: str


@dataclass(frozen=True)
class Start:
    """First day of one occurrence of a movable feast or of fasting, as the library reckons it and as it is known; None:
    cancelled.
    """

    reckoned: date
    day: date | None
    certainty: Certainty
    source: str


@dataclass(frozen=True)
class Calendar:
    """Public holidays and fasting of one country (ISO 3166 alpha-2); an unknown country has none."""

    country: str
    changes: tuple[CalendarChange, ...] = ()

    def holidays(self, year: int) -> dict[date, Holiday]:
        """Public holidays of a year by day, in order."""
        return _holidays(self, year)

    def holiday(self, day: date) -> Holiday | None:
        """The holiday of a day, None on other days."""
        return self.holidays(day.year).get(day)

    def is_holiday(self, day: date) -> bool:
        """Whether `day` is a public holiday."""
        return self.holiday(day) is not None

    def at_risk(self, day: date) -> Holiday | None:
        """The estimated holiday that may or may not fall on `day`: on its own days, and on the day after them.

        None where the day is a holiday for another, sure reason: nothing hangs on the feast there.
        """
        return _at_risk(self, day.year).get(day)

    def fasting(self, day: date) -> bool:
        """Whether `day` lies in the month of fasting (Ramadan)."""
        return any(first <= day < end for year in (day.year - 1, day.year) for first, end in _fasting(self, year))


def calendar(country: str, changes: tuple[CalendarChange, ...] = ()) -> Calendar:
    """The calendar of a country with a case's changes; those of other countries are left out."""
    return Calendar(country, tuple(change for change in changes if change.country == country))


def knows_country(country: str) -> bool:
    """Whether the public holidays of a country (ISO 3166 alpha-2) are known."""
    return country in library.list_supported_countries(include_aliases=False)


@cache
def school_holidays(country: str, zone: str, year: int) -> dict[date, str]:
    """Days of a year without school in a zone ("A", "B" or "C" of FR), with the library's name; {} where it knows none."""
    if "school" not in _categories(country):
        return {}
    return dict(
        sorted(library.country_holidays(country, subdiv=f"Zone {zone}", years=year, categories=("school",)).items())
    )


def _categories(country: str) -> tuple[str, ...]:
    if not knows_country(country):
        return ()
    return tuple(library.country_holidays(country).supported_categories)


@cache
def _library_names(country: str, year: int) -> dict[date, tuple[str, ...]]:
    """The library's names of every holiday; two that coincide are two names."""
    if not knows_country(country):
        return {}
    languages = library.country_holidays(country).supported_languages
    found = library.country_holidays(country, years=year, language=LANGUAGE if LANGUAGE in languages else None)
    return {day: tuple(name.split("; ")) for day, name in sorted(found.items())}


@cache
def _holidays(of: Calendar, year: int) -> dict[date, Holiday]:
    table = feast_table(of.country)
    moving = tuple(feast.library for feast in table.feasts) if table else ()
    found = {
        day: _fixed(of.country, day, fixed)
        for day, names in _library_names(of.country, year).items()
        if (fixed := [name for name in names if not name.startswith(moving)])
    }
    for holiday in _moving(of, year):
        if holiday.day.year == year:
            found[holiday.day] = _both(found[holiday.day], holiday) if holiday.day in found else holiday
    return dict(sorted(found.items()))


def _both(first: Holiday, second: Holiday) -> Holiday:
    """Two holidays of one day as one, which is as sure as the surer of them."""
    if second.name in first.name.split("; "):
        return first
    surer = second if first.certainty is Certainty.ESTIMATED else first
    return surer.model_copy(update={"name": f"{first.name}; {second.name}"})


def _moving(of: Calendar, year: int) -> Iterator[Holiday]:
    """Every day of the feasts that move, and of the case's own additions, in a year and near its ends."""
    table = feast_table(of.country)
    for feast in table.feasts if table else ():
        for around in (year - 1, year, year + 1):
            for start in _starts(of, feast, around):
                for offset in range(feast.days if start.day else 0):
                    yield Holiday(
                        country=of.country,
                        day=(start.day or start.reckoned) + offset * DAY,
                        name=feast.name,
                        feast=feast.key,
                        certainty=start.certainty,
                        source=start.source,
                    )
    known = movable_feasts(of.country)
    for change in of.changes:
        if change.feast not in known and change.status is not Change.CANCELLED:
            yield Holiday(
                country=of.country,
                day=change.day,
                name=change.feast,
                feast=None,
                certainty=Certainty(change.status.value),
                source="the case",
            )


@cache
def _at_risk(of: Calendar, year: int) -> dict[date, Holiday]:
    """Estimated holidays by the days on which they may fall: their own and the one after, less days that are holidays anyway."""
    possible = {
        day: holiday
        for holiday in _moving(of, year)
        if holiday.certainty is Certainty.ESTIMATED
        for day in (holiday.day, holiday.day + DAY)
        if day.year == year
    }
    return {
        day: holiday
        for day, holiday in possible.items()
        if (known := of.holiday(day)) is None or known.certainty is Certainty.ESTIMATED
    }


def _fixed(country: str, day: date, names: list[str]) -> Holiday:
    return Holiday(
        country=country,
        day=day,
        name="; ".join(names),
        feast=None,
        certainty=Certainty.FIXED,
        source=LIBRARY,
    )


def movable_feasts(country: str) -> tuple[str, ...]:
    """Keys of the feasts (and of the first day of fasting) that a case may move, in the order of the file."""
    table = feast_table(country)
    return (*(feast.key for feast in table.feasts), table.fasting.key) if table else ()


def _starts(of: Calendar, feast: Feast, year: int) -> Iterator[Start]:
    """Occurrences of a feast that the library puts in a year, on the day that is known of them."""
    days = {
        day
        for around in (year - 1, year)  # a feast of two days may begin on the last day of a year
        for day, names in _library_names(of.country, around).items()
        if any(name.startswith(feast.library) for name in names)
    }
    for day in sorted(days):
        if day.year == year and day - DAY not in days:
            yield _known(of, feast.key, day) or Start(day, day, Certainty.ESTIMATED, f"{LIBRARY}, estimated")


def _known(of: Calendar, key: str, about: date) -> Start | None:
    """What the case, or else the country's file, says of the occurrence about a day."""
    near = timedelta(days=SAME_FEAST_DAYS)
    for change in reversed(of.changes):
        if change.feast == key and abs(change.day - about) <= near:
            if change.status is Change.CANCELLED:
                return Start(about, None, Certainty.DECLARED, "the case")
            return Start(about, change.day, Certainty(change.status.value), "the case")
    table = feast_table(of.country)
    for entry in table.dates if table else ():
        if entry.feast == key and abs(entry.day - about) <= near:
            return Start(about, entry.day, Certainty.DECLARED, entry.source)
    return None


@cache
def _fasting(of: Calendar, year: int) -> tuple[tuple[date, date], ...]:
    """[first day, end) of every month of fasting that ends in feasts which the library puts in `year` or the year after.

    A feast that is cancelled ends the month all the same, on the day reckoned.
    """
    table = feast_table(of.country)
    if table is None:
        return ()
    fasting = table.fasting
    feast = next(feast for feast in table.feasts if feast.key == fasting.ends_before)
    months = []
    for around in (year, year + 1):
        for start in _starts(of, feast, around):
            end = start.day or start.reckoned
            expected = end - timedelta(days=fasting.fasting_days)
            known = _known(of, fasting.key, expected)
            first = expected if known is None else known.day
            if first is not None:
                months.append((first, end))
    return tuple(months)
