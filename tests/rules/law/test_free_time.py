"""Law on time kept free: the weekly rest day, public holidays, and the nights of minors."""

from __future__ import annotations

from datetime import date

import pytest

from wfm.rules.law import holiday, night, rest_week


@pytest.mark.parametrize(
    ("start", "slots", "margin"),
    [(8, 32, 0), (8, 33, -30), (8, 16, 480)],
    ids=["to midnight", "past midnight", "to 16:00"],
)
def test_no_minute_on_the_common_rest_day(tiny_case, make_shift, plan_of, with_site, *, start, slots, margin):
    """Sunday is the rest day; the shift is on Saturday."""
    case = with_site(tiny_case, rest_weekday=7)
    measured = list(rest_week.measure(case, plan_of(make_shift("A1", 5, start, ("idle", slots)))))

    assert [(entry.rule.code, entry.where, entry.margin) for entry in measured] == [
        ("MA-REST-WEEK", "2026-12-13", margin)
    ]


@pytest.mark.parametrize("changes", [{}, {"rest_weekday": 7, "rest_day_work": True}], ids=["rotation", "authorised"])
def test_rest_days_and_holidays_may_be_worked(tiny_case, make_shift, plan_of, with_site, changes):
    """2027-01-11 is a holiday in Morocco."""
    case = with_site(tiny_case, **changes).model_copy(update={"first_day": date(2027, 1, 11)})
    plan = plan_of(*(make_shift("A1", day, 8, ("idle", 16)) for day in range(7)))

    assert list(rest_week.measure(case, plan)) == []
    assert list(holiday.measure(case, plan)) == []


@pytest.mark.parametrize(("day", "found"), [(1, []), (0, [("MA-HOLIDAY", "480 min at work")])])
def test_no_minute_on_a_holiday_without_authorisation(
    tiny_case, make_shift, plan_of, with_site, breaches, *, day, found
):
    """Monday 2027-01-11 and Thursday 2027-01-14 are holidays; 2027-01-12 is not."""
    case = with_site(tiny_case, rest_weekday=7).model_copy(update={"first_day": date(2027, 1, 11)})
    measured = list(holiday.measure(case, plan_of(make_shift("A1", day, 8, ("idle", 16)))))

    assert [entry.where for entry in measured] == ["2027-01-11", "2027-01-14"]
    assert breaches(measured) == found


@pytest.mark.parametrize(
    ("start", "slots", "margin"),
    [(13, 16, 0), (13.5, 16, -30), (6, 16, 0), (5.5, 16, -30), (10, 4, 240), (20, 20, -540)],
)
def test_minors_do_not_work_at_night(tiny_case, make_shift, plan_of, with_agent, *, start, slots, margin):
    case = with_agent(tiny_case, adult_from=date(2027, 1, 1))
    plan = plan_of(make_shift("A1", 1, start, ("idle", slots)), make_shift("A2", 1, 20, ("idle", 16)))

    assert [(entry.rule.code, entry.subject, entry.margin) for entry in night.measure(case, plan)] == [
        ("MA-NIGHT", "A1", margin)
    ]


@pytest.mark.parametrize(("birthday", "margins"), [(8, []), (9, [-180]), (10, [-480])])
def test_minors_come_of_age_at_midnight(tiny_case, make_shift, plan_of, with_agent, *, birthday, margins):
    """A shift from 21:00 on Tuesday 8 December to 05:00."""
    case = with_agent(tiny_case, adult_from=date(2026, 12, birthday))
    plan = plan_of(make_shift("A1", 1, 21, ("idle", 16)))

    assert [entry.margin for entry in night.measure(case, plan)] == margins
