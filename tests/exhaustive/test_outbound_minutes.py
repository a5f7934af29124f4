"""Every minute of every outbound assignment of three years, held against the law as this file alone reads it.

The definition here is written from the articles (Consumer Code D223-9, Labour Code L3133-1), minute by minute, and shares no
code with the product but the clock's zones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from wfm.campaign import Channel
from wfm.check import check_plan
from wfm.clock import zone
from wfm.coverage import capacity
from wfm.opening import open_slots

MORNING, AFTERNOON = range(10 * 60, 13 * 60), range(14 * 60, 20 * 60)
ZONES = {
    "calls_metropole": "Europe/Paris",
    "calls_reunion": "Indian/Reunion",
    "calls_martinique": "America/Martinique",
}


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e, f = b // 4, b % 4, (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@cache
def free_days(year: int) -> frozenset[date]:
    """The eleven days of L3133-1."""
    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    moving = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday
    return frozenset(
        [date(year, month, day) for month, day in fixed] + [easter(year) + timedelta(days=days) for days in moving]
    )


@cache
def is_legal(minute: int, zone_name: str) -> bool:
    """Whether a consumer may be called in a minute, counted from 1970-01-01T00:00Z."""
    wall = datetime.fromtimestamp(60 * minute, zone(zone_name))
    of_day = 60 * wall.hour + wall.minute
    return wall.weekday() < 5 and (of_day in MORNING or of_day in AFTERNOON) and wall.date() not in free_days(wall.year)


def minutes_of(case, first_slot: int, last_slot: int) -> range:
    start, end = (int(case.grid.instant(slot).timestamp()) // 60 for slot in (first_slot, last_slot))
    return range(start, end)


def own_minutes(case, plan) -> Iterator[tuple[str, range]]:
    """(campaign, minutes) of every own outbound assignment."""
    for shift in plan.shifts:
        for segment in shift.segments:
            if segment.activity in ZONES:
                yield segment.activity, minutes_of(case, segment.first_slot, segment.last_slot)


def partner_minutes(case, plan) -> Iterator[tuple[str, range]]:
    """(campaign, minutes) in which the seats bought count as work."""
    worked = capacity(case, plan)
    for name in ZONES:
        for slot in np.flatnonzero(worked[name].partner):
            yield name, minutes_of(case, int(slot), int(slot) + 1)


def illegal(assignments: Iterator[tuple[str, range]]) -> list[tuple[str, int]]:
    return [(name, minute) for name, minutes in assignments for minute in minutes if not is_legal(minute, ZONES[name])]


def test_this_file_knows_the_calendar():
    assert [easter(year) for year in (2025, 2026, 2027)] == [date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28)]
    assert len(free_days(2026)) == 11
    for year, month, days, hours in ((2026, 12, 22, 198), (2026, 5, 17, 153), (2027, 5, 19, 171), (2026, 11, 20, 180)):
        first = int(datetime(year, month, 1, tzinfo=UTC).timestamp()) // 60
        length = 24 * 60 * ((date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days)
        legal = [minute for minute in range(first, first + length) if is_legal(minute, "Europe/Paris")]
        assert len(legal) == 60 * hours
        assert len({datetime.fromtimestamp(60 * minute, UTC).date() for minute in legal}) == days


def test_the_plans_cover_three_years_and_obey_every_rule(planned):
    days = [(case.first_day, case.last_day) for case, _, _ in planned]
    assert all(after[0] - before[1] == timedelta(days=1) for before, after in pairwise(days))
    assert days[0][0] <= date(2025, 1, 1)
    assert days[-1][1] >= date(2027, 12, 31)
    for case, requirement, plan in planned:
        assert check_plan(case, requirement, plan) == []


@pytest.mark.parametrize("of", [own_minutes, partner_minutes])
def test_no_outbound_minute_is_illegal(planned, of: Callable):
    tested = Counter()
    for case, _, plan in planned:
        assert illegal(of(case, plan)) == []
        for name, minutes in of(case, plan):
            tested[name] += len(minutes)
    print(f"{sum(tested.values()):,} minutes of {of.__name__}: {dict(tested)}")

    # Every campaign for hundreds of hours a year, or the test would say nothing.
    assert set(tested) == set(ZONES)
    assert min(tested.values()) > 3 * 300 * 60


def test_the_work_asked_for_was_not_legal(planned):
    """Work was asked for in the whole day of every day, so that only the law kept it out of the nights and Sundays."""
    for case, requirement, _ in planned:
        for entry in requirement.campaigns:
            if entry.campaign in ZONES:
                asked = {minute for item in entry.items for minute in minutes_of(case, item.first_slot, item.last_slot)}
                assert len(asked) == case.grid.slots * 30


def test_agents_worked_at_the_edges_of_the_law(planned):
    """Not by luck in the middle of the day: calls are planned in the first and last legal half-hours, on every clock."""
    edges = Counter()
    for case, _, plan in planned:
        for name, minutes in own_minutes(case, plan):
            tz = zone(ZONES[name])
            for minute in (minutes[0], minutes[-1] + 1):
                edges[name, f"{datetime.fromtimestamp(60 * minute, tz):%H:%M}"] += 1
    for name in ZONES:
        assert all(edges[name, edge] for edge in ("10:00", "13:00", "14:00", "20:00")), edges


def test_open_means_legal_to_the_minute_and_nothing_legal_is_refused(planned):
    """Over all slots of three years: open exactly when each of its thirty minutes is legal and in the opening hours."""
    for case, _, _ in planned:
        for entry in case.campaigns:
            if entry.channel is Channel.OUTBOUND:
                name = ZONES[entry.id]
                law = [
                    all(is_legal(minute, name) for minute in minutes_of(case, slot, slot + 1))
                    for slot in range(case.grid.slots)
                ]
                assert open_slots(case, entry).tolist() == law


@pytest.mark.parametrize(
    ("year", "month", "day", "hour", "minute"),
    [
        (2026, 11, 23, 9, 59),  # before ten
        (2026, 11, 23, 13, 0),  # lunch
        (2026, 11, 23, 20, 0),  # after eight
        (2026, 11, 11, 11, 0),  # a holiday
        (2027, 5, 17, 11, 0),  # Whit Monday
        (2026, 11, 21, 11, 0),  # a Saturday
    ],
)
def test_one_planted_minute_is_found(planned, year, month, day, hour, minute):
    for name, zone_name in ZONES.items():
        at = datetime(year, month, day, hour, minute, tzinfo=zone(zone_name))
        planted = int(at.timestamp()) // 60
        case, _, plan = next(entry for entry in planned if entry[0].first_day <= at.date() <= entry[0].last_day)
        fine = list(own_minutes(case, plan))
        assert illegal(iter([*fine, (name, range(planted, planted + 1))])) == [(name, planted)]


def test_one_planted_assignment_is_found_here_and_by_the_checker(planned):
    case, requirement, plan = planned[0]
    # An afternoon's calls to Paris, made to consumers whose clock is hours behind: some minute of it is outside the law.
    shift, segment = next(
        (shift, segment)
        for shift in plan.shifts
        for segment in shift.segments
        if segment.activity == "calls_metropole"
        and any(
            not is_legal(minute, ZONES["calls_martinique"])
            for minute in minutes_of(case, segment.first_slot, segment.last_slot)
        )
    )
    bad = segment.model_copy(update={"activity": "calls_martinique"})
    segments = tuple(bad if entry == segment else entry for entry in shift.segments)
    shifts = tuple(
        entry if entry != shift else shift.model_copy(update={"segments": segments}) for entry in plan.shifts
    )
    worse = plan.model_copy(update={"shifts": shifts})
    found = illegal(own_minutes(case, worse))
    expected = [
        minute
        for minute in minutes_of(case, segment.first_slot, segment.last_slot)
        if not is_legal(minute, "America/Martinique")
    ]

    assert expected
    assert found == [("calls_martinique", minute) for minute in expected]
    assert "FR-OUT-WINDOW" in {violation.rule for violation in check_plan(case, requirement, worse)}
