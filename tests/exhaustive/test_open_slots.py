"""Open slots on any grid, for customers on any clock, against the definition minute by minute."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wfm.calendar import calendar
from wfm.campaign import Channel, OpeningHours
from wfm.clock import PARIS, RABAT, Grid, zone
from wfm.opening import legal_spans, open_mask

MINUTE = timedelta(minutes=1)
HOMES = (RABAT, PARIS)
# Whole hours, half and quarter ones; changes at midnight and of half an hour; beyond the date line.
MARKETS = (
    PARIS,
    "Indian/Reunion",
    "America/Martinique",
    "America/Miquelon",
    "Pacific/Noumea",
    "Pacific/Marquesas",
    "America/Havana",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
)
CHANGES = [
    date(2025, 3, 29),
    date(2026, 2, 14),
    date(2026, 9, 19),
    date(2026, 10, 24),
    date(2026, 4, 4),
    date(2026, 11, 1),
]
days = st.one_of(st.sampled_from(CHANGES), st.dates(date(2023, 3, 1), date(2028, 12, 31)))
# Edges that lie on the grid, and edges that do not.
edges = st.sampled_from(range(0, 1441, 5)) | st.sampled_from(range(0, 1441, 60))
spans = st.lists(st.tuples(edges, edges).map(sorted).filter(lambda span: span[0] < span[1]), min_size=1, max_size=2)


def clock(minute):
    return time(minute // 60 % 24, minute % 60)


def opens_on(weekdays, spans_of_day):
    return [
        OpeningHours(campaign="any", weekday=weekday, opens=clock(first), closes=clock(last))
        for weekday in weekdays
        for first, last in spans_of_day
    ]


def covered(walls, given_spans):
    """Whether one span of one local day, (from, to) in minutes of the day, holds every one of these minutes."""
    of_day = [60 * wall.hour + wall.minute for wall in walls]
    return len({wall.date() for wall in walls}) == 1 and any(
        all(first <= minute < last for minute in of_day) for first, last in given_spans
    )


def legal_minutes(holidays, day):
    return [(60 * start.hour + start.minute, 60 * end.hour + end.minute) for start, end in legal_spans(holidays, day)]


@pytest.mark.parametrize("channel", [Channel.INBOUND, Channel.OUTBOUND])
def test_a_slot_is_open_when_every_minute_of_it_is(tiny_case, channel):
    campaign = next(entry for entry in tiny_case.campaigns if entry.channel is channel)
    france = calendar("FR")

    @settings(derandomize=True, deadline=None, database=None, max_examples=150)
    @given(days, st.sampled_from(HOMES), st.sampled_from(MARKETS), st.sampled_from([15, 30]), spans, st.booleans())
    @example(date(2026, 11, 23), RABAT, "Asia/Kathmandu", 30, [(0, 1440)], False)
    @example(date(2026, 9, 19), RABAT, PARIS, 30, [(90, 150), (600, 1440)], True)
    def holds(day, home, market, interval, spans_of_day, every_day):
        tz = zone(market)
        grid = Grid.of_days(day, 2, interval, zone(home))
        weekdays = range(1, 8) if every_day else (day.isoweekday(),)
        mask = open_mask(grid, campaign, opens_on(weekdays, spans_of_day), france, tz)
        for slot in range(grid.slots):
            start = grid.instant(slot)
            walls = [(start + minute * MINUTE).astimezone(tz).replace(tzinfo=None) for minute in range(interval)]
            wanted = walls[0].isoweekday() in weekdays and covered(walls, spans_of_day)
            if channel is Channel.OUTBOUND:
                wanted = wanted and covered(walls, legal_minutes(france, walls[0].date()))
            else:
                wanted = wanted and not france.is_holiday(walls[0].date())
            assert mask[slot] == wanted, (slot, walls[0])

    holds()


def test_a_half_hour_that_straddles_an_edge_is_outside(tiny_case):
    """12:45 to 13:15 on the consumer's clock is illegal, though half of it lies in the window."""
    sales = next(entry for entry in tiny_case.campaigns if entry.channel is Channel.OUTBOUND)
    tz = zone("Asia/Kathmandu")
    grid = Grid.of_days(date(2026, 11, 23), 1, 30, zone(RABAT))
    mask = open_mask(grid, sales, opens_on(range(1, 8), [(0, 1440)]), calendar("FR"), tz)
    starts = [f"{wall:%H:%M}" for wall, is_open in zip(grid.walls(tz), mask, strict=True) if is_open]

    assert starts[0] == "10:15"
    assert "12:15" in starts
    assert "12:45" not in starts
    assert "13:45" not in starts
    assert starts[-1] == "19:15"
    assert datetime.combine(date(2026, 11, 23), time(19, 45)) in grid.walls(tz)
