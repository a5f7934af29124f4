"""How exports write cells: UTF-8, RFC 4180 with line feeds, ISO 8601, point as decimal mark, no formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def text(value: str) -> str:
    """A text cell. One that a spreadsheet would run as a formula gets an apostrophe in front."""
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


def flag(value: bool) -> str:
    return "true" if value else "false"


def utc(instant: datetime) -> str:
    """Such as 2026-12-07T08:00:00Z."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def local(instant: datetime, tz: ZoneInfo) -> str:
    """Wall time with its offset, such as 2026-12-07T09:00:00+01:00."""
    return instant.astimezone(tz).isoformat(timespec="seconds")


def money(minor_units: int) -> str:
    """An amount in units of the currency, such as 12.50."""
    units, rest = divmod(abs(minor_units), 100)
    return f"{'-' if minor_units < 0 else ''}{units}.{rest:02d}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The text of a CSV file."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()
