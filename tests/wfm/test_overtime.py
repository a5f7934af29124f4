"""Which minutes are overtime: weekly and annual regime, rest days, leave and holidays, years."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from wfm.agent import Absence, AbsenceKind, Regime
from wfm.overtime import overtime_by_year, regular_week_minutes, worked_time
from wfm.worktime import credited_days, week_thresholds

NOVEMBER_23, INDEPENDENCE_WEEK, YEAR_END = date(2026, 11, 23), date(2026, 11, 16), date(2026, 12, 28)
YEAR = 137_280
HOUR = 60


@pytest.fixture
def days_of(shift_from):
    """`days_of(case, {day: hours})`: a shift from 08:00 on each such day of the plan."""

    def make(case, hours):
        return [shift_from(case, case.first_day + timedelta(days=day), 8, ("idle", 60 * h)) for day, h in hours.items()]

    return make


def leave(first: date, last: date) -> Absence:
    start = datetime.combine(first, datetime.min.time(), UTC)
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), UTC)
    return Absence(agent="A1", start=start, end=end, kind=AbsenceKind.PAID_LEAVE, whole_day=True)


def test_no_shift_is_no_time(pay_case):
    case = pay_case(NOVEMBER_23)

    assert regular_week_minutes(case, case.agents[0], []) == [0]
    assert overtime_by_year(case, case.agents[0], []) == {}


def test_weekly_overtime_is_the_end_of_the_week(pay_case, days_of):
    case = pay_case(NOVEMBER_23)
    shifts = days_of(case, dict.fromkeys(range(6), 8))
    worked = worked_time(case, case.agents[0], reversed(shifts))

    assert regular_week_minutes(case, case.agents[0], shifts) == [48 * HOUR]
    assert worked.overtime.tolist() == [0] * 88 + [30] * 8


def test_each_week_has_its_own_threshold(pay_case, days_of):
    case = pay_case(NOVEMBER_23, 14)
    shifts = days_of(case, {**dict.fromkeys(range(5), 10), **dict.fromkeys(range(7, 12), 8)})

    assert regular_week_minutes(case, case.agents[0], shifts) == [50 * HOUR, 40 * HOUR]
    assert overtime_by_year(case, case.agents[0], shifts) == {2026: 6 * HOUR}


def test_the_rest_day_is_all_overtime_and_not_of_the_week(pay_case, days_of):
    case = pay_case(NOVEMBER_23, site={"rest_weekday": 7})
    shifts = days_of(case, {**dict.fromkeys(range(5), 8), 6: 5})

    assert regular_week_minutes(case, case.agents[0], shifts) == [40 * HOUR]
    assert overtime_by_year(case, case.agents[0], shifts) == {2026: 5 * HOUR}


def test_unpaid_breaks_are_no_working_time(pay_case, shift_from):
    case = pay_case(NOVEMBER_23)
    shift = shift_from(case, date(2026, 11, 23), 9, ("idle", 240), ("break:lunch", 60), ("idle", 360))

    assert regular_week_minutes(case, case.agents[0], [shift]) == [600]


@pytest.mark.parametrize(
    ("days_per_week", "credited", "threshold"),
    [(5, [2], 2640 - 528), (2, [], 2640), (6, [2], 2640 - 440)],
)
def test_a_paid_holiday_lowers_the_threshold(pay_case, days_per_week, credited, threshold):
    """2026-11-18 is a Wednesday."""
    case = pay_case(INDEPENDENCE_WEEK, contract={"days_per_week": days_per_week})

    assert credited_days(case, case.agents[0]) == credited
    assert week_thresholds(case, case.agents[0]) == [threshold]


def test_leave_and_holiday_on_one_day_count_once(pay_case):
    case = pay_case(INDEPENDENCE_WEEK, absences=(leave(date(2026, 11, 16), date(2026, 11, 18)),))

    assert credited_days(case, case.agents[0]) == [0, 1, 2]
    assert week_thresholds(case, case.agents[0]) == [2640 - 3 * 528]


def test_no_more_days_are_credited_than_the_contract_has(pay_case):
    case = pay_case(INDEPENDENCE_WEEK, 14, absences=(leave(date(2026, 11, 16), date(2026, 11, 22)),))

    assert credited_days(case, case.agents[0]) == [0, 1, 2, 3, 4]
    assert week_thresholds(case, case.agents[0]) == [0, 2640]


def test_a_holiday_on_the_common_rest_day_is_not_credited(pay_case):
    case = pay_case(INDEPENDENCE_WEEK, site={"rest_weekday": 3})

    assert week_thresholds(case, case.agents[0]) == [2640]


@pytest.mark.parametrize(("hours", "overtime"), [(9, 0), (10, 60)])
def test_annual_hours_have_overtime_beyond_nine_a_day(pay_case, days_of, hours, overtime):
    case = pay_case(NOVEMBER_23, contract={"regime": Regime.ANNUAL})

    assert overtime_by_year(case, case.agents[0], days_of(case, {0: hours})) == {2026: overtime}


def test_annual_hours_have_no_weekly_overtime(pay_case, days_of):
    case = pay_case(NOVEMBER_23, contract={"regime": Regime.ANNUAL})

    assert overtime_by_year(case, case.agents[0], days_of(case, dict.fromkeys(range(6), 9))) == {2026: 0}


@pytest.mark.parametrize(
    ("week_minutes", "before", "overtime"),
    [
        (2640, YEAR - 18 * HOUR, 0),
        (2640, YEAR - 10 * HOUR, 8 * HOUR),
        (2640, YEAR - 10 * HOUR - 10, 8 * HOUR - 10),
        (2640, YEAR + HOUR, 18 * HOUR),
        (1320, YEAR // 2 - 10 * HOUR, 8 * HOUR),
        (1000, 52_000 - 10 * HOUR, 8 * HOUR),
    ],
)
def test_annual_hours_beyond_the_year_are_overtime(pay_case, days_of, week_minutes, before, overtime):
    """2,288 h for 44 h a week, in proportion for less."""
    terms = {"regime": Regime.ANNUAL, "week_minutes": week_minutes}
    case = pay_case(NOVEMBER_23, contract=terms, agent={"year_minutes_before": before})

    assert overtime_by_year(case, case.agents[0], days_of(case, {0: 9, 1: 9})) == {2026: overtime}


def test_overtime_of_the_day_does_not_count_in_the_year(pay_case, days_of):
    case = pay_case(NOVEMBER_23, contract={"regime": Regime.ANNUAL}, agent={"year_minutes_before": YEAR - 18 * HOUR})

    assert overtime_by_year(case, case.agents[0], days_of(case, {0: 10, 1: 10})) == {2026: 2 * HOUR}


def test_days_of_leave_and_paid_holidays_count_in_the_year(pay_case, days_of):
    """Leave on Monday, a holiday on Wednesday: 528 minutes each. Thursday brings the year to its limit."""
    case = pay_case(
        INDEPENDENCE_WEEK,
        contract={"regime": Regime.ANNUAL},
        agent={"year_minutes_before": YEAR - 18 * HOUR - 2 * 528},
        absences=(leave(date(2026, 11, 16), date(2026, 11, 16)),),
    )
    days = days_of(case, {1: 9, 3: 9})

    assert overtime_by_year(case, case.agents[0], days) == {2026: 0}
    assert overtime_by_year(case, case.agents[0], [*days, *days_of(case, {4: 2})]) == {2026: 2 * HOUR}


def test_leave_counts_from_its_own_day_on(pay_case, days_of):
    case = pay_case(
        NOVEMBER_23,
        contract={"regime": Regime.ANNUAL},
        agent={"year_minutes_before": YEAR - 9 * HOUR},
        absences=(leave(date(2026, 11, 24), date(2026, 11, 24)),),
    )

    assert overtime_by_year(case, case.agents[0], days_of(case, {0: 9})) == {2026: 0}
    assert overtime_by_year(case, case.agents[0], days_of(case, {0: 9, 2: 1})) == {2026: HOUR}


def test_a_paid_holiday_counts_before_the_shift_of_its_day(pay_case, shift_from):
    """Four hours of the shift lie on the holiday, two of the other four within the year."""
    left = {"year_minutes_before": YEAR - 528 - 2 * HOUR}
    case = pay_case(INDEPENDENCE_WEEK, contract={"regime": Regime.ANNUAL}, agent=left)
    overnight = shift_from(case, date(2026, 11, 18), 20, ("idle", 480))

    assert overtime_by_year(case, case.agents[0], [overnight]) == {2026: 2 * HOUR}


def test_a_new_year_starts_at_nothing(pay_case, days_of):
    """The year's hours are used up on Monday; Friday is New Year's Day, and paid as a holiday."""
    case = pay_case(YEAR_END, contract={"regime": Regime.ANNUAL}, agent={"year_minutes_before": YEAR - 9 * HOUR})
    shifts = days_of(case, {0: 9, 1: 9, 4: 9, 5: 9})

    assert overtime_by_year(case, case.agents[0], shifts) == {2026: 9 * HOUR, 2027: 0}
    assert regular_week_minutes(case, case.agents[0], shifts) == [27 * HOUR]


def test_a_shift_belongs_to_the_year_in_which_it_starts(pay_case, shift_from):
    case = pay_case(YEAR_END, contract={"regime": Regime.ANNUAL}, agent={"year_minutes_before": YEAR})
    overnight = shift_from(case, date(2026, 12, 31), 21, ("idle", 360))

    assert regular_week_minutes(case, case.agents[0], [overnight]) == [3 * HOUR]
    assert overtime_by_year(case, case.agents[0], [overnight]) == {2026: 3 * HOUR}
