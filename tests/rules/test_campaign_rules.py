"""Rules on who works what and when: skills, opening, the most agents at once."""

from __future__ import annotations

from datetime import date

import pytest

from wfm.rules import max_agents, opening, skill


def codes(violations):
    return [(violation.rule, violation.subject) for violation in violations]


@pytest.mark.parametrize(
    ("agent", "level", "broken"), [("A1", 2, False), ("A1", 3, True), ("A3", 1, True)], ids=["has", "low", "none"]
)
def test_the_skill_at_its_level(tiny_case, with_campaign, make_shift, plan_of, *, agent, level, broken):
    case = with_campaign(tiny_case, "service", min_level=level)
    plan = plan_of(make_shift(agent, 0, 9, ("service", 2), ("idle", 2)))

    assert codes(skill.check(case, plan)) == ([("SKILL", agent)] if broken else [])


@pytest.mark.parametrize(
    ("activity", "day", "start", "slots", "closed"),
    [
        ("service", 0, 8, 18, False),
        ("service", 0, 7.5, 1, True),
        ("service", 0, 8, 19, True),
        ("service", 5, 9, 1, True),
        ("sales", 0, 9, 6, False),
        ("sales", 0, 12, 2, True),
        ("sales", 0, 18, 3, True),
        ("sales", 5, 9, 1, True),
    ],
)
def test_work_only_while_open(tiny_case, make_shift, plan_of, *, activity, day, start, slots, closed):
    plan = plan_of(make_shift("A1", day, start, (activity, slots)))

    assert codes(opening.check(tiny_case, plan)) == ([("OPENING", "A1")] if closed else [])


def test_closed_at_a_legal_hour(tiny_case, make_shift, plan_of):
    hours = tuple(entry for entry in tiny_case.opening_hours if (entry.campaign, entry.weekday) != ("sales", 1))
    case = tiny_case.model_copy(update={"opening_hours": hours})

    assert codes(opening.check(case, plan_of(make_shift("A1", 0, 9, ("sales", 2))))) == [("OPENING", "A1")]


def test_no_calls_on_a_public_holiday(tiny_case, make_shift, plan_of):
    """2026-12-25 is a Friday."""
    case = tiny_case.model_copy(update={"first_day": date(2026, 12, 21)})

    assert opening.check(case, plan_of(make_shift("A1", 3, 9, ("sales", 2)))) == []
    assert codes(opening.check(case, plan_of(make_shift("A1", 4, 9, ("sales", 2))))) == [("OPENING", "A1")]


def test_idle_time_and_breaks_may_fall_outside_opening_hours(tiny_case, make_shift, plan_of):
    plan = plan_of(make_shift("A1", 0, 5, ("idle", 2), ("break:lunch", 2)))

    assert opening.check(tiny_case, plan) == []


@pytest.mark.parametrize(("most", "broken"), [(4, []), (3, ["4 agents and seats"])])
def test_the_most_agents_and_seats_at_once(tiny_case, with_campaign, tiny_plan, most, broken):
    """On Monday at 09:00 A1, A2 and two seats take service calls."""
    case = with_campaign(tiny_case, "service", max_agents=most)

    assert [violation.found for violation in max_agents.check(case, tiny_plan)] == broken
