"""Contracts and shift patterns of the own centre, on the half-hour grid."""

from __future__ import annotations

from data.generate.case_folder import Row

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

LENGTHS: tuple[tuple[str, int, tuple[str, int, bool, int, int] | None], ...] = (
    ("short_5h", 300, None),
    ("mid_6h30", 390, ("rest", 30, True, 150, 210)),
    ("day_8h", 480, ("lunch", 60, False, 180, 270)),
    ("day_9h", 540, ("lunch", 60, False, 180, 300)),
    ("day_9h30", 570, ("lunch", 60, False, 180, 300)),
    ("day_10h", 600, ("lunch", 60, False, 210, 330)),
)
"""Pattern, presence in minutes, and its break: name, minutes, paid, earliest and latest start after the shift's start.
The two paid quarter-hours of Moroccan practice do not fit a 30-minute grid: they are part of unplanned shrinkage.
"""


def patterns(first_start: int, last_end: int, step: int, latest_start: int = 24 * 60) -> tuple[list[Row], list[Row]]:
    """Shift patterns and breaks that start from `first_start` on, at the latest at `latest_start`, and end by `last_end`,
    all in minutes of the site's wall day. A length that does not fit is left out.
    """
    shapes: list[Row] = []
    breaks: list[Row] = []
    for name, presence, pause in LENGTHS:
        room = last_end - presence - first_start
        if room < 0:
            continue
        # Long shifts start in the morning; short ones may start until they end with the last line.
        last = first_start + room // step * step
        last = last if presence <= 390 else min(last, latest_start)
        shapes.append(
            {
                "pattern": name,
                "earliest_start": _wall(first_start),
                "latest_start": _wall(last),
                "step_minutes": step,
                "presence_minutes": presence,
            }
        )
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
    return shapes, breaks


def _wall(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
