"""The clock of pay, and which holidays the wages pay."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from wfm.pay import is_credited, pay_clock


def clock_of(case):
    return pay_clock(case, case.sites[0])


def test_nights_last_from_21_to_6(pay_case):
    night = clock_of(pay_case(date(2026, 11, 23))).night

    assert np.flatnonzero(~night[:48]).tolist() == list(range(12, 42))


@pytest.mark.parametrize(("first_day", "hours"), [(date(2026, 9, 14), 25), (date(2026, 3, 16), 23)])
def test_rest_days_follow_the_wall_clock(pay_case, first_day, hours):
    """Sunday is the day on which Rabat changes its clocks."""
    clock = clock_of(pay_case(first_day, site={"rest_weekday": 7}))

    assert clock.rest_day.sum() == 2 * hours
    assert np.array_equal(clock.rest_day, clock.day == 6)
    assert clock.night[clock.rest_day].sum() == 2 * (hours - 15)


def test_rest_by_rotation_has_no_rest_day(pay_case):
    assert not clock_of(pay_case(date(2026, 11, 23))).rest_day.any()


def test_holidays_last_from_midnight_to_midnight(pay_case):
    clock = clock_of(pay_case(date(2026, 11, 16)))

    assert np.flatnonzero(clock.holiday).tolist() == list(range(96, 144))


def test_the_clock_cannot_be_changed_by_its_users(pay_case):
    with pytest.raises(ValueError, match="read-only"):
        clock_of(pay_case(date(2026, 11, 16))).night[0] = False


def test_a_case_of_other_days_has_its_own_clock(pay_case):
    case = pay_case(date(2026, 11, 16))

    assert clock_of(case).holiday.any()
    assert not clock_of(case.model_copy(update={"first_day": date(2026, 11, 23)})).holiday.any()


@pytest.mark.parametrize(
    ("day", "days_per_week", "rest_weekday", "credited"),
    [
        (date(2026, 11, 18), 5, None, True),
        (date(2026, 11, 18), 3, None, True),
        (date(2026, 11, 18), 2, None, False),
        (date(2026, 11, 18), 6, 3, False),
        (date(2026, 11, 11), 5, None, False),
        (date(2026, 10, 31), 5, None, False),
        (date(2026, 10, 31), 6, None, True),
    ],
)
def test_a_holiday_on_a_working_day_is_credited(pay_case, day, days_per_week, rest_weekday, credited):
    """2026-11-18 is a Wednesday, 2026-10-31 a Saturday; 2026-11-11 is a holiday in France alone."""
    monday = day - timedelta(days=day.weekday())
    case = pay_case(monday, site={"rest_weekday": rest_weekday}, contract={"days_per_week": days_per_week})

    assert is_credited(case, case.agents[0], day) == credited
