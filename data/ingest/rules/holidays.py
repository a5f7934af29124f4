"""Rules on the case's own holidays: each row does what it says, or is refused."""

from __future__ import annotations

import difflib
from datetime import date, timedelta
from itertools import pairwise

from data.ingest.draft import Draft
from data.ingest.parsed import Row
from data.ingest.problems import Problems
from data.ingest.rules.rule import rule, tell
from wfm.calendar import Calendar, CalendarChange, Change, calendar, feast_table, movable_feasts

DAY = timedelta(days=1)
APART = timedelta(days=30)
"""Two days this near that both move a feast move the same one: each lies within 15 days of it."""


@rule("sites", "markets", "holidays")
def holiday_countries(draft: Draft, problems: Problems) -> None:
    """The country of a holiday is that of a site or market."""
    known = {row["country"] for name in ("sites", "markets") for row in draft.rows(name) if row.has("country")}
    for row in draft.rows("holidays"):
        if row.has("country") and row["country"] not in known:
            mend = f"Correct it, or remove the row; this case has: {', '.join(sorted(known))}."
            tell(problems, row, "country", "no site or market lies in this country", mend)


@rule("holidays")
def feasts_known(draft: Draft, problems: Problems) -> None:
    """A feast that follows the moon is moved or cancelled by its key, and there is one within 15 days of day. Any other name
    adds a holiday: it is not the name of such a feast, nor nearly one. Only feasts can be cancelled: days of statute are not
    exchanged for others.
    """
    for row in draft.rows("holidays"):
        if not row.has("country", "feast", "day", "status"):
            continue
        keys = movable_feasts(row["country"])
        if row["feast"] in keys:
            if not _moves(row["country"], row["feast"], row["day"]):
                near = ", ".join(map(str, _firsts(calendar(row["country"]), row["feast"], row["day"].year)))
                reason = f"no {row['feast']} within 15 days of it"
                tell(problems, row, "day", reason, f"Correct the day; that year's is reckoned for {near or 'no day'}.")
        elif row["status"] == Change.CANCELLED:
            reason = "cannot be cancelled: days of statute are not exchanged for others, only feasts of the moon move"
            mend = f"Remove the row, or name one of: {', '.join(keys)}." if keys else "Remove the row."
            tell(problems, row, "feast", reason, mend)
        elif (meant := _meant(row)) is not None:
            tell(problems, row, "feast", f"looks like the feast {meant!r}", f"Write {meant}, or choose another name.")


@rule("holidays")
def feast_once(draft: Draft, problems: Problems) -> None:
    """Each feast of a year is moved or cancelled by one row."""
    rows = [row for row in draft.rows("holidays") if row.has("country", "feast", "day")]
    rows = [row for row in rows if row["feast"] in movable_feasts(row["country"])]
    rows.sort(key=lambda row: (row["country"], row["feast"], row["day"]))
    for first, second in pairwise(rows):
        same = (first["country"], first["feast"]) == (second["country"], second["feast"])
        if same and first["day"] < second["day"] <= first["day"] + APART:
            row, other = sorted((first, second), key=lambda row: row.number)[::-1]
            tell(problems, row, "day", f"the same feast as in row {other.number}", "Keep one of the two rows.")


def _moves(country: str, key: str, day: date) -> bool:
    """Whether a feast starts on `day` once the case says so: the calendar itself decides what is near enough."""
    change = CalendarChange(country=country, feast=key, day=day, status=Change.DECLARED)
    return _starts(calendar(country, (change,)), key, day)


def _firsts(of: Calendar, key: str, year: int) -> list[date]:
    """Days of a year on which a feast starts."""
    days = (date(year, 1, 1) + offset * DAY for offset in range(366))
    return [day for day in days if day.year == year and _starts(of, key, day)]


def _starts(of: Calendar, key: str, day: date) -> bool:
    return _holds(of, key, day) and not _holds(of, key, day - DAY)


def _holds(of: Calendar, key: str, day: date) -> bool:
    """Whether a feast, or the month of fasting, holds on a day."""
    table = feast_table(of.country)
    if table is not None and key == table.fasting.key:
        return of.fasting(day)
    names = {feast.name for feast in table.feasts if feast.key == key} if table else set()
    holiday = of.holiday(day)
    return holiday is not None and not names.isdisjoint(holiday.name.split("; "))


def _meant(row: Row) -> str | None:
    """Key of the feast that a name was probably meant for."""
    table = feast_table(row["country"])
    if table is None:
        return None
    keys = {text.casefold(): feast.key for feast in table.feasts for text in (feast.key, feast.name)}
    keys[table.fasting.key.casefold()] = table.fasting.key
    close = difflib.get_close_matches(row["feast"].casefold(), keys, 1, 0.8)
    return keys[close[0]] if close else None


RULES = (holiday_countries, feasts_known, feast_once)
