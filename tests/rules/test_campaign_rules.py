"""Rules on who works what and when: skills, opening, calling law, the most agents at once."""

from __future__ import annotations

from datetime import date

import pytest

from wfm.campaign import LegalBasis
from wfm.rules import legal_basis, max_agents, opening, skill


def with_campaign(case, id, **changes):  # noqa: A002 - as the field is called
    campaigns = tuple(entry.model_copy(update=changes) if entry.id == id else entry for entry in case.campaigns)
    return case.model_copy(update={"campaigns": campaigns})


def codes(violations):
    return [(violation.rule, violation.subject) for violation in violations]


@pytest.fixture
def plan_of(tiny_plan):
    def make(*shifts):
        return tiny_plan.model_copy(update={"shifts": shifts})

    return make


@pytest.mark.parametrize(
    ("agent", "level", "broken"), [("A1", 2, False), ("A1", 3, True), ("A3", 1, True)], ids=["has", "low", "none"]
)
def test_the_skill_at_its_level(tiny_case, make_shift, plan_of, *, agent, level, broken):
    case = with_campaign(tiny_case, "service", min_level=level)
    plan = plan_of(make_shift(agent, 0, 9, ("service", 2), ("idle", 2)))

    assert codes(skill.check(case, plan)) == ([("SKILL", agent)] if broken else [])


@pytest.mark.parametrize(
    ("activity", "day", "start", "slots", "code"),
    [
        ("service", 0, 8, 18, None),
        ("service", 0, 7.5, 1, "OPENING"),
        ("service", 0, 8, 19, "OPENING"),
        ("service", 5, 9, 1, "OPENING"),
        ("sales", 0, 9, 6, None),
        ("sales", 0, 12, 2, "FR-OUT-WINDOW"),
        ("sales", 0, 18, 3, "FR-OUT-WINDOW"),
        ("sales", 5, 9, 1, "FR-OUT-WINDOW"),
    ],
)
def test_work_only_while_open(tiny_case, make_shift, plan_of, *, activity, day, start, slots, code):
    plan = plan_of(make_shift("A1", day, start, (activity, slots)))

    assert codes(opening.check(tiny_case, plan)) == ([(code, "A1")] if code else [])


def test_closed_at_a_legal_hour_breaks_the_opening_hours_alone(tiny_case, make_shift, plan_of):
    hours = tuple(entry for entry in tiny_case.opening_hours if (entry.campaign, entry.weekday) != ("sales", 1))
    case = tiny_case.model_copy(update={"opening_hours": hours})

    assert codes(opening.check(case, plan_of(make_shift("A1", 0, 9, ("sales", 2))))) == [("OPENING", "A1")]


def test_no_calls_on_a_public_holiday(tiny_case, make_shift, plan_of):
    """2026-12-25 is a Friday."""
    case = tiny_case.model_copy(update={"first_day": date(2026, 12, 21)})

    assert opening.check(case, plan_of(make_shift("A1", 3, 9, ("sales", 2)))) == []
    assert codes(opening.check(case, plan_of(make_shift("A1", 4, 9, ("sales", 2))))) == [("FR-OUT-WINDOW", "A1")]


def test_idle_time_and_breaks_may_fall_outside_opening_hours(tiny_case, make_shift, plan_of):
    plan = plan_of(make_shift("A1", 0, 5, ("idle", 2), ("break:lunch", 2)))

    assert opening.check(tiny_case, plan) == []


@pytest.mark.parametrize(("most", "broken"), [(4, []), (3, ["4 agents and seats"])])
def test_the_most_agents_and_seats_at_once(tiny_case, tiny_plan, most, broken):
    """On Monday at 09:00 A1, A2 and two seats take service calls."""
    case = with_campaign(tiny_case, "service", max_agents=most)

    assert [violation.found for violation in max_agents.check(case, tiny_plan)] == broken


@pytest.mark.parametrize(
    ("basis", "first_day", "broken"),
    [
        (LegalBasis.CONTRACT_RELATED, date(2026, 12, 7), []),
        (LegalBasis.CONSENT, date(2026, 12, 7), []),
        (LegalBasis.OPT_OUT, date(2026, 12, 7), [("FR-OPTIN", "sales")]),
        (None, date(2026, 12, 7), [("FR-OPTIN", "sales")]),
        (LegalBasis.OPT_OUT, date(2026, 7, 6), []),
    ],
)
def test_a_legal_basis_in_force(tiny_case, tiny_plan, basis, first_day, broken):
    case = with_campaign(tiny_case, "sales", legal_basis=basis).model_copy(update={"first_day": first_day})

    assert codes(legal_basis.check(case, tiny_plan)) == broken


def test_a_campaign_nobody_works_needs_no_legal_basis(tiny_case, plan_of):
    assert legal_basis.check(with_campaign(tiny_case, "sales", legal_basis=None), plan_of()) == []
