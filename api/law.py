"""Answers about law and calendars, the same for the command line and over HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from pydantic import BaseModel, Field

from wfm.calendar import Calendar, Certainty, calendar, feast_table, school_holidays
from wfm.clock import tzdata_version
from wfm.contact_law import next_legal_attempt
from wfm.errors import WfmError
from wfm.law import LawRule, pack_countries
from wfm.legal_window import DAY, WEEKDAYS, known_pack


class PackInForce(BaseModel):
    """The rules of one country pack that are in force on a day."""

    country: str = Field(description="ISO 3166 alpha-2.")
    version: str = Field(description="Version of the pack; plans record the versions they obeyed.")
    time_zone: str = Field(description="Clock of most of the country.")
    rules: list[LawRule] = Field(description="hard: never broken; else only told. verified: held against its source.")


class RulesInForce(BaseModel):
    """What is in force on a day."""

    on: date
    tzdata_version: str = Field(description="Version of the time zone database in use.")
    packs: list[PackInForce]


class NextAttempt(BaseModel):
    """When one consumer may be tried again."""

    market: str
    on: date = Field(description="First day wanted.")
    attempts: list[date] = Field(description="Days of all attempts so far, by any site or partner.")
    refusals: list[date] = Field(description="Days on which the consumer refused.")
    next_day: date = Field(description="First legal day.")
    rules: list[LawRule] = Field(description="The rules that decide it, as in force on that day.")


class HolidayRow(BaseModel):
    """A public holiday."""

    day: date
    weekday: str
    name: str
    certainty: Certainty = Field(description="fixed by statute; declared; estimated: may come a day later.")
    source: str = Field(description="Who gave the date.")


class RiskDay(BaseModel):
    """A day that becomes a holiday if an estimated feast comes a day later than estimated."""

    day: date
    weekday: str
    name: str


class Period(BaseModel):
    """Consecutive days, both ends included."""

    name: str
    first_day: date
    last_day: date


class FastingMonth(Period):
    """Ramadan. Both ends are estimated until they are declared."""

    first_day_certainty: Certainty
    last_day_certainty: Certainty


class HolidayList(BaseModel):
    """The calendar of a country in one year."""

    country: str
    year: int
    holidays: list[HolidayRow]
    at_risk: list[RiskDay]
    fasting: list[FastingMonth]
    school_zone: str | None
    school: list[Period] = Field(description="School holidays of the zone asked for.")


def rules_in_force(on: date, country: str | None = None) -> RulesInForce:
    """Rules of one country's pack, or of all; raises WfmError when there is no such pack."""
    packs = [known_pack(name) for name in (pack_countries() if country is None else (country,))]
    return RulesInForce(
        on=on,
        tzdata_version=tzdata_version(),
        packs=[
            PackInForce(
                country=pack.country, version=pack.version, time_zone=pack.time_zone, rules=list(pack.in_force(on))
            )
            for pack in packs
        ],
    )


def next_attempt(market: str, attempts: list[date], refusals: list[date], on: date) -> NextAttempt:
    """Raises WfmError when the market has no pack, or no day of the following year is legal."""
    pack = known_pack(market)
    found = next_legal_attempt(pack.country, attempts, refusals, on, calendar(pack.country))
    deciding = (pack.rule(f"{pack.country}-{code}", found) for code in ("OUT-FREQ", "OUT-REFUSAL", "OUT-WINDOW"))
    return NextAttempt(
        market=pack.country,
        on=on,
        attempts=attempts,
        refusals=refusals,
        next_day=found,
        rules=[rule for rule in deciding if rule is not None],
    )


def holiday_list(country: str, year: int, school_zone: str | None = None) -> HolidayList:
    """Holidays of a country with a pack; raises WfmError when it has none, or no such school zone."""
    code = known_pack(country).country
    known = calendar(code)
    found = known.holidays(year)
    days = _days(year)
    return HolidayList(
        country=code,
        year=year,
        holidays=[
            HolidayRow(day=day, weekday=_weekday(day), name=entry.name, certainty=entry.certainty, source=entry.source)
            for day, entry in found.items()
        ],
        at_risk=[
            RiskDay(day=day, weekday=_weekday(day), name=risk.name)
            for day in days
            if day not in found and (risk := known.at_risk(day)) is not None
        ],
        fasting=_fasting(known, days),
        school_zone=None if school_zone is None else school_zone.upper(),
        school=[] if school_zone is None else _school(code, school_zone.upper(), year),
    )


def _fasting(known: Calendar, days: list[date]) -> list[FastingMonth]:
    """Months of fasting that touch the days of a year, whole."""
    table = feast_table(known.country)
    declared = {entry.day for entry in table.dates if entry.feast == table.fasting.key} if table else set()
    about = [days[0] + offset * DAY for offset in range(-31, len(days) + 31)]
    return [
        FastingMonth(
            name="Ramadan",
            first_day=first,
            last_day=last,
            first_day_certainty=Certainty.DECLARED if first in declared else Certainty.ESTIMATED,
            last_day_certainty=Certainty.ESTIMATED if known.at_risk(last + DAY) else Certainty.DECLARED,
        )
        for first, last in _spans(day for day in about if known.fasting(day))
        if first <= days[-1] and days[0] <= last
    ]


def _school(country: str, zone: str, year: int) -> list[Period]:
    days = school_holidays(country, zone, year) if zone in {"A", "B", "C"} else {}
    if not days:
        raise WfmError(
            f"No school holidays are known for zone {zone!r} of {country} in {year}: FR has zones A, B and C."
        )
    names = dict.fromkeys(days.values())
    return sorted(
        (
            Period(name=name, first_day=first, last_day=last)
            for name in names
            for first, last in _spans(day for day, called in days.items() if called == name)
        ),
        key=lambda period: period.first_day,
    )


def _spans(days: Iterable[date]) -> list[tuple[date, date]]:
    """First and last day of every unbroken run of ascending days."""
    found = list(days)
    if not found:
        return []
    breaks = [(before, after) for before, after in pairwise(found) if after - before > DAY]
    firsts, lasts = [found[0], *(after for _, after in breaks)], [*(before for before, _ in breaks), found[-1]]
    return list(zip(firsts, lasts, strict=True))


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=offset) for offset in range((date(year + 1, 1, 1) - first).days)]


def _weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]
