"""Every shift that the case's patterns allow on every day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from models.roster.breaks import NO_BREAK, Window, iftar_slots, parted, windows
from models.roster.problem import Bools, Ints, ShiftOptions
from wfm.case import Case
from wfm.clock import to_utc
from wfm.errors import WallTimeError, WfmError
from wfm.law import labour_pack
from wfm.pay import pay_clock
from wfm.ramadan import in_season, is_fasting
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
    """All (day, pattern, start), sorted by day. Left out: patterns out of season, shifts above the legal daily maximum or with
    too little break, and shifts that leave the grid.

    Raises WfmError for a pattern that ends so late that the legal rest reaches into the second day after it.
    """
    interval = case.interval_minutes
    first = case.grid.day_first_slots(case.first_day, case.days, case.home_zone)
    edges, iftar = _pay_edges(case, first), iftar_slots(case)
    most_breaks = max((len(pattern.breaks) for pattern in case.shift_patterns), default=0) or 1
    rows, breaks = [], []
    for day in range(case.days):
        today = case.first_day + timedelta(days=day)
        for index, pattern in enumerate(case.shift_patterns):
            if not in_season(case, pattern, today):
                continue
            for start in _wall_starts(case, pattern, day):
                end = start + pattern.presence_minutes // interval
                if end > case.grid.slots:
                    continue
                whole = windows(case, pattern, start, iftar[day])
                effective = end - start - _unpaid_slots(pattern, whole)
                if not _is_legal(case, today, effective * interval, interval * sum(length for length, _, _ in whole)):
                    continue
                inside = [edge - start for edge in edges if start < edge < end]
                for parts in parted(pattern, whole, inside):
                    rows.append((day, index, start, end, effective, end > first[day + 1]))
                    breaks.append([*parts, *[NO_BREAK] * (most_breaks - len(parts))])
    table = np.array(rows, dtype=np.int64).reshape(-1, 6)
    days, patterns, starts, ends, effectives, overnight = (np.ascontiguousarray(column) for column in table.T)
    options = ShiftOptions(
        day=days,
        pattern=patterns,
        start=starts,
        end=ends,
        effective=effectives,
        overnight=overnight.astype(bool),
        day_first=np.searchsorted(days, np.arange(case.days + 1)).astype(np.int64),
        breaks=np.array(breaks, dtype=np.int64).reshape(-1, most_breaks, 3),
        unpaid=_unpaid(case, most_breaks),
    )
    _refuse_long_rest(case, options)
    return options


def _pay_edges(case: Case, first: Ints) -> list[int]:
    """Midnights at which hours begin or cease to be those of a holiday or rest day on which somebody may work."""
    special = np.zeros(case.days, dtype=bool)
    for site in case.sites:
        clock = pay_clock(case, site)
        if site.may_work_holidays:
            special |= clock.holiday[first[:-1]]
        if site.rest_day_work:
            special |= clock.rest_day[first[:-1]]
    return [int(first[day]) for day in range(1, case.days) if special[day - 1] or special[day]]


def _is_legal(case: Case, day: date, effective: int, pauses: int) -> bool:
    """Whether a shift of so many effective minutes and minutes of breaks may start on a day."""
    country = case.sites[0].country
    rule = labour_pack(country).rule(f"{country}-BREAK", day)
    owed = 0
    if rule is not None and effective > rule.parameters["after_minutes"]:
        owed = rule.parameters["ramadan_minutes" if is_fasting(case, day) else "minutes"]
    return pauses >= owed and effective <= _parameter(case, "DAY-MAX", day)["effective_minutes"]


def _unpaid_slots(pattern: ShiftPattern, breaks: Sequence[Window]) -> int:
    return sum(length for pause, (length, _, _) in zip(pattern.breaks, breaks, strict=True) if not pause.paid)


def _unpaid(case: Case, most_breaks: int) -> Bools:
    unpaid = np.zeros((len(case.shift_patterns), most_breaks), dtype=bool)
    for index, pattern in enumerate(case.shift_patterns):
        unpaid[index, : len(pattern.breaks)] = [not pause.paid for pause in pattern.breaks]
    return unpaid


def rest_slots(case: Case) -> int:
    """Slots between the end of a shift and the start of the next that the legal daily rest takes."""
    return -(-int(_parameter(case, "REST-DAILY", case.first_day)["elapsed_minutes"]) // case.interval_minutes)


def _parameter(case: Case, code: str, on: date) -> dict[str, Any]:
    pack = labour_pack(case.sites[0].country)
    return pack.require(f"{pack.country}-{code}", on).parameters


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
