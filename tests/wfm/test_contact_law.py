"""When a consumer may next be called: attempts, refusals, legal days."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.calendar import calendar
from wfm.contact_law import next_legal_attempt
from wfm.errors import WfmError

FRANCE = calendar("FR")
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 11, 23), date(2026, 11, 23)),
        (date(2026, 11, 11), date(2026, 11, 12)),
        (date(2026, 11, 21), date(2026, 11, 23)),
        (date(2026, 12, 25), date(2026, 12, 28)),
    ],
    ids=["Monday", "Armistice", "Saturday", "Christmas, a Friday"],
)
def test_a_consumer_never_called(on, expected):
    assert next_legal_attempt("FR", [], [], on, FRANCE) == expected


@pytest.mark.parametrize(("count", "expected"), [(3, MONDAY), (4, MONDAY + timedelta(30)), (9, MONDAY + timedelta(30))])
def test_attempts_of_one_day_count_one_by_one(count, expected):
    assert next_legal_attempt("FR", [MONDAY] * count, [], MONDAY, FRANCE) == expected


def test_attempts_already_planned_count_too():
    """With four on 2 December, no window of thirty days that holds one of them has room: not until 1 January, a holiday."""
    planned = [date(2026, 12, 2)] * 4

    assert next_legal_attempt("FR", planned, [], MONDAY, FRANCE) == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("refused", "expected"),
    [(date(2026, 9, 23), MONDAY), (date(2026, 9, 24), date(2026, 11, 24)), (date(2026, 9, 22), MONDAY)],
)
def test_sixty_full_days_of_silence(refused, expected):
    """From 24 September to 22 November there are sixty days."""
    assert next_legal_attempt("FR", [], [refused], MONDAY, FRANCE) == expected


def test_the_latest_refusal_counts():
    assert next_legal_attempt("FR", [], [date(2026, 1, 5), date(2026, 9, 24)], MONDAY, FRANCE) == date(2026, 11, 24)


def test_a_country_without_law_on_calls():
    sunday = date(2026, 11, 22)

    assert next_legal_attempt("DE", [sunday] * 9, [sunday], sunday, calendar("DE")) == sunday


def test_before_the_decree():
    assert next_legal_attempt("FR", [date(2023, 1, 2)] * 9, [], date(2023, 1, 2), FRANCE) == date(2023, 1, 2)


def test_a_year_of_attempts_has_no_legal_day():
    every_day = [MONDAY + timedelta(day) for day in range(400) for _ in range(4)]

    with pytest.raises(WfmError, match="within 366 days of 2026-11-23"):
        next_legal_attempt("FR", every_day, [], MONDAY, FRANCE)


@settings(derandomize=True, deadline=None, database=None, max_examples=60)
@given(waits=st.lists(st.integers(min_value=0, max_value=25), max_size=12))
def test_whoever_asks_before_every_attempt_keeps_the_law(waits):
    """No thirty days ever hold five attempts."""
    attempts: list[date] = []
    on = MONDAY
    for wait in waits:
        day = next_legal_attempt("FR", attempts, [], on + timedelta(wait), FRANCE)
        attempts.append(day)
        on = day
    assert all(sum(first <= other < first + timedelta(30) for other in attempts) <= 4 for first in attempts)
    assert all(earlier <= later for earlier, later in pairwise(attempts))
