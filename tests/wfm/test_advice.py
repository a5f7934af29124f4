"""Who stands by when a feast is not certain, and who is free when only the customers have a holiday."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from wfm.advice import AdviceKind, advise
from wfm.agent import Absence, AbsenceKind
from wfm.calendar import CalendarChange, Change
from wfm.campaign import Channel, Stage
from wfm.plan import Purchase, Segment, Shift

AID, ARMISTICE = date(2027, 3, 8), date(2026, 11, 9)
"""Mondays: Aïd al-Fitr is expected on 9 and 10 March 2027, and 11 November is a holiday in France alone."""
MON, TUE, WED, THU, FRI, SAT = range(6)


@pytest.fixture
def moved(tiny_case):
    """The tiny case in another week; Rabat and Paris are an hour apart there as well."""

    def move(monday, **changes):
        values = {"first_day": monday, "as_of": monday - timedelta(days=14)}
        return tiny_case.model_copy(update=values | changes)

    return move


@pytest.fixture
def advice_of(tiny_requirement, make_plan):
    """What is advised on shifts of seven hours from 09:00, given as days of the week per agent."""

    def make(case, worked, *, purchases=(), start=9, idle=0, shuffle=False):
        requirement = tiny_requirement.model_copy(update={"case_hash": case.content_hash(), "grid": case.grid})
        shifts = [shift_of(case, agent, day, start, idle) for agent, days in worked.items() for day in days]
        plan = make_plan(case, shifts[::-1] if shuffle else shifts, purchases, requirement=requirement)
        return advise(case, requirement, plan)

    return make


def shift_of(case, agent, day, start=9, idle=0):
    skill = "sales" if agent == "A3" else "service"
    slot, segments = 48 * day + 2 * start, []
    for activity, slots in ((skill, 6), ("break:lunch", 2), (skill, 8 - idle), *([("idle", idle)] if idle else [])):
        segments.append(Segment(activity=activity, first_slot=slot, slots=slots))
        slot += slots
    return Shift(agent=agent, day=case.first_day + timedelta(days=day), pattern="day", segments=tuple(segments))


def with_agent(case, name, **changes):
    agents = tuple(agent.model_copy(update=changes) if agent.id == name else agent for agent in case.agents)
    return case.model_copy(update={"agents": agents})


def rows(advice, kind):
    return [(entry.day.day, entry.subject, entry.hours, entry.cents) for entry in advice if entry.kind is kind]


FEAST_ROSTER = {"A1": (MON, TUE, WED, THU, FRI), "A2": (MON, WED, THU, FRI), "A3": (MON, TUE, FRI)}


def test_an_ordinary_week_needs_no_advice(tiny_case, tiny_requirement, tiny_plan):
    assert advise(tiny_case, tiny_requirement, tiny_plan) == ()


def test_agents_off_stand_by_at_the_price_of_a_holiday(moved, advice_of):
    advice = advice_of(moved(AID), FEAST_ROSTER)

    assert rows(advice, AdviceKind.STANDBY_AGENT) == [
        (9, "A2", 7.0, 3500),
        (10, "A3", 7.0, 3640),
        (11, "A3", 7.0, 3640),
    ]
    first, _, last = (entry.reason for entry in advice if entry.kind is AdviceKind.STANDBY_AGENT)
    doubt, offer = "announced on the eve only", "Off that day, and free to work 08:00 to 16:00 (day)."
    assert first == f"Aïd al-Fitr is expected on 2027-03-09, and {doubt}: this day may yet be an ordinary one. {offer}"
    assert last == f"Aïd al-Fitr is expected on 2027-03-10, and {doubt}: it may fall on this day instead. {offer}"


def test_a_day_that_is_no_holiday_yet_may_cost_premiums(moved, advice_of):
    """14 hours of Thursday at 5.00 more; the hours owed fall by a day for all, which leaves no overtime."""
    assert rows(advice_of(moved(AID), FEAST_ROSTER), AdviceKind.PREMIUM_AT_RISK) == [(11, "rabat", 14.0, 7000)]


def test_a_holiday_also_makes_overtime_of_other_days(moved, advice_of):
    """A2 works 35 hours without Thursday: a holiday then makes 7 of them overtime at 6.25; A1 works Thursday."""
    case = moved(AID, calendar_changes=(CalendarChange(country="MA", feast="fitr", day=AID, status=Change.CANCELLED),))
    aid = CalendarChange(country="MA", feast="Deuil", day=AID + timedelta(days=2), status=Change.ESTIMATED)
    case = case.model_copy(update={"calendar_changes": (*case.calendar_changes, aid)})
    advice = advice_of(case, {"A1": (THU,), "A2": (MON, TUE, WED, FRI, SAT)})

    assert rows(advice, AdviceKind.PREMIUM_AT_RISK) == [(11, "rabat", 7.0, 3500 + 7 * 625)]


def test_a_declared_feast_needs_nobody(moved, advice_of):
    declared = CalendarChange(country="MA", feast="fitr", day=date(2027, 3, 10), status=Change.DECLARED)

    assert advice_of(moved(AID, calendar_changes=(declared,)), FEAST_ROSTER) == ()


def test_no_more_stand_by_than_are_rostered_and_the_cheapest_first(moved, advice_of):
    case = moved(AID)
    dear = with_agent(case, "A2", hourly_base=530)

    assert rows(advice_of(case, {"A1": (TUE,)}), AdviceKind.STANDBY_AGENT) == [(9, "A2", 7.0, 3500)]
    assert rows(advice_of(dear, {"A1": (TUE,)}), AdviceKind.STANDBY_AGENT) == [(9, "A3", 7.0, 3640)]


def test_a_holiday_on_a_day_that_wages_do_not_pay_costs_twice(moved, advice_of):
    """The feast is expected on Friday and Saturday, and the contract's week stands for Monday to Friday."""
    expected = CalendarChange(country="MA", feast="fitr", day=date(2027, 3, 12), status=Change.ESTIMATED)
    advice = advice_of(moved(AID, calendar_changes=(expected,)), {"A1": (SAT,)})

    assert rows(advice, AdviceKind.STANDBY_AGENT) == [(13, "A2", 7.0, 7000)]


@pytest.mark.parametrize(("before", "who"), [(0, ["A2"]), (1, [])])
def test_who_stands_by_keeps_a_day_of_rest_in_seven(moved, advice_of, before, who):
    case = with_agent(moved(AID), "A2", days_worked_before=before)
    advice = advice_of(case, {"A1": (TUE,), "A2": (MON, WED, THU, FRI, SAT), "A3": (TUE,)})

    assert [row[1] for row in rows(advice, AdviceKind.STANDBY_AGENT) if row[0] == 9] == who


def test_who_stands_by_has_rested(moved, advice_of):
    """A2 ends Monday at 22:00: eleven hours later it is 09:00."""
    case = moved(AID)
    late = case.shift_patterns[0].model_copy(
        update={"id": "late", "earliest_start": time(14), "latest_start": time(14)}
    )
    case = case.model_copy(update={"shift_patterns": (*case.shift_patterns, late)})
    [entry, *_] = advice_of(case, {"A1": (TUE,), "A2": (MON,), "A3": (TUE,)}, start=14)

    assert "free to work 09:00 to 17:00" in entry.reason


def test_who_is_absent_does_not_stand_by(moved, advice_of):
    noon = datetime(2027, 3, 9, 12, tzinfo=UTC)
    absent = Absence(
        agent="A2", start=noon - timedelta(hours=2), end=noon, kind=AbsenceKind.UNAVAILABLE, whole_day=False
    )
    advice = advice_of(moved(AID, absences=(absent,)), {"A1": (TUE,), "A3": (TUE,)})

    assert rows(advice, AdviceKind.STANDBY_AGENT) == []


def test_the_longest_pattern_is_taken(moved, advice_of):
    case = moved(AID)
    long = case.shift_patterns[0].model_copy(update={"id": "long", "presence_minutes": 600})
    too_long = long.model_copy(update={"id": "too long", "presence_minutes": 690})
    other = long.model_copy(update={"id": "other", "presence_minutes": 630, "contract": "part"})
    case = case.model_copy(update={"shift_patterns": (*case.shift_patterns, long, too_long, other)})

    assert rows(advice_of(case, {"A1": (TUE,)}), AdviceKind.STANDBY_AGENT) == [(9, "A2", 9.0, 4500)]


def test_where_nobody_may_work_on_holidays(moved, advice_of):
    """The plan of Tuesday and Wednesday is illegal, and nobody can mend it; Thursday's shifts would fall away."""
    case = moved(AID)
    site = case.sites[0].model_copy(update={"rest_weekday": 7})
    advice = advice_of(case.model_copy(update={"sites": (site,)}), FEAST_ROSTER)

    assert rows(advice, AdviceKind.STANDBY_AGENT) == []
    assert rows(advice, AdviceKind.PREMIUM_AT_RISK) == [(11, "rabat", 14.0, None)]


def test_partners_seats_that_are_free(moved, advice_of):
    """15 seats in the first week are 7 blocks of 2; one is bought on Tuesday morning. 8 hours bought are billed as 10."""
    bought = Purchase(partner="casa", campaign="service", day=date(2027, 3, 9), shift="am", blocks=1)
    advice = advice_of(moved(AID), {}, purchases=[bought])

    assert rows(advice, AdviceKind.STANDBY_PARTNER) == [
        (9, "casa", 48.0, 40 * 1300 + 16 * 1200 - 10 * 1300),
        (9, "casa", 56.0, 40 * 1300 + 24 * 1200 - 10 * 1300),
        *((day, "casa", 56.0, 40 * 1300 + 24 * 1200 - 10 * 1300) for day in (10, 10, 11, 11)),
    ]
    assert advice[0].reason.endswith("12 seats are free in block shift am for service.")


@pytest.mark.parametrize(
    ("terms", "days"),
    [
        ({"lead_time_days": 16}, {10, 11}),
        ({"current_seats": 0, "ramp_seats_per_week": 1}, set()),
        ({"certifications": ()}, set()),
    ],
)
def test_seats_are_free_only_on_the_partner_s_terms(moved, advice_of, terms, days):
    case = moved(AID)
    case = case.model_copy(update={"partners": (case.partners[0].model_copy(update=terms),)})

    assert {row[0] for row in rows(advice_of(case, {}), AdviceKind.STANDBY_PARTNER)} == days


def test_seats_are_of_no_use_to_closed_or_test_campaigns(moved, advice_of):
    case = moved(AID)
    closed = tuple(hours for hours in case.opening_hours if hours.campaign != "service" or hours.weekday != 3)
    test, *others = case.campaigns
    untried = case.model_copy(update={"campaigns": (test.model_copy(update={"stage": Stage.TEST}), *others)})

    advice = advice_of(case.model_copy(update={"opening_hours": closed}), {})
    assert {row[0] for row in rows(advice, AdviceKind.STANDBY_PARTNER)} == {9, 11}
    assert rows(advice_of(untried, {}), AdviceKind.STANDBY_PARTNER) == []


def test_leave_or_training_on_a_holiday_of_the_customers_alone(moved, advice_of):
    """A1 has an hour idle; A2 has no shift and lacks a day; A3 works another day for it."""
    case = moved(ARMISTICE)
    advice = advice_of(case, {"A1": (WED,), "A2": (MON, TUE, THU, FRI), "A3": (MON, TUE, THU, FRI, SAT)}, idle=2)

    assert rows(advice, AdviceKind.LEAVE_OR_TRAINING) == [(11, "A1", 1.0, None), (11, "A2", 7.0, None)]
    why = "Armistice is a holiday of France, when nobody may be called, and none at Rabat"
    assert [entry.reason for entry in advice] == [
        f"{why}. Grant leave in the idle hours of the shift, or train.",
        f"{why}. Grant leave in the paid hours without a shift, or train.",
    ]


def test_a_market_without_calls_has_none_to_lose(moved, advice_of):
    case = moved(ARMISTICE)
    service, sales, mail = case.campaigns
    answered = sales.model_copy(update={"channel": Channel.INBOUND})
    [entry, *_] = advice_of(case.model_copy(update={"campaigns": (service, answered, mail)}), {})

    assert "called" not in entry.reason


@pytest.mark.parametrize("monday", [date(2026, 11, 16), date(2026, 12, 28)])
def test_no_leave_on_holidays_of_the_site(moved, advice_of, monday):
    """18 November is kept in Morocco alone, 1 January in both countries."""
    assert advice_of(moved(monday), {"A1": (MON,)}) == ()


def test_hours_that_a_week_lacks_are_told_once(moved, advice_of):
    bridge = CalendarChange(country="FR", feast="Pont", day=date(2026, 11, 12), status=Change.DECLARED)
    case = moved(ARMISTICE, calendar_changes=(bridge,), absences=(absence("A1", 11, 12), absence("A2", 9, 10)))
    worked = {"A3": (MON, TUE, FRI, SAT)}

    assert rows(advice_of(case, worked), AdviceKind.LEAVE_OR_TRAINING) == [
        (11, "A2", 7.0, None),
        (11, "A3", 7.0, None),
        (12, "A1", 7.0, None),
        (12, "A2", 7.0, None),
    ]


def absence(agent, first, end):
    return Absence(
        agent=agent,
        start=datetime(2026, 11, first, tzinfo=UTC),
        end=datetime(2026, 11, end, tzinfo=UTC),
        kind=AbsenceKind.PAID_LEAVE,
        whole_day=True,
    )


def test_advice_does_not_depend_on_the_order_of_the_plan(moved, advice_of):
    case = moved(AID)
    advice = advice_of(case, FEAST_ROSTER)

    assert advice == advice_of(case, FEAST_ROSTER, shuffle=True)
    assert [entry.day for entry in advice] == sorted(entry.day for entry in advice)
    assert {entry.kind for entry in advice} == set(AdviceKind) - {AdviceKind.LEAVE_OR_TRAINING}
