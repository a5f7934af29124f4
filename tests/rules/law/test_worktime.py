"""Law on an agent's days and weeks: daily and weekly hours, runs of days, rest."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from wfm.plan import Segment, Shift
from wfm.rules.law import consecutive_days, daily_rest, day_max, overtime_year, week_cap, week_norm


@pytest.mark.parametrize(("slots", "broken"), [(22, []), (23, [("MA-DAY-MAX", "10.5 h")])])
def test_ten_effective_hours_a_day(tiny_case, make_shift, plan_of, breaches, slots, broken):
    """09:00-20:00 with an hour of unpaid lunch is legal, 09:00-20:30 is not."""
    shift = make_shift("A1", 0, 9, ("idle", 8), ("break:lunch", 2), ("idle", slots - 10))

    assert breaches(day_max.measure(tiny_case, plan_of(shift))) == broken


@pytest.mark.parametrize(("last", "broken"), [(18, []), (19, [("MA-WEEK-CAP", "54.5 h")])])
def test_fifty_four_hours_a_week(tiny_case, make_shift, plan_of, breaches, last, broken):
    shifts = [make_shift("A1", day, 8, ("idle", 18 if day < 5 else last)) for day in range(6)]

    assert breaches(week_cap.measure(tiny_case, plan_of(*shifts))) == broken


def test_weeks_are_capped_one_by_one(tiny_case, make_shift, plan_of, breaches):
    case = tiny_case.model_copy(update={"days": 14})
    shifts = [make_shift("A1", day, 8, ("idle", 18)) for day in (1, 2, 3, 4, 5, 6, 7, 8)]

    assert breaches(week_cap.measure(case, plan_of(*shifts))) == []


@pytest.mark.parametrize(
    ("before", "days", "broken"),
    [
        (0, range(6), []),
        (0, range(7), [("MA-CONSEC", "7 days")]),
        (3, range(3), []),
        (3, range(4), [("MA-CONSEC", "7 days")]),
        (6, range(1, 7), []),
        (6, range(1), [("MA-CONSEC", "7 days")]),
    ],
)
def test_six_days_in_a_row(tiny_case, make_shift, plan_of, breaches, with_agent, *, before, days, broken):
    case = with_agent(tiny_case, days_worked_before=before)
    shifts = [make_shift("A1", day, 8, ("idle", 1)) for day in days]

    assert breaches(consecutive_days.measure(case, plan_of(*shifts))) == broken


@pytest.mark.parametrize(("start", "broken"), [(9, []), (8.5, [("MA-REST-DAILY", "10.5 h")])])
def test_eleven_hours_between_shifts(tiny_case, make_shift, plan_of, breaches, start, broken):
    late, early = make_shift("A1", 0, 14, ("idle", 16)), make_shift("A1", 1, start, ("idle", 16))

    assert breaches(daily_rest.measure(tiny_case, plan_of(early, late))) == broken


@pytest.mark.parametrize(("start", "broken"), [(9, []), (8.5, [("MA-REST-DAILY", "10.5 h")])])
def test_rest_after_the_last_shift_before_the_plan(tiny_case, make_shift, plan_of, breaches, with_agent, start, broken):
    case = with_agent(tiny_case, last_shift_end=datetime(2026, 12, 6, 22, tzinfo=UTC))

    assert breaches(daily_rest.measure(case, plan_of(make_shift("A1", 0, start, ("idle", 16))))) == broken


def test_rest_is_elapsed_time_across_a_clock_change(tiny_case, plan_of):
    """Casablanca goes back from UTC+1 to UTC+0 at 03:00 on 2026-09-20: 22:00 to 08:00 is eleven hours, not ten."""
    case = tiny_case.model_copy(update={"first_day": datetime(2026, 9, 14, tzinfo=UTC).date()})
    zone = case.home_zone
    evening = case.grid.slot(datetime(2026, 9, 19, 22, tzinfo=zone).astimezone(UTC))
    morning = case.grid.slot(datetime(2026, 9, 20, 8, tzinfo=zone).astimezone(UTC))
    days = [datetime(2026, 9, day, tzinfo=UTC).date() for day in (19, 20)]
    shifts = [
        Shift(
            agent="A1",
            day=days[0],
            pattern="day",
            segments=(Segment(activity="idle", first_slot=evening - 16, slots=16),),
        ),
        Shift(
            agent="A1", day=days[1], pattern="day", segments=(Segment(activity="idle", first_slot=morning, slots=16),)
        ),
    ]

    assert morning - evening == 22
    assert [entry.margin for entry in daily_rest.measure(case, plan_of(*shifts))] == [0]


@pytest.mark.parametrize(("nights", "broken"), [(range(5), []), (range(6), [("MA-CONSEC", "7 days")])])
def test_a_shift_past_midnight_touches_two_days(tiny_case, make_shift, plan_of, breaches, nights, broken):
    shifts = [make_shift("A1", day, 20, ("idle", 9)) for day in nights]

    assert breaches(consecutive_days.measure(tiny_case, plan_of(*shifts))) == broken


def test_a_shift_that_ends_at_midnight_touches_one_day(tiny_case, make_shift, plan_of):
    shifts = [make_shift("A1", day, 20, ("idle", 8)) for day in range(6)]

    assert [entry.margin for entry in consecutive_days.measure(tiny_case, plan_of(*shifts))] == [0]


@pytest.mark.parametrize(("hour", "found"), [(0, ["5 days"]), (4, ["7 days"])])
def test_the_last_shift_before_the_plan_may_touch_its_first_day(
    tiny_case, make_shift, plan_of, with_agent, *, hour, found
):
    case = with_agent(tiny_case, days_worked_before=1, last_shift_end=datetime(2026, 12, 7, hour, tzinfo=UTC))
    shifts = [make_shift("A1", day, 18, ("idle", 1)) for day in range(1, 6)]

    assert [entry.found for entry in consecutive_days.measure(case, plan_of(*shifts))] == found


def test_a_run_that_the_plan_does_not_prolong_is_not_its_own(tiny_case, make_shift, plan_of, with_agent):
    case = with_agent(tiny_case, days_worked_before=7, last_shift_end=datetime(2026, 12, 7, 4, tzinfo=UTC))

    assert [entry.found for entry in consecutive_days.measure(case, plan_of(make_shift("A1", 2, 9, ("idle", 1))))] == [
        "1 day"
    ]


@pytest.mark.parametrize(("minutes", "broken"), [(2640, []), (2641, [("MA-WEEK-NORM", "44.0167 h a week")] * 3)])
def test_no_contract_owes_more_than_the_normal_week(tiny_case, plan_of, breaches, minutes, broken):
    contract = tiny_case.contracts[0].model_copy(update={"week_minutes": minutes})
    case = tiny_case.model_copy(update={"contracts": (contract,)})

    assert breaches(week_norm.measure(case, plan_of())) == broken


@pytest.mark.parametrize(("before", "broken"), [(4680, []), (4681, [("MA-OT-CAP", "80.0167 h of overtime")])])
def test_eighty_hours_of_overtime_a_year(tiny_case, make_shift, plan_of, breaches, with_agent, before, broken):
    """37 h in a week of 35 h: two hours of overtime."""
    case = with_agent(tiny_case, overtime_minutes_before=before)
    shifts = [make_shift("A1", day, 8, ("idle", 14 if day < 5 else 4)) for day in range(6)]

    assert breaches(overtime_year.measure(case, plan_of(*shifts))) == broken


def test_overtime_starts_anew_with_the_year(tiny_case, make_shift, plan_of, with_agent):
    """Six days of 7 h from 2026-12-28: the seven hours of overtime are those of Saturday 2 January."""
    case = with_agent(tiny_case, overtime_minutes_before=4800).model_copy(update={"first_day": date(2026, 12, 28)})
    shifts = [
        shift.model_copy(update={"day": date(2026, 12, 28) + timedelta(days=day)})
        for day in range(6)
        for shift in [make_shift("A1", day, 8, ("idle", 14))]
    ]

    assert [(entry.where, entry.margin) for entry in overtime_year.measure(case, plan_of(*shifts))] == [
        ("year 2026", 0),
        ("year 2027", 4800 - 420),
    ]
