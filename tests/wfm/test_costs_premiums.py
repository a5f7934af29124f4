"""Overtime and holidays on the bill, by hand: 30.00 MAD an hour, Rabat."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from wfm.agent import Regime
from wfm.calendar import CalendarChange, Change
from wfm.costs import bill

NOVEMBER_23, INDEPENDENCE_WEEK = date(2026, 11, 23), date(2026, 11, 16)


@pytest.fixture
def costs_of(tiny_requirement, cents_of):
    """`costs_of(case, shifts)`: (overtime, holiday) in cents."""
    nothing_required = tiny_requirement.model_copy(update={"campaigns": ()})

    def price(case, shifts):
        costs = bill(case, nothing_required, shifts, [])
        assert costs.changeable_cents == cents_of(costs, "overtime") + cents_of(costs, "holiday")
        return cents_of(costs, "overtime"), cents_of(costs, "holiday")

    return price


def four_long_days(case, shift_from):
    """40 hours from Monday to Thursday."""
    return [shift_from(case, case.first_day + timedelta(days=day), 8, ("idle", 600)) for day in range(4)]


@pytest.mark.parametrize(
    ("start", "hours", "cents"),
    [(12, 5, 3750), (16, 7, 3750 + 2 * 4500), (17, 7, 3 * 4500), (1, 8, 4500 + 3 * 3750)],
)
def test_night_overtime(pay_case, shift_from, costs_of, start, hours, cents):
    """Four hours of Friday are owed; the premium of the others is 25 % by day and 50 % from 21:00 to 06:00."""
    case = pay_case(NOVEMBER_23)
    friday = shift_from(case, date(2026, 11, 27), start, ("idle", 60 * hours))

    assert costs_of(case, [*four_long_days(case, shift_from), friday]) == (cents, 0)


def test_nights_within_the_week_have_no_premium(pay_case, shift_from, costs_of):
    case = pay_case(NOVEMBER_23)

    assert costs_of(case, [shift_from(case, date(2026, 11, 27), 20, ("idle", 480))]) == (0, 0)


def test_rest_days_by_day_and_night(pay_case, shift_from, costs_of):
    case = pay_case(NOVEMBER_23, site={"rest_weekday": 7, "rest_day_work": True})
    sunday = shift_from(case, date(2026, 11, 29), 18, ("idle", 300))

    assert costs_of(case, [sunday]) == (3 * 4500 + 2 * 6000, 0)


def test_an_overnight_shift_into_the_rest_day(pay_case, shift_from, costs_of):
    case = pay_case(NOVEMBER_23, site={"rest_weekday": 7, "rest_day_work": True})
    saturday = shift_from(case, date(2026, 11, 28), 20, ("idle", 480))

    assert costs_of(case, [saturday]) == (4 * 6000, 0)


def test_annual_overtime_has_the_premium_of_its_hour(pay_case, shift_from, costs_of):
    case = pay_case(NOVEMBER_23, contract={"regime": Regime.ANNUAL})

    assert costs_of(case, [shift_from(case, date(2026, 11, 23), 8, ("idle", 600))]) == (3750, 0)
    assert costs_of(case, [shift_from(case, date(2026, 11, 23), 13, ("idle", 600))]) == (4500, 0)


def test_a_paid_holiday_is_paid_again_and_lowers_the_week(pay_case, shift_from, costs_of):
    """Wednesday 2026-11-18: 10 h x 30.00 more; the other 40 h are 4.8 h more than the 35.2 h owed."""
    case = pay_case(INDEPENDENCE_WEEK)
    friday = shift_from(case, date(2026, 11, 20), 8, ("idle", 600))

    assert costs_of(case, [*four_long_days(case, shift_from), friday]) == (round(4.8 * 3750), 10 * 3000)


@pytest.mark.parametrize(("days_per_week", "holiday"), [(5, 8 * 6000), (6, 8 * 3000)])
def test_a_holiday_on_a_day_off_is_paid_in_full(pay_case, shift_from, costs_of, days_per_week, holiday):
    """2026-10-31 is a Saturday: no day of a contract of five days, one of a contract of six."""
    case = pay_case(date(2026, 10, 26), contract={"days_per_week": days_per_week})

    assert costs_of(case, [shift_from(case, date(2026, 10, 31), 8, ("idle", 480))]) == (0, holiday)


def test_a_holiday_on_the_rest_day_is_a_holiday(pay_case, shift_from, costs_of):
    case = pay_case(INDEPENDENCE_WEEK, site={"rest_weekday": 3, "rest_day_work": True})

    assert costs_of(case, [shift_from(case, date(2026, 11, 18), 8, ("idle", 480))]) == (0, 8 * 6000)


def test_overnight_into_and_out_of_a_holiday(pay_case, shift_from, costs_of):
    case = pay_case(INDEPENDENCE_WEEK)
    into = shift_from(case, date(2026, 11, 17), 20, ("idle", 480))
    out = shift_from(case, date(2026, 11, 18), 21, ("idle", 480))

    assert costs_of(case, [into]) == (0, 4 * 3000)
    assert costs_of(case, [out]) == (0, 3 * 3000)


def test_a_case_may_move_its_holidays(pay_case, shift_from, costs_of):
    change = CalendarChange(country="MA", feast="Fête locale", day=date(2026, 11, 23), status=Change.DECLARED)
    case = pay_case(NOVEMBER_23, calendar_changes=(change,))

    assert costs_of(case, [shift_from(case, date(2026, 11, 23), 8, ("idle", 480))]) == (0, 8 * 3000)


def test_work_on_a_holiday_counts_in_the_week_of_its_shift(pay_case, shift_from, costs_of):
    """Half an hour of Sunday's shift on a Monday's holiday: both weeks round 15.50 up, one sum would not."""
    change = CalendarChange(country="MA", feast="Fête locale", day=date(2026, 11, 30), status=Change.DECLARED)
    case = pay_case(NOVEMBER_23, 14, agent={"hourly_base": 31}, calendar_changes=(change,))
    sunday = shift_from(case, date(2026, 11, 29), 22, ("idle", 150))
    monday = shift_from(case, date(2026, 11, 30), 20, ("idle", 30))

    assert costs_of(case, [sunday, monday]) == (0, 16 + 16)


def test_overtime_of_a_week_is_rounded_once(pay_case, shift_from, costs_of):
    """Half an hour on the rest day and one on a long day: 0.5 x 1.5 + 0.5 x 1.25 = 1.375 cents."""
    case = pay_case(NOVEMBER_23, site={"rest_weekday": 7}, contract={"regime": Regime.ANNUAL}, agent={"hourly_base": 1})
    long = shift_from(case, date(2026, 11, 27), 8, ("idle", 570))
    sunday = shift_from(case, date(2026, 11, 29), 8, ("idle", 30))

    assert costs_of(case, [long, sunday]) == (1, 0)


def test_the_night_of_25_hours(pay_case, shift_from, costs_of):
    """Rabat, 2026-09-20, a Sunday: 03:00 is 02:00 again. 22:00 to 06:00 lasts nine hours, seven of them on the rest day."""
    case = pay_case(date(2026, 9, 14), site={"rest_weekday": 7, "rest_day_work": True})
    night = shift_from(case, date(2026, 9, 19), 22, ("idle", 540))

    assert case.grid.instant(night.last_slot).astimezone(case.home_zone).hour == 6
    assert costs_of(case, [night]) == (7 * 6000, 0)


def test_the_night_of_23_hours(pay_case, shift_from, costs_of):
    """Rabat, 2026-03-22, a Sunday: 02:00 is 03:00. Saturday is the second day of Aïd al-Fitr, no day of five."""
    case = pay_case(date(2026, 3, 16), site={"rest_weekday": 7, "rest_day_work": True})
    night = shift_from(case, date(2026, 3, 21), 22, ("idle", 420))

    assert case.grid.instant(night.last_slot).astimezone(case.home_zone).hour == 6
    assert costs_of(case, [night]) == (5 * 6000, 2 * 6000)


def test_lines_say_their_hours(pay_case, shift_from, tiny_requirement):
    case = pay_case(INDEPENDENCE_WEEK, site={"rest_weekday": 7})
    shifts = [
        shift_from(case, date(2026, 11, 18), 8, ("idle", 450)),
        shift_from(case, date(2026, 11, 22), 8, ("idle", 90)),
    ]
    lines = bill(case, tiny_requirement, shifts, []).lines

    assert [(line.kind, line.quantity, line.unit) for line in lines if line.kind in ("overtime", "holiday")] == [
        ("overtime", 1.5, "overtime hours"),
        ("holiday", 7.5, "holiday hours"),
    ]
