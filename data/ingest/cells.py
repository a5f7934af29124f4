"""What one cell may say: text to value for every kind of column, or the fault and its mend."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from data.ingest.tables import Column
from wfm.clock import UTC, day_start, to_utc

ID_RULE = "letters, digits, '_', '-' and '.', at most 64, the first a letter or digit"
FIRST_YEAR, LAST_YEAR = 1990, 2100
LONGEST_TEXT = 200

_ID = re.compile(r"[^\W_][\w.-]{0,63}")
_INT = re.compile(r"[+-]?[0-9]{1,12}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]{1,20})?([eE][+-]?[0-9]{1,3})?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}([ .,'\u2019\u00a0\u202f][0-9]{3})+([.,][0-9]+)?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(:00)?")
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})([T ]([0-9]{2}:[0-9]{2})(:00(\.0+)?)? ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?"
)
_WEEKDAYS = re.compile(r"[1-7](-[1-7])?( +[1-7](-[1-7])?)*")
_BOOLS = {"yes": True, "true": True, "1": True, "oui": True, "vrai": True} | {
    "no": False, "false": False, "0": False, "non": False, "faux": False,
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """Why a cell cannot be read, and what to write instead."""

    reason: str
    mend: str


@dataclass(frozen=True)
class Moment:
    """A date, wall time or instant as written: `offset` None means wall time; `is_date`: written without a time."""

    wall: datetime
    offset: timedelta | None
    is_date: bool

    def utc(self, tz: ZoneInfo) -> datetime:
        """The instant; a wall time is one of `tz`. Raises WallTimeError when it is skipped or occurs twice there."""
        if self.offset is None:
            return to_utc(self.wall, tz)
        return (self.wall - self.offset).replace(tzinfo=UTC)


def absence_span(start: Moment, end: Moment, tz: ZoneInfo) -> tuple[datetime, datetime]:
    """Start and end in UTC: two dates stand for whole local days, the last included. Raises WallTimeError."""
    if start.is_date:
        return day_start(start.wall.date(), tz), day_start(end.wall.date() + timedelta(days=1), tz)
    return start.utc(tz), end.utc(tz)


def parse(text: str, column: Column) -> Any:
    """The value of a stripped, non-empty cell, or a Fault. Types by kind: text, id, choice: str; int: int;
    number, share: float; money: Decimal; date, time, bool: those; datetime: Moment; list: weekdays; dates: tuple of date.
    """
    value = _PARSERS[column.kind](text, column)
    if isinstance(value, Fault):
        return value
    return _bounds(value, column) or value


def _bounds(value: Any, column: Column) -> Fault | None:
    low, high = column.minimum, column.maximum
    if column.kind == "share":
        low, high = low if low is not None else 0, high if high is not None else 1
    if low is not None and value < low:
        return Fault(f"below the smallest value allowed, {low:g}", f"Write a value of at least {low:g}.")
    if high is not None and value > high:
        hint = " A share is written as 0.8, not 80." if column.kind == "share" else ""
        return Fault(f"above the largest value allowed, {high:g}", f"Write a value of at most {high:g}.{hint}")
    return None


def _text(text: str, column: Column) -> str | Fault:
    if not text.isprintable():
        return Fault("contains a line break or control character", "Write the text on one line.")
    if len(text) > LONGEST_TEXT:
        return Fault(f"longer than {LONGEST_TEXT} characters", "Shorten it.")
    if column.pattern and not re.fullmatch(column.pattern, text):
        return Fault(f"not a valid {column.name}", f"Write it like {column.example} ({column.doc}).")
    return text


def _id(text: str, _column: Column) -> str | Fault:
    if not _ID.fullmatch(text):
        return Fault("not a valid id", f"Use {ID_RULE}.")
    return text


def _int(text: str, _column: Column) -> int | Fault:
    if not _INT.fullmatch(text):
        return _not_a_number(text, "a whole number")
    return int(text)


def _number(text: str, _column: Column) -> float | Fault:
    if not _NUMBER.fullmatch(text):
        return _not_a_number(text, "a number")
    value = float(text.replace(",", "."))
    if not math.isfinite(value):
        return Fault("too large", "Write a finite number.")
    return value


def _money(text: str, column: Column) -> Decimal | Fault:
    value = _number(text, column)
    return value if isinstance(value, Fault) else Decimal(text.replace(",", "."))


def _not_a_number(text: str, wanted: str) -> Fault:
    if _GROUPED.fullmatch(text):
        return Fault(f"not {wanted}: thousands separators are not read", "Write 1234 or 1234.5, without separators.")
    if re.fullmatch(r"[+-]?[0-9]{13,}([.,][0-9]*)?", text):
        return Fault("has too many digits", "Write a number of fewer digits.")
    return Fault(f"not {wanted}", f"Write {wanted} in digits, without text, unit or currency sign.")


def _date(text: str, _column: Column) -> date | Fault:
    match = _DATE.fullmatch(text)
    if not match:
        return Fault("not an ISO date: day and month could be confused", "Write year-month-day, such as 2026-12-07.")
    year, month, day = (int(part) for part in match.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Fault(f"outside the years {FIRST_YEAR} to {LAST_YEAR}", "Correct the year.")
    try:
        return date(year, month, day)
    except ValueError:
        return Fault("no such day in the calendar", "Correct the date.")


def _time(text: str, column: Column) -> time | Fault:
    match = _TIME.fullmatch(text)
    hour, minute = (int(match[1]), int(match[2])) if match else (-1, -1)
    if (hour, minute) == (24, 0) and column.end_of_day:
        return time(0)
    if not (0 <= hour <= 23 and 0 <= minute <= 59):
        return Fault("not a time of day", "Write hours:minutes on the 24-hour clock, such as 08:30.")
    return time(hour, minute)


def _datetime(text: str, column: Column) -> Moment | Fault:
    match = _MOMENT.fullmatch(text)
    if not match:
        mend = "Write 2026-12-07T08:30 (wall time), or with its offset as 2026-12-07T08:30+01:00 or 2026-12-07T07:30Z."
        return Fault("not an ISO 8601 date and time to the minute", mend)
    day = _date(match[1], column)
    clock = _time(match[3] or "00:00", column)
    offset = _offset(match[6])
    if isinstance(day, Fault):
        return day
    if isinstance(clock, Fault):
        return clock
    if isinstance(offset, Fault):
        return offset
    return Moment(datetime.combine(day, clock), offset, is_date=match[2] is None)


def _offset(text: str | None) -> timedelta | Fault | None:
    if text is None:
        return None
    if text == "Z":
        return timedelta(0)
    hours, minutes = int(text[1:3]), int(text[3:].removeprefix(":") or 0)
    if hours > 14 or minutes > 59:
        return Fault("no such UTC offset", "Write an offset such as +01:00, or Z.")
    return timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1)


def _bool(text: str, _column: Column) -> bool | Fault:
    value = _BOOLS.get(text.lower())
    return Fault("not yes or no", "Write yes or no.") if value is None else value


def _choice(text: str, column: Column) -> str | Fault:
    if text not in column.choices:
        return Fault("not one of the choices", f"Write one of: {', '.join(column.choices)}.")
    return text


def _weekdays(text: str, _column: Column) -> tuple[int, ...] | Fault:
    fault = Fault("not a list of ISO weekdays", "Write 1 (Monday) to 7 (Sunday), such as '1-5' or '1 3 6', as text.")
    if not _WEEKDAYS.fullmatch(text):
        return fault
    days: list[int] = []
    for part in text.split():
        first, _, last = part.partition("-")
        days += range(int(first), int(last or first) + 1)
    if len(set(days)) != len(days) or not days:
        return fault
    return tuple(sorted(days))


def _dates(text: str, column: Column) -> tuple[date, ...] | Fault:
    days = [_date(part, column) for part in text.split()]
    faulty = next((day for day in days if isinstance(day, Fault)), None)
    return faulty or tuple(day for day in days if not isinstance(day, Fault))


_PARSERS: dict[str, Callable[[str, Column], Any]] = {
    "text": _text, "id": _id, "int": _int, "number": _number, "money": _money, "share": _number, "date": _date,
    "time": _time, "datetime": _datetime, "bool": _bool, "choice": _choice, "list": _weekdays, "dates": _dates,
}  # fmt: skip
