"""The compliance report: every rule in force, how often it was applied, and the tightest case."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from wfm.check import check_plan
from wfm.compliance import Evidence, evidence, packs_concerned

MONDAY = date(2026, 12, 7)


@pytest.fixture
def kept(tiny_requirement, make_plan):
    """Evidence on shifts of a changed case, by code, and what the check finds."""

    def of(case, shifts):
        requirement = tiny_requirement.model_copy(update={"case_hash": case.content_hash(), "grid": case.grid})
        moved = [shift.model_copy(update={"day": case.first_day + (shift.day - MONDAY)}) for shift in shifts]
        plan = make_plan(case, moved, requirement=requirement)
        return {entry.code: entry for entry in evidence(case, requirement, plan)}, check_plan(case, requirement, plan)

    return of


def test_every_rule_in_force_is_listed_once_in_the_order_of_the_packs(tiny_case, tiny_requirement, tiny_plan):
    codes = [entry.code for entry in evidence(tiny_case, tiny_requirement, tiny_plan)]
    expected = [rule.code for pack in packs_concerned(tiny_case) for rule in pack.in_force(tiny_case.first_day)]

    assert codes == expected
    assert codes[0] == "MA-DAY-MAX"
    assert codes[-1] == "FR-LOCAL-HOL"
    assert "FR-BLOCTEL" not in codes


def test_how_often_and_how_tightly(tiny_case, tiny_requirement, tiny_plan):
    kept = {entry.code: entry for entry in evidence(tiny_case, tiny_requirement, tiny_plan)}
    figures = {
        code: (entry.checked, entry.breaches, entry.tightest.margin, entry.tightest.unit)
        for code, entry in kept.items()
        if entry.tightest is not None
    }

    assert figures == {
        "MA-DAY-MAX": (15, 0, 180, "min"),
        "MA-WEEK-NORM": (3, 0, 540, "min"),
        "MA-WEEK-CAP": (3, 0, 1140, "min"),
        "MA-CONSEC": (3, 0, 1, "days"),
        "MA-REST-DAILY": (12, 0, 300, "min"),
        "MA-BREAK": (15, 0, 0, "min"),
        "MA-OT-CAP": (3, 0, 4800, "min"),
        "FR-OUT-WINDOW": (10, 0, 0, "min"),
        "FR-OUT-FREQ": (1, 0, 0, "attempts"),
        "FR-OPTIN": (1, 0, 0, "legal bases"),
    }
    tightest = kept["FR-OUT-WINDOW"].tightest
    assert tightest is not None
    assert (tightest.subject, tightest.where) == ("A3", "2026-12-07 09:00, sales")


def test_what_is_not_measured_says_why(tiny_case, tiny_requirement, tiny_plan):
    kept = evidence(tiny_case, tiny_requirement, tiny_plan)

    assert all((entry.note is None) is (entry.checked > 0) for entry in kept)
    notes = {entry.code: entry.note for entry in kept}
    assert notes["MA-OT-PREMIUM"] == "priced in the bill"
    assert notes["FR-OUT-REFUSAL"] == "kept by the dialler: this product holds no customer records"
    assert notes["MA-SMIG"] == "nothing in this plan comes under it"


def test_breaches_are_those_that_the_check_finds(tiny_case, kept, make_shift):
    """Eleven hours on Monday, of which the calls at midday are illegal, and ten hours of rest after them."""
    lunch = ("break:lunch", 2)
    shifts = [
        make_shift("A3", 0, 8, ("idle", 8), ("sales", 1), lunch, ("idle", 13)),
        make_shift("A3", 1, 6, ("idle", 4)),
    ]
    found, violations = kept(tiny_case, shifts)
    broken = {code: entry.breaches for code, entry in found.items() if entry.breaches}

    assert broken == {"MA-DAY-MAX": 1, "MA-REST-DAILY": 1, "FR-OUT-WINDOW": 1}
    assert Counter(violation.rule for violation in violations if violation.rule in found) == broken
    assert [found[code].tightest.margin for code in broken] == [-60, -60, -30]


def test_soft_rules_are_reported_and_not_enforced(tiny_case, kept, make_shift):
    """Good Friday, 2026-04-03, on which Alsace and Moselle rest. Rabat is at UTC+1, so slots start an hour earlier."""
    case = tiny_case.model_copy(update={"first_day": date(2026, 3, 30)})
    shift = make_shift("A3", 4, 9, ("idle", 1), ("sales", 5), ("break:lunch", 2), ("idle", 8))
    found, violations = kept(case, [shift])
    local = found["FR-LOCAL-HOL"]

    assert (local.hard, local.checked, local.breaches) == (False, 1, 1)
    assert [violation.rule for violation in violations if violation.rule in found] == []


def test_rules_of_two_dates_are_two_rows(tiny_case, tiny_requirement, make_plan):
    """The minimum wage rises on 2026-01-01."""
    case = tiny_case.model_copy(update={"first_day": date(2025, 12, 29)})
    rows = [entry for entry in evidence(case, tiny_requirement, make_plan(case, [])) if entry.code == "MA-SMIG"]

    assert [(entry.valid_from, entry.valid_to) for entry in rows] == [
        (date(2025, 1, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), None),
    ]


def test_a_rule_that_ended_binds_older_plans(tiny_case, tiny_requirement, make_plan):
    case = tiny_case.model_copy(update={"first_day": date(2026, 8, 10) - timedelta(weeks=1)})
    kept = {entry.code: entry for entry in evidence(case, tiny_requirement, make_plan(case, []))}

    assert kept["FR-BLOCTEL"].note == "kept by the dialler: this product holds no customer records"
    assert "FR-OPTIN" not in kept


def test_evidence_survives_json(tiny_case, tiny_requirement, tiny_plan):
    for entry in evidence(tiny_case, tiny_requirement, tiny_plan):
        assert Evidence.from_json(entry.canonical_json()) == entry
