"""Days of 23 and 25 hours, and the hours in which one outbound line may call in a month."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from wfm.calendar import calendar
from wfm.clock import PARIS, RABAT, Grid, zone
from wfm.opening import legal_spans


@pytest.mark.parametrize(
    ("clock", "day", "half_hours"),
    [
        (RABAT, date(2026, 9, 20), 50),
        (RABAT, date(2026, 3, 22), 46),
        (RABAT, date(2026, 11, 23), 48),
        (PARIS, date(2026, 3, 29), 46),
        (PARIS, date(2026, 10, 25), 50),
    ],
)
def test_half_hours_in_the_local_day(clock, day, half_hours):
    grid = Grid.of_days(day, 1, 30, zone(clock))
    walls = grid.walls(zone(clock))

    assert grid.slots == half_hours
    assert {wall.date() for wall in walls} == {day}
    assert len(set(walls)) == min(half_hours, 48)


@pytest.mark.parametrize(
    ("year", "month", "days", "hours"),
    [(2026, 5, 17, 153), (2026, 11, 20, 180), (2026, 12, 22, 198), (2027, 1, 20, 180), (2027, 5, 19, 171)],
)
def test_legal_outbound_hours_per_line(year, month, days, hours):
    first = date(year, month, 1)
    france = calendar("FR")
    spans = [legal_spans(france, first + timedelta(days=offset)) for offset in range(31)]
    of_month = [
        spans_of_day
        for offset, spans_of_day in enumerate(spans)
        if (first + timedelta(days=offset)).month == month and spans_of_day
    ]
    length = sum(
        (datetime.combine(first, closes) - datetime.combine(first, opens) for day in of_month for opens, closes in day),
        timedelta(0),
    )

    assert (len(of_month), length) == (days, timedelta(hours=hours))
