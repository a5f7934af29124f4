"""How rules say when and how much."""

from __future__ import annotations

from wfm.case import Case


def wall(case: Case, slot: int) -> str:
    """Start of a slot on the own sites' clock, such as "2026-12-07 08:30"."""
    return f"{case.grid.instant(slot).astimezone(case.home_zone):%Y-%m-%d %H:%M}"


def hours(minutes: float) -> str:
    """A duration, such as "7.5 h"."""
    return f"{minutes / 60:g} h"
