"""Daily and weekly rest held against their definitions minute by minute, over the weeks in which Rabat's clock changes.

The definitions here know sets of minutes alone: a minute is an integer of UTC, and its local day is read off the clock.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.clock import RABAT, zone
from wfm.plan import Segment, Shift
from wfm.rules.law import consecutive_days, daily_rest

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MONDAYS = (date(2026, 2, 9), date(2026, 3, 16), date(2026, 9, 14), date(2026, 12, 7))
"""Two weeks from each hold the changes of 2026-02-15 (25 h), 2026-03-22 (23 h), 2026-09-20 (25 h), and none."""
steady = settings(derandomize=True, deadline=None, database=None, max_examples=150)

# Shifts as (first slot, slots of half an hour); overlaps and shifts past midnight included.
anything = st.lists(st.tuples(st.integers(0, 671), st.integers(1, 24)), max_size=14)
# A shift a day on five to eight days running, each of which ends within an hour and a half of midnight.
evenings = st.tuples(st.integers(0, 7), st.lists(st.integers(-3, 3), min_size=5, max_size=8)).map(
    lambda drawn: [(48 * (drawn[0] + day) + 40 + past, 8) for day, past in enumerate(drawn[1])]
)
# One shift after the other with eleven hours between them, or a little more, or a little less once.
turns = st.tuples(
    st.integers(0, 47),
    st.lists(st.tuples(st.integers(14, 20), st.integers(22, 30)), max_size=18),
    st.integers(0, 60),
).map(lambda drawn: in_turn(*drawn))
before_of = st.tuples(st.integers(0, 7), st.none() | st.integers(-1440, 600))
"""Days worked before, and the minute, from the plan's first, at which the last shift ended."""


def in_turn(slot, pairs, hasty):
    """Shifts and the rests after them; that of number `hasty` is only ten and a half hours."""
    found = []
    for number, (slots, rest) in enumerate(pairs):
        found.append((slot, slots))
        slot += slots + (21 if number == hasty else rest)
    return found


@pytest.fixture(scope="module", params=MONDAYS, ids=str)
def fortnight(request, tiny_case):
    return tiny_case.model_copy(update={"first_day": request.param, "days": 14})


def roster(case, drawn):
    """Shifts of A1 that fit the grid, as a tuple of them and as sets of minutes of UTC."""
    shifts, minutes = [], []
    for first, slots in sorted(drawn):
        if first + slots <= case.grid.slots:
            at = minute_of(case.grid.instant(first))
            segment = Segment(activity="idle", first_slot=first, slots=slots)
            shifts.append(Shift(agent="A1", day=local_day(at), pattern="day", segments=(segment,)))
            minutes.append({at + minute for minute in range(30 * slots)})
    return tuple(shifts), minutes


def minute_of(instant):
    return int(instant.timestamp()) // 60


def local_day(minute):
    return datetime.fromtimestamp(minute * 60, UTC).astimezone(zone(RABAT)).date()


def with_past(case, days, ended):
    at = None if ended is None else case.grid.start + ended * MINUTE
    first, *others = case.agents
    changed = first.model_copy(update={"days_worked_before": days, "last_shift_end": at})
    return case.model_copy(update={"agents": (changed, *others)})


@steady
@given(drawn=anything | evenings, before=before_of)
def test_six_days_with_a_minute_of_work(fortnight, tiny_plan, drawn, before):
    """Refused: a day that the plan touches in seven days touched one after the other, counted back over days before it."""
    case = with_past(fortnight, *before)
    shifts, minutes = roster(case, drawn)
    planned = {day for own in minutes for day in map(local_day, own)}
    first = minute_of(case.grid.start)
    ended = before[1] or 0
    touched = planned | {local_day(first + minute) for minute in range(max(0, ended))}
    touched |= {case.first_day - (back + 1) * DAY for back in range(before[0])}
    windows = [{start + back * DAY for back in range(7)} for start in touched]
    runs_of_seven = [window for window in windows if window <= touched]
    # A run before the plan that no shift prolongs is the past's: one that holds a planned day, or leads up to one, is not.
    refused = any(reaches(max(window), planned, touched) or window & planned for window in runs_of_seven)

    measured = list(consecutive_days.measure(case, tiny_plan.model_copy(update={"shifts": shifts})))

    assert any(not entry.is_legal for entry in measured) is refused


def reaches(day, planned, touched):
    """Whether days touched lead without a gap from `day` to one that is planned."""
    while day in touched:
        if day in planned:
            return True
        day += DAY
    return False


@steady
@given(drawn=anything | turns, ended=st.none() | st.integers(-1440, 600))
def test_eleven_elapsed_hours_without_a_minute_of_work(fortnight, tiny_plan, drawn, ended):
    """Refused: a shift in whose 660 minutes before its first there is one of another shift, or of one before the plan."""
    case = with_past(fortnight, 0, ended)
    shifts, minutes = roster(case, drawn)
    past = set() if ended is None else {minute_of(case.grid.start) + ended - 1}
    refused = any(
        set(range(min(own) - 660, min(own))) & other or min(own) in other
        for index, own in enumerate(minutes)
        for other in [past, *minutes[:index], *minutes[index + 1 :]]
    ) or any(own & past or max(past, default=0) >= min(own) for own in minutes)

    measured = list(daily_rest.measure(case, tiny_plan.model_copy(update={"shifts": shifts})))

    assert any(not entry.is_legal for entry in measured) is refused
