"""The shapes that shifts may take."""

from __future__ import annotations

from data.ingest.tables.column import Table, column

SHIFT_PATTERNS = Table(
    "shift_patterns",
    "Families of shifts.",
    (
        column("pattern", "id", "Key", example="day_9h"),
        column("contract", "id", "Only for this contract; empty: for all", required=False, ref="contracts"),
        column("earliest_start", "time", "First start, wall time of the site", example="07:00"),
        column("latest_start", "time", "Last start", example="11:00"),
        column(
            "step_minutes",
            "int",
            "Starts every so many minutes; a multiple of the interval",
            unit="minutes",
            minimum=15,
            maximum=240,
            example="30",
        ),
        column(
            "presence_minutes",
            "int",
            "From start to end, breaks included; a multiple of the interval",
            unit="minutes",
            minimum=60,
            maximum=840,
            example="540",
        ),
        column(
            "season",
            "choice",
            "When it may be used, by the day on which the shift starts; empty: all the year round",
            required=False,
            choices=("ramadan", "outside_ramadan"),
        ),
    ),
    ("pattern",),
)
BREAKS = Table(
    "breaks",
    "Breaks of shift patterns, in order of time; windows of one pattern do not overlap.",
    (
        column("pattern", "id", "Pattern", ref="shift_patterns", example="day_9h"),
        column("name", "id", "Name", example="lunch"),
        column(
            "minutes",
            "int",
            "Length; a multiple of the interval",
            unit="minutes",
            minimum=15,
            maximum=180,
            example="60",
        ),
        column("paid", "bool", "Paid, and so working time", example="no"),
        column(
            "earliest_after",
            "int",
            "May start this long after the shift's start; empty or 0 for a break at sunset",
            required=False,
            unit="minutes",
            minimum=0,
            maximum=840,
            example="180",
        ),
        column(
            "latest_after",
            "int",
            "Must have started by this long after it; empty or 0 for a break at sunset",
            required=False,
            unit="minutes",
            minimum=0,
            maximum=840,
            example="300",
        ),
        column(
            "at_sunset",
            "bool",
            "Starts about sunset on days of fasting and falls away in other shifts; empty: no",
            required=False,
        ),
    ),
    ("pattern", "name"),
    required=False,
)
