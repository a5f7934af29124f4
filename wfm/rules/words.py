"""How rules say when and how much."""

from __future__ import annotations

from wfm.case import Case


def wall(case: Case, slot: int) -> str:
    """Start of a slot on the own sites' clock, such as "2026-12-07 08:30"."""
    return f"{case.grid.instant(slot).astimezone(case.home_zone):%Y-%m-%d %H:%M}"


def hours(minutes: float) -> str:
    """A duration, such as "7.5 h"."""
    return f"{minutes / 60:g} h"


def kept_free(margin: float) -> str:
    """How time that must be kept free was, from a margin in minutes: minutes at work in it, or how near work came."""
    return f"{-margin:g} min at work" if margin < 0 else f"0 min at work, the nearest {hours(margin)} away"


def amount(cents: int, currency: str) -> str:
    """An amount of money, such as "1.67 EUR"."""
    return f"{cents // 100}.{cents % 100:02d} {currency}"


def days(count: int) -> str:
    """A number of days, such as "6 days"."""
    return "1 day" if count == 1 else f"{count} days"
