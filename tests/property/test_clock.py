"""The clock, exhaustively: every half-hour of 2023 to 2028 in both zones, and days of any length in zones that change oddly."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.blocks import block_times
from wfm.calendar import calendar
from wfm.clock import PARIS, RABAT, Grid, day_start, day_starts, to_utc, zone
from wfm.errors import WallTimeError
from wfm.opening import legal_spans
from wfm.partner import BlockShift, Partner, Tier, TierMode

FIRST, END = datetime(2023, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
HALF_HOUR, HOUR, DAY = timedelta(minutes=30), timedelta(hours=1), timedelta(days=1)

# The public table of both clocks: from this UTC hour on, Rabat and Paris are so many hours ahead of UTC.
CLOCKS = (
    ("2022-12-31T00", 1, 1),
    ("2023-03-19T02", 0, 1),
    ("2023-03-26T01", 0, 2),
    ("2023-04-23T02", 1, 2),
    ("2023-10-29T01", 1, 1),
    ("2024-03-10T02", 0, 1),
    ("2024-03-31T01", 0, 2),
    ("2024-04-14T02", 1, 2),
    ("2024-10-27T01", 1, 1),
    ("2025-02-23T02", 0, 1),
    ("2025-03-30T01", 0, 2),
    ("2025-04-06T02", 1, 2),
    ("2025-10-26T01", 1, 1),
    ("2026-02-15T02", 0, 1),
    ("2026-03-22T02", 1, 1),
    ("2026-03-29T01", 1, 2),
    ("2026-09-20T01", 0, 2),
    ("2026-10-25T01", 0, 1),
    ("2027-03-28T01", 0, 2),
    ("2027-10-31T01", 0, 1),
    ("2028-03-26T01", 0, 2),
    ("2028-10-29T01", 0, 1),
)
COLUMN = {RABAT: 1, PARIS: 2}

steady = settings(derandomize=True, deadline=None, database=None)

# Midnights skipped and repeated, changes of half an hour, a whole day skipped, quarter-hour offsets.
ODD_ZONES = (
    RABAT,
    PARIS,
    "Indian/Reunion",
    "America/Martinique",
    "America/Havana",
    "America/Santiago",
    "Africa/Cairo",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kathmandu",
)
zones = st.sampled_from(ODD_ZONES).map(zone)
days = st.dates(date(2010, 1, 1), date(2030, 1, 1))


def offsets(name):
    """(instant, offset from then on) of one zone, without the rows in which only the other changes."""
    rows = [(datetime.fromisoformat(f"{row[0]}:00Z"), row[COLUMN[name]] * HOUR) for row in CLOCKS]
    return [rows[0], *(row for before, row in pairwise(rows) if row[1] != before[1])]


def changes(name):
    """Wall times [from, to) that the table makes the clock skip, and those that it makes it repeat."""
    skipped, repeated = [], []
    for (_, old), (at, new) in pairwise(offsets(name)):
        edges = sorted((at.replace(tzinfo=None) + old, at.replace(tzinfo=None) + new))
        (skipped if new > old else repeated).append(edges)
    return skipped, repeated


def inside(wall, spans):
    return any(first <= wall < end for first, end in spans)


def half_hours():
    return [FIRST + index * HALF_HOUR for index in range((END - FIRST) // HALF_HOUR)]


def outcome(wall, tz):
    """What a wall time means, or why it means nothing."""
    try:
        return to_utc(wall, tz)
    except WallTimeError as error:
        return "skipped" if "does not exist" in str(error) else "repeated"


@pytest.mark.parametrize("name", [PARIS, RABAT])
def test_every_half_hour_of_six_years_goes_to_the_wall_and_back(name):
    tz, (skipped, repeated) = zone(name), changes(name)
    steps = iter([*offsets(name)[1:], (END, None)])
    offset, (until, following) = offsets(name)[0][1], next(steps)
    doubled = 0
    for instant in half_hours():
        if instant >= until:
            offset, (until, following) = following, next(steps)
        wall = instant.astimezone(tz).replace(tzinfo=None)
        assert wall == (instant + offset).replace(tzinfo=None), instant
        assert not inside(wall, skipped), instant
        twice = inside(wall, repeated)
        doubled += twice
        assert outcome(wall, tz) == ("repeated" if twice else instant), instant

    assert len(half_hours()) == 105_216
    # Each repeated hour is four half-hours of elapsed time.
    assert doubled == 4 * len(repeated)
    assert (len(skipped), len(repeated)) == {PARIS: (6, 6), RABAT: (4, 5)}[name]


@pytest.mark.parametrize("name", [PARIS, RABAT])
def test_exactly_the_wall_times_of_the_table_are_skipped_or_repeated(name):
    tz, (skipped, repeated) = zone(name), changes(name)
    for instant in half_hours():
        wall = instant.replace(tzinfo=None)  # every half-hour that a clock on the wall can show
        found = outcome(wall, tz)
        if inside(wall, skipped):
            assert found == "skipped", wall
        elif inside(wall, repeated):
            assert found == "repeated", wall
        else:
            assert found.astimezone(tz).replace(tzinfo=None) == wall


@pytest.mark.parametrize(("row", "following"), [*pairwise(CLOCKS[4:-2])])
def test_the_legal_calling_window_of_the_table_in_rabat(row, following):
    since, rabat_offset, paris_offset = row
    day = date.fromisoformat(since[:10]) + DAY
    while not legal_spans(calendar("FR"), day):
        day += DAY
    assert day < date.fromisoformat(following[0][:10])
    paris, rabat = zone(PARIS), zone(RABAT)
    edges = [to_utc(datetime.combine(day, edge), paris) for span in legal_spans(calendar("FR"), day) for edge in span]
    early = paris_offset - rabat_offset

    assert [edge.astimezone(rabat).hour + early for edge in edges] == [10, 13, 14, 20]


@pytest.mark.parametrize(
    ("day", "name", "slots"),
    [
        (date(2026, 9, 20), RABAT, 50),
        (date(2026, 3, 22), RABAT, 46),
        (date(2026, 2, 15), RABAT, 50),
        (date(2026, 11, 23), RABAT, 48),
        (date(2026, 3, 29), PARIS, 46),
        (date(2026, 10, 25), PARIS, 50),
        (date(2026, 3, 22), PARIS, 48),
    ],
)
def test_half_hours_of_days_with_23_24_and_25_hours(day, name, slots):
    tz = zone(name)
    assert Grid.of_days(day, 1, 30, tz).slots == slots
    assert Grid.of_days(day, 1, 15, tz).slots == 2 * slots
    assert Grid.of_days(day - DAY, 3, 30, tz).day_first_slots(day - DAY, 3, tz).tolist() == [
        0,
        48,
        48 + slots,
        96 + slots,
    ]
    # The same day as a plan's grid of the other clock sees it: elapsed time, clipped.
    starts = day_starts(day, 1, tz)
    assert starts[1] - starts[0] == slots * HALF_HOUR


@pytest.mark.parametrize("name", [PARIS, RABAT])
def test_every_day_of_six_years_is_as_long_as_the_table_says(name):
    skipped, repeated = changes(name)
    lengths = {first.date(): 23 for first, _ in skipped} | {first.date(): 25 for first, _ in repeated}
    first, count = FIRST.date(), (END - FIRST).days
    for offset, (start, end) in enumerate(pairwise(day_starts(first, count, zone(name)))):
        day = first + offset * DAY
        assert end - start == lengths.get(day, 24) * HOUR, day


@pytest.mark.parametrize("name", [PARIS, RABAT])
def test_blocks_of_six_years_last_as_long_as_the_table_says_or_are_not_sold(name):
    skipped, repeated = changes(name)
    shifts = [(time(0), time(6)), (time(1), time(5)), (time(2), time(6)), (time(3), time(7)), (time(20), time(0))]
    blocks = [BlockShift(id=f"{start}", start=start, end=end, weekdays=(1, 2, 3, 4, 5, 6, 7)) for start, end in shifts]
    unsold = 0
    for offset in range((END - FIRST).days):
        day = FIRST.date() + offset * DAY
        for block in blocks:
            edges = datetime.combine(day, block.start), datetime.combine(day + DAY * (block.end == time(0)), block.end)
            if any(inside(edge, skipped + repeated) for edge in edges):
                unsold += 1
                with pytest.raises(WallTimeError):
                    block_times(partner(name), block, day)
                continue
            start, end = block_times(partner(name), block, day)
            change = sum(edges[0] <= first < edges[1] for first, _ in repeated)
            change -= sum(edges[0] <= first < edges[1] for first, _ in skipped)
            assert end - start == edges[1] - edges[0] + change * HOUR, (day, block)
    # In every hour skipped or repeated lies the edge of one of these blocks.
    assert unsold == len(skipped) + len(repeated)


@cache
def partner(name):
    return Partner(
        id="any",
        name="Any",
        city="Any",
        time_zone=name,
        seats=1,
        current_seats=1,
        ramp_seats_per_week=0,
        block_seats=1,
        lead_time_days=0,
        min_billed_hours=0,
        tier_mode=TierMode.INCREMENTAL,
        tiers=(Tier(from_hours=0, price_per_hour=1),),
        shifts=(),
        certifications=(),
    )


def wall(text):
    return datetime.fromisoformat(text)


def test_worked_examples():
    paris, rabat = zone(PARIS), zone(RABAT)
    window = [to_utc(wall(f"2026-03-10T{hour}"), paris).astimezone(rabat) for hour in (10, 20)]
    assert [edge.hour for edge in window] == [9, 19]
    morning = to_utc(wall("2026-11-23T10"), paris)
    assert morning == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert morning.astimezone(rabat).time() == time(9)
    # 22:00 to 06:00 over a 25-hour night is nine hours of work.
    shift = [to_utc(wall(text), rabat) for text in ("2026-09-19T22", "2026-09-20T06")]
    assert shift[1] - shift[0] == 9 * HOUR


@settings(steady, max_examples=300)
@given(st.datetimes(wall("2010-01-01"), wall("2030-01-01")), zones)
def test_any_instant_comes_back_or_its_wall_time_is_refused(naive, tz):
    instant = naive.replace(tzinfo=UTC)
    local = instant.astimezone(tz)
    twice = local.astimezone(UTC) != local.replace(fold=1 - local.fold).astimezone(UTC)
    assert outcome(local.replace(tzinfo=None), tz) == ("repeated" if twice else instant)


@settings(steady, max_examples=300)
@given(days, zones)
def test_a_day_starts_at_its_first_instant(day, tz):
    start = day_start(day, tz)
    assert start.tzinfo is UTC
    assert start.astimezone(tz).date() >= day
    assert (start - timedelta(minutes=1)).astimezone(tz).date() < day
    # Apia had no 2011-12-30: that day starts, and ends, where the next one starts.
    assert (start.astimezone(tz).date() == day) or day_starts(day, 1, tz) == [start, start]


@settings(steady, max_examples=60)
@given(days, st.integers(1, 84), st.sampled_from([15, 30]), zones, st.data())
def test_grids_cover_whole_days_and_number_them_in_elapsed_time(day, count, interval, tz, data):
    grid, starts = Grid.of_days(day, count, interval, tz), day_starts(day, count, tz)
    length = timedelta(minutes=interval)

    assert (grid.instant(0), grid.instant(grid.slots)) == (starts[0], starts[-1])
    first = grid.day_first_slots(day, count, tz)
    assert [grid.instant(int(slot)) for slot in first] == starts
    assert (np.diff(first) * length).tolist() == [end - start for start, end in pairwise(starts)]

    slot = data.draw(st.integers(-100, grid.slots + 100))
    within = data.draw(st.timedeltas(timedelta(0), length - timedelta(microseconds=1)))
    assert grid.slot(grid.instant(slot) + within) == slot
    assert grid.is_aligned(grid.instant(slot) + within) == (within == timedelta(0))
    assert grid.instant(slot + 1) - grid.instant(slot) == length

    walls = grid.walls(tz)
    assert len(walls) == grid.slots
    assert all(day <= wall.date() < day + count * DAY for wall in walls)
    for place, after in enumerate(walls[1:]):
        if after - walls[place] != length:
            # Only a clock change breaks the rhythm of walls, and never that of instants.
            at = grid.instant(place).astimezone(tz)
            assert at.utcoffset() != grid.instant(place + 1).astimezone(tz).utcoffset()
