"""When agents are at work, from the first to the last minute of a shift, breaks included."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from wfm.case import Case
from wfm.clock import day_start
from wfm.plan import Shift

Span = tuple[datetime, datetime]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def presence(case: Case, shift: Shift) -> Span:
    """[start, end) of a shift, UTC."""
    return case.grid.instant(shift.first_slot), case.grid.instant(shift.last_slot)


def whole_day(day: date, tz: ZoneInfo) -> Span:
    """[start, end) of a local calendar day, UTC."""
    return day_start(day, tz), day_start(day + DAY, tz)


def days_touched(span: Span, tz: ZoneInfo) -> list[date]:
    """Local days on which any minute of [start, end) lies; an end at midnight does not touch the day it begins."""
    start, end = span
    first, last = start.astimezone(tz).date(), (end - timedelta.resolution).astimezone(tz).date()
    return [first + offset * DAY for offset in range((last - first).days + 1)]


def overlap_minutes(first: Span, second: Span) -> int:
    """Minutes that two spans share."""
    return max(0, (min(first[1], second[1]) - max(first[0], second[0])) // MINUTE)


def gap_minutes(first: Span, second: Span) -> int:
    """Minutes between two spans that share none."""
    return max(first[0] - second[1], second[0] - first[1]) // MINUTE


def margin_to(kept_free: Iterable[Span], spans: Iterable[Span]) -> int | None:
    """Minutes from the nearest of `spans` to the nearest span that must be kept free, or less than 0: minus the minutes
    that lie in them. None where there is nothing to keep free, or nothing that could break it.
    """
    pairs = [(free, span) for free in kept_free for span in spans]
    if not pairs:
        return None
    shared = sum(overlap_minutes(free, span) for free, span in pairs)
    return -shared if shared else min(gap_minutes(free, span) for free, span in pairs)
