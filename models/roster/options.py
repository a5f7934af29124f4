"""Every shift that the case's patterns allow on every day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from models.roster.problem import Ints, ShiftOptions
from wfm.case import Case
from wfm.clock import to_utc
from wfm.errors import WallTimeError, WfmError
from wfm.law import labour_pack
from wfm.shift import ShiftPattern


def _wall_starts(case: Case, pattern: ShiftPattern, day: int) -> Iterator[int]:
    """Slots at which the pattern may start on a day; wall times that the clock skips or repeats are left out."""
    today = case.first_day + timedelta(days=day)
    wall = datetime.combine(today, pattern.earliest_start)
    latest = datetime.combine(today, pattern.latest_start)
    while wall <= latest:
        try:
            instant = to_utc(wall, case.home_zone)
        except WallTimeError:
            pass
        else:
            if case.grid.is_aligned(instant):
                yield case.grid.slot(instant)
        wall += timedelta(minutes=pattern.step_minutes)


def compile_options(case: Case) -> ShiftOptions:
    """All (day, pattern, start), sorted by day; patterns above the legal daily maximum and shifts that leave the grid are out.

    Raises WfmError for a pattern that ends so late that the legal rest reaches into the second day after it.
    """
    interval = case.interval_minutes
    rows = []
    for day in range(case.days):
        most = _parameter(case, "DAY-MAX", case.first_day + timedelta(days=day))["effective_minutes"]
        rows += [
            (day, index, start, start + pattern.presence_minutes // interval, pattern.effective_minutes // interval)
            for index, pattern in enumerate(case.shift_patterns)
            if pattern.effective_minutes <= most
            for start in _wall_starts(case, pattern, day)
            if start + pattern.presence_minutes // interval <= case.grid.slots
        ]
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    days, patterns, starts, ends, effective = (np.ascontiguousarray(column) for column in table.T)
    options = ShiftOptions(
        day=days,
        pattern=patterns,
        start=starts,
        end=ends,
        effective=effective,
        day_first=np.searchsorted(days, np.arange(case.days + 1)).astype(np.int64),
        breaks=_breaks(case),
    )
    _refuse_long_rest(case, options)
    return options


def rest_slots(case: Case) -> int:
    """Slots between the end of a shift and the start of the next that the legal daily rest takes."""
    return -(-int(_parameter(case, "REST-DAILY", case.first_day)["elapsed_minutes"]) // case.interval_minutes)


def _parameter(case: Case, code: str, on: date) -> dict[str, Any]:
    pack = labour_pack(case.sites[0].country)
    return pack.require(f"{pack.country}-{code}", on).parameters


def _breaks(case: Case) -> Ints:
    interval = case.interval_minutes
    most = max((len(pattern.breaks) for pattern in case.shift_patterns), default=0)
    breaks = np.zeros((len(case.shift_patterns), max(most, 1), 3), dtype=np.int64)
    for index, pattern in enumerate(case.shift_patterns):
        for position, pause in enumerate(pattern.breaks):
            earliest = -(-pause.earliest_after // interval)
            breaks[index, position] = (pause.minutes // interval, earliest, pause.latest_after // interval)
    return breaks


def _refuse_long_rest(case: Case, options: ShiftOptions) -> None:
    """The tour program remembers the rest owed for one day only (`tours`)."""
    rest = rest_slots(case)
    for day in range(case.days - 2):
        today = slice(*options.day_first[day : day + 2])
        later = slice(*options.day_first[day + 2 : day + 4])
        latest, earliest = options.end[today].max(initial=0), options.start[later].min(initial=case.grid.slots)
        if latest + rest > earliest:
            pattern = case.shift_patterns[options.pattern[today][options.end[today].argmax()]]
            raise WfmError(
                f"Shift pattern {pattern.id!r} can end so late that the daily rest reaches a shift two days later: "
                "shorten it or move its latest start forward."
            )
