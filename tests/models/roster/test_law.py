"""Plans under the whole law: holidays, rest days, nights, both regimes, Ramadan."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from wfm.blocks import productive_hours
from wfm.calendar import CalendarChange, Change
from wfm.check import check_plan
from wfm.rules.law.presence import days_touched, presence
from wfm.shift import Season
from wfm.worktime import effective_minutes


def is_right(case, requirement, plan, result):
    """Whether a plan is legal, costs what its bill says, and is above its bound."""
    return (
        check_plan(case, requirement, plan) == []
        and result.cost_cents == plan.bill.total_cents
        and result.bound.cents <= result.cost_cents
    )


@pytest.mark.parametrize("seed", range(12))
def test_plans_are_legal_and_cost_what_the_bill_says(seed, law_case, usual_work, plan_of):
    case = law_case(seed)
    requirement = usual_work(case, 2500)

    plan, result = plan_of(case, requirement)

    assert is_right(case, requirement, plan, result)
    assert plan.shifts


@pytest.mark.parametrize("authorised", [True, False])
def test_on_a_holiday_of_the_own_country_partners_take_over(authorised, tiny_case, rebuild, usual_work, plan_of):
    """18 November, Moroccan alone: with the premium an hour of our own costs more than one bought; without authorisation there
    is none. The week after is the same without a holiday.
    """
    own, bought = {}, {}
    site = tiny_case.sites[0].model_dump() | {"rest_weekday": 7, "rest_day_work": authorised}
    contract = tiny_case.contracts[0].model_dump() | {"max_overtime_minutes_week": 0}
    agents = [agent.model_dump() | {"hourly_base": 2500} for agent in tiny_case.agents]
    partner = tiny_case.partners[0].model_dump() | {"block_seats": 1, "min_billed_hours": 0}
    for monday in (date(2026, 11, 16), date(2026, 11, 23)):
        case = rebuild(
            tiny_case, first_day=monday, as_of=monday - timedelta(days=14), sites=[site], contracts=[contract],
            agents=agents, partners=[partner],
        )  # fmt: skip
        requirement = usual_work(case, 2500)

        plan, result = plan_of(case, requirement, rounds=300)

        assert is_right(case, requirement, plan, result)
        wednesday = monday + timedelta(days=2)
        own[monday] = sum(effective_minutes(case, shift) for shift in plan.shifts if shift.day == wednesday)
        bought[monday] = sum(productive_hours(case, entry) for entry in plan.purchases if entry.day == wednesday)

    holiday, usual = own
    assert own[holiday] < own[usual]
    assert bought[holiday] > bought[usual]
    if not authorised:
        assert own[holiday] == 0


def test_a_holiday_of_the_case_itself_costs_its_premium(tiny_case, rebuild, usual_work, plan_of):
    """Cheap premiums: whoever works on the day granted by decree is paid twice, and the week owes a day less."""
    wednesday = tiny_case.first_day + timedelta(days=2)
    decree = CalendarChange(country="MA", feast="Journée chômée", day=wednesday, status=Change.DECLARED)
    case = rebuild(tiny_case, calendar_changes=[decree], partners=())
    requirement = usual_work(case, 3000)

    plan, result = plan_of(case, requirement)

    assert is_right(case, requirement, plan, result)
    worked = [shift for shift in plan.shifts if shift.day == wednesday]
    rates = {agent.id: agent.hourly_base for agent in case.agents}
    assert worked
    paid = [line.cents for line in plan.bill.lines if line.kind == "holiday"]
    assert sum(paid) == sum(effective_minutes(case, shift) * rates[shift.agent] // 60 for shift in worked)


def test_sites_with_different_rest_days_share_one_plan(tiny_case, rebuild, usual_work, plan_of):
    """Rabat rests on Wednesday, the other site by rotation: on Wednesday only the other works."""
    wednesday = tiny_case.first_day + timedelta(days=2)
    rabat = tiny_case.sites[0].model_dump()
    sites = [rabat | {"rest_weekday": 3}, rabat | {"id": "casablanca", "city": "Casablanca"}]
    agents = [
        agent.model_dump() | {"site": "casablanca" if agent.id == "A2" else "rabat"} for agent in tiny_case.agents
    ]
    case = rebuild(tiny_case, sites=sites, agents=agents)
    requirement = usual_work(case, 3000)

    plan, result = plan_of(case, requirement)

    assert is_right(case, requirement, plan, result)
    assert {shift.agent for shift in plan.shifts if shift.day == wednesday} == {"A2"}


def test_nights_count_as_two_days(tiny_case, rebuild, usual_work, plan_of):
    """All work is at night and on all seven days: nobody is touched by more than six days in a row."""
    night = tiny_case.shift_patterns[0].model_dump() | {"earliest_start": time(20), "latest_start": time(22)}
    opening = [
        hours.model_dump() | {"weekday": day, "opens": opens, "closes": closes}
        for hours in tiny_case.opening_hours[:1]
        for day in range(1, 8)
        for opens, closes in ((time(0), time(7)), (time(21), time(0)))
    ]
    contract = tiny_case.contracts[0].model_dump() | {"days_per_week": 6, "week_minutes": 2640}
    case = rebuild(
        tiny_case, days=14, shift_patterns=[night], opening_hours=opening, contracts=[contract], partners=(),
        agents=[agent.model_dump() | {"last_shift_end": datetime(2026, 12, 7, 3, tzinfo=UTC)} for agent in tiny_case.agents],
    )  # fmt: skip
    requirement = usual_work(case, 4000)

    plan, result = plan_of(case, requirement)

    assert is_right(case, requirement, plan, result)
    touched = {
        day
        for shift in plan.shifts
        if shift.agent == "A1"
        for day in days_touched(presence(case, shift), case.home_zone)
    }
    assert len(touched) > len([shift for shift in plan.shifts if shift.agent == "A1"]) >= 8


def test_ramadan_has_its_own_shifts_and_its_break_at_sunset(tiny_case, rebuild, usual_work, plan_of):
    """Two weeks, of which the days from 8 February on are days of fasting. The sun sets at about 18:20."""
    usual = tiny_case.shift_patterns[0].model_dump() | {"season": Season.OUTSIDE_RAMADAN}
    iftar = usual["breaks"][0] | {
        "name": "iftar",
        "minutes": 30,
        "earliest_after": 0,
        "latest_after": 0,
        "at_sunset": True,
    }
    fasting = usual | {
        "id": "fasting", "season": Season.RAMADAN, "earliest_start": time(9), "latest_start": time(13),
        "presence_minutes": 360, "breaks": [iftar],
    }  # fmt: skip
    opening = [hours.model_dump() | {"closes": time(20)} for hours in tiny_case.opening_hours]
    first_day = date(2027, 2, 1)
    case = rebuild(
        tiny_case, first_day=first_day, as_of=first_day - timedelta(days=14), days=14, shift_patterns=[usual, fasting],
        opening_hours=opening, partners=(),
    )  # fmt: skip
    requirement = usual_work(case, 2500)

    plan, result = plan_of(case, requirement)

    assert is_right(case, requirement, plan, result)
    second_week = [shift for shift in plan.shifts if shift.day >= date(2027, 2, 8)]
    assert {shift.pattern for shift in second_week} == {"fasting"}
    assert {shift.pattern for shift in plan.shifts if shift.day < date(2027, 2, 8)} == {"day"}
    late = [s for s in second_week if case.grid.instant(s.last_slot).time() >= time(18, 30)]
    early = [s for s in second_week if case.grid.instant(s.last_slot).time() < time(18, 30)]
    assert late
    assert early
    for shift in late:
        (pause,) = [segment for segment in shift.segments if segment.break_name]
        assert case.grid.instant(pause.first_slot).time() in (time(18), time(18, 30))
        assert effective_minutes(case, shift) == 330
    assert all(effective_minutes(case, shift) == 360 for shift in early)
