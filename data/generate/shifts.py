"""Contracts and shift patterns of the own centre, on the half-hour grid."""

from __future__ import annotations

from data.generate.case_folder import Row
from data.generate.fasting import Iftar

CONTRACTS: tuple[Row, ...] = (
    {
        "contract": "full_time",
        "week_hours": 44,
        "days_per_week": 5,
        "max_overtime_hours_week": 4,
    },
    {
        "contract": "part_time",
        "week_hours": 25,
        "days_per_week": 5,
        "max_overtime_hours_week": 2,
    },
)
"""44 hours are four shifts of 9 effective hours and one of 8; 25 are five of 5."""

Pause = tuple[str, int, bool, int, int]
LENGTHS: tuple[tuple[str, int, Pause | None], ...] = (
    ("short_5h", 300, None),
    ("mid_6h", 360, ("rest", 30, True, 150, 210)),
    ("day_8h", 480, ("lunch", 60, False, 180, 270)),
    ("day_9h", 540, ("lunch", 60, False, 180, 300)),
    ("day_9h30", 570, ("lunch", 60, False, 180, 300)),
    ("day_10h", 600, ("lunch", 60, False, 210, 330)),
)
"""Pattern, presence in minutes, and its break: name, minutes, paid, earliest and latest start after the shift's start.
The two paid quarter-hours of Moroccan practice do not fit a 30-minute grid: they are part of unplanned shrinkage. Without a
legal break of an hour no shift has more than 6 effective hours.
"""
SHORT = 360
"""Shifts of at most this presence may start until they end with the last line."""
RAMADAN_LENGTHS = (("ramadan_5h", 300), ("ramadan_6h", 360))
"""Continuous shifts that may lie anywhere in the day: with or without the break at sunset they need no other."""
RAMADAN_EVENING = ("ramadan_7h", 420)
"""A shift that is too long without a break, so that it always lies about sunset."""


def patterns(
    first_start: int, last_end: int, step: int, latest_start: int = 24 * 60, sunset: Iftar | None = None
) -> tuple[list[Row], list[Row]]:
    """Shift patterns and breaks that start from `first_start` on, at the latest at `latest_start`, and end by `last_end`,
    all in minutes of the site's wall day. A length that does not fit is left out. With `sunset`, a plan that touches Ramadan,
    those are kept for the days outside it, and a set of continuous shifts is added for the days of fasting.
    """
    shapes: list[Row] = []
    breaks: list[Row] = []
    season = None if sunset is None else "outside_ramadan"
    for name, presence, pause in LENGTHS:
        room = last_end - presence - first_start
        if room < 0:
            continue
        # Long shifts start in the morning.
        last = first_start + room // step * step
        last = last if presence <= SHORT else min(last, latest_start)
        shapes.append(_shape(name, (first_start, last, step), presence, season))
        if pause:
            key, minutes, paid, earliest, latest = pause
            breaks.append(
                {
                    "pattern": name,
                    "name": key,
                    "minutes": minutes,
                    "paid": paid,
                    "earliest_after": earliest,
                    "latest_after": latest,
                }
            )
    if sunset is not None:
        added = _ramadan(first_start, last_end, step, sunset)
        shapes += added
        breaks += [
            {"pattern": row["pattern"], "name": "iftar", "minutes": sunset.minutes, "paid": False, "at_sunset": True}
            for row in added
        ]
    return shapes, breaks


def _ramadan(first_start: int, last_end: int, step: int, sunset: Iftar) -> list[Row]:
    """The shifts of the days of fasting; the last one ends when the latest break does, if not later."""
    shapes: list[Row] = []
    for name, presence in RAMADAN_LENGTHS:
        room = max(0, last_end - presence - first_start)
        shapes.append(_shape(name, (first_start, first_start + room // step * step, step), presence, "ramadan"))
    name, presence = RAMADAN_EVENING
    first = sunset.latest + sunset.minutes - presence
    last = first + max(0, last_end - presence - first) // step * step
    return [*shapes, _shape(name, (first, last, step), presence, "ramadan")]


def _shape(name: str, starts: tuple[int, int, int], presence: int, season: str | None) -> Row:
    """A row of shift_patterns; `starts`: first, last and step in minutes of the day."""
    first, last, step = starts
    return {
        "pattern": name,
        "earliest_start": _wall(first),
        "latest_start": _wall(last),
        "step_minutes": step,
        "presence_minutes": presence,
        "season": season,
    }


def _wall(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
