"""The whole check on a legal plan, and on plans that lie about themselves."""

from __future__ import annotations

from datetime import date

import pytest

from wfm.calendar import CalendarChange, Change
from wfm.campaign import LegalBasis
from wfm.check import check_plan
from wfm.plan import Status
from wfm.requirement import LossTable


def rules(violations):
    return [(violation.rule, violation.where) for violation in violations]


def test_the_tiny_plan_passes(tiny_case, tiny_requirement, tiny_plan):
    assert check_plan(tiny_case, tiny_requirement, tiny_plan) == []


def test_a_broken_rule_is_found(tiny_case, tiny_requirement, make_plan, make_shift):
    plan = make_plan(tiny_case, [make_shift("A3", 0, 9, ("service", 6), ("break:lunch", 2), ("service", 8))])

    assert {violation.rule for violation in check_plan(tiny_case, tiny_requirement, plan)} == {"SKILL"}


LUNCH = ("break:lunch", 2)
USUAL = [("idle", 6), LUNCH, ("idle", 8)]
LAWS = {
    "MA-DAY-MAX": [(0, 8, [("idle", 6), LUNCH, ("idle", 15)])],
    "MA-WEEK-CAP": [(day, 8, [("idle", 8), LUNCH, ("idle", 11)]) for day in range(6)],
    "MA-CONSEC": [(day, 8, [("idle", 6), LUNCH, ("idle", 2)]) for day in range(7)],
    "MA-REST-DAILY": [(0, 14, USUAL), (1, 8.5, USUAL)],
    "MA-BREAK": [(0, 8, [("idle", 13)])],
    "FR-OUT-WINDOW": [(0, 9, [("sales", 7), LUNCH, ("sales", 7)])],
}
"""Shifts of A3, by day, hour and activities, that break one rule of law."""


@pytest.mark.parametrize("code", LAWS)
def test_work_against_the_law_is_found(tiny_case, tiny_requirement, make_plan, make_shift, code):
    shifts = [make_shift("A3", day, start, *activities) for day, start, activities in LAWS[code]]
    found = {violation.rule for violation in check_plan(tiny_case, tiny_requirement, make_plan(tiny_case, shifts))}

    assert {rule for rule in found if rule.startswith(("MA-", "FR-"))} == {code}


@pytest.mark.parametrize(
    ("code", "site", "agent", "contract", "day", "start"),
    [
        ("MA-REST-WEEK", {"rest_weekday": 7}, {}, {}, 6, 8),
        ("MA-HOLIDAY", {"rest_weekday": 7}, {}, {}, 4, 8),
        ("MA-NIGHT", {}, {"adult_from": date(2027, 1, 1)}, {}, 0, 13.5),
        ("MA-OT-CAP", {}, {"overtime_minutes_before": 4800}, {"week_minutes": 250}, 0, 8),
        ("MA-SMIG", {}, {"hourly_wage": 1791}, {}, 0, 8),
        ("MA-WEEK-NORM", {}, {}, {"week_minutes": 2641}, 0, 8),
    ],
)
def test_a_case_in_which_the_same_work_is_illegal(
    tiny_case, tiny_requirement, make_plan, make_shift, *, code, site, agent, contract, day, start
):
    """A usual shift in a case changed in one place; Friday 2026-12-11 is declared a holiday in Morocco."""
    feast = CalendarChange(country="MA", feast="Fête", day=date(2026, 12, 11), status=Change.DECLARED)
    first, *others = tiny_case.agents
    case = tiny_case.model_copy(
        update={
            "currency": "MAD",
            "calendar_changes": (feast,),
            "sites": (tiny_case.sites[0].model_copy(update=site),),
            "agents": (first.model_copy(update=agent), *others),
            "contracts": (tiny_case.contracts[0].model_copy(update=contract),),
        }
    )
    requirement = tiny_requirement.model_copy(update={"case_hash": case.content_hash()})
    plan = make_plan(case, [make_shift("A1", day, start, *USUAL)], requirement=requirement)

    assert {violation.rule for violation in check_plan(case, requirement, plan)} - {"SHIFT-SHAPE"} == {code}


def test_a_call_to_sign_too_early_is_found(tiny_case, tiny_requirement, make_plan):
    """Sales again, called a second time by `mail`, whose work may begin on Monday with the first calls."""
    second = {"second_call_of": "sales", "second_call_share": 0.5, "legal_basis": LegalBasis.CONSENT}
    campaigns = (*tiny_case.campaigns[:2], tiny_case.campaigns[2].model_copy(update=second))
    case = tiny_case.model_copy(update={"campaigns": campaigns})
    requirement = tiny_requirement.model_copy(update={"case_hash": case.content_hash()})

    assert {
        violation.rule for violation in check_plan(case, requirement, make_plan(case, [], requirement=requirement))
    } == {"FR-INS-24H"}


def test_a_share_of_the_requirement_is_found(tiny_case, tiny_requirement, tiny_plan, make_plan):
    service = tiny_case.campaigns[0].model_copy(update={"min_partner_share": 0.5})
    case = tiny_case.model_copy(update={"campaigns": (service, *tiny_case.campaigns[1:])})
    requirement = tiny_requirement.model_copy(update={"case_hash": case.content_hash()})
    plan = make_plan(case, tiny_plan.shifts, tiny_plan.purchases, requirement=requirement)

    assert rules(check_plan(case, requirement, plan)) == [("PARTNER-SHARE", "the whole plan")]


def test_what_is_unknown_is_not_judged_further(tiny_case, tiny_requirement, tiny_plan):
    shift = tiny_plan.shifts[0].model_copy(update={"agent": "A9"})
    plan = tiny_plan.model_copy(update={"shifts": (shift,)})

    assert [violation.rule for violation in check_plan(tiny_case, tiny_requirement, plan)] == ["REFERENCE"]


@pytest.mark.parametrize("field", ["case_hash", "requirement_hash", "case_name"])
def test_a_plan_of_other_inputs(tiny_case, tiny_requirement, tiny_plan, field):
    plan = tiny_plan.model_copy(update={field: "other"})

    assert rules(check_plan(tiny_case, tiny_requirement, plan)) == [("HASH", field)]


def test_items_out_of_order_are_refused(tiny_case, tiny_requirement, tiny_plan):
    entry, *others = tiny_requirement.campaigns
    muddled = entry.model_copy(update={"items": entry.items[::-1]})
    requirement = tiny_requirement.model_copy(update={"campaigns": (muddled, *others)})
    violations = check_plan(tiny_case, requirement, tiny_plan)

    assert [violation.rule for violation in violations] == ["HASH", "REQUIREMENT"]


@pytest.mark.parametrize("campaign", [1, 2])
def test_losses_in_a_slot_that_items_share_are_refused(campaign, tiny_case, tiny_requirement, tiny_plan):
    """Campaign 1 has items of a day, campaign 2 of two days: capacity of a slot is not theirs alone."""
    entries = list(tiny_requirement.campaigns)
    slot = entries[campaign].items[0].first_slot
    losses = LossTable(slot=(slot, slot), milli_agents=(0, 900), cents_per_agent=(100, 0))
    entries[campaign] = entries[campaign].model_copy(update={"losses": losses})
    requirement = tiny_requirement.model_copy(update={"campaigns": tuple(entries)})

    assert "REQUIREMENT" in {violation.rule for violation in check_plan(tiny_case, requirement, tiny_plan)}


def test_a_campaign_without_requirement_is_refused(tiny_case, tiny_requirement, tiny_plan):
    requirement = tiny_requirement.model_copy(update={"campaigns": tiny_requirement.campaigns[1:]})

    assert "REQUIREMENT" in {violation.rule for violation in check_plan(tiny_case, requirement, tiny_plan)}


def test_a_bill_one_cent_off(tiny_case, tiny_requirement, tiny_plan):
    *lines, last = tiny_plan.bill.lines
    lines.append(last.model_copy(update={"cents": last.cents - 1}))
    plan = tiny_plan.model_copy(update={"bill": tiny_plan.bill.model_copy(update={"lines": tuple(lines)})})

    assert rules(check_plan(tiny_case, tiny_requirement, plan)) == [("BILL", "shortage")]


@pytest.mark.parametrize("change", ["missing", "twice"])
def test_every_line_of_the_bill_is_there_once(tiny_case, tiny_requirement, tiny_plan, change):
    lines = tiny_plan.bill.lines
    changed = lines[1:] if change == "missing" else (*lines, lines[0])
    plan = tiny_plan.model_copy(update={"bill": tiny_plan.bill.model_copy(update={"lines": changed})})

    assert rules(check_plan(tiny_case, tiny_requirement, plan)) == [
        ("BILL", "wages" if change == "missing" else "lines")
    ]


def test_a_total_that_is_no_sum(tiny_case, tiny_requirement, tiny_plan):
    totals = {"total_cents": tiny_plan.bill.total_cents - 1}
    plan = tiny_plan.model_copy(update={"bill": tiny_plan.bill.model_copy(update=totals)})

    assert ("BILL", "total_cents") in rules(check_plan(tiny_case, tiny_requirement, plan))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("currency", "MAD"),
        ("cost_cents", 1),
        ("changeable_cost_cents", 1),
        ("changeable_bound_cents", 1),
        ("bound_cents", 10**9),
        ("gap", 0.0),
        ("gap", float("nan")),
        ("changeable_gap", 0.02),
    ],
)
def test_a_certificate_that_does_not_add_up(tiny_case, tiny_requirement, tiny_plan, field, value):
    certificate = tiny_plan.certificate.model_copy(update={field: value})
    plan = tiny_plan.model_copy(update={"certificate": certificate})

    assert ("CERTIFICATE", field) in rules(check_plan(tiny_case, tiny_requirement, plan))


@pytest.mark.parametrize("status", [Status.OPTIMAL, Status.INFEASIBLE])
def test_a_status_that_is_not_proven(tiny_case, tiny_requirement, tiny_plan, status):
    plan = tiny_plan.model_copy(update={"status": status})

    assert rules(check_plan(tiny_case, tiny_requirement, plan)) == [("CERTIFICATE", "status")]
