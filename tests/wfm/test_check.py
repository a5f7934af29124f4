"""The whole check on a legal plan, and on plans that lie about themselves."""

from __future__ import annotations

import pytest

from wfm.check import check_plan
from wfm.plan import Status


def rules(violations):
    return [(violation.rule, violation.where) for violation in violations]


def test_the_tiny_plan_passes(tiny_case, tiny_requirement, tiny_plan):
    assert check_plan(tiny_case, tiny_requirement, tiny_plan) == []


def test_a_broken_rule_is_found(tiny_case, tiny_requirement, make_plan, make_shift):
    plan = make_plan(tiny_case, [make_shift("A3", 0, 9, ("service", 6), ("break:lunch", 2), ("service", 8))])

    assert {violation.rule for violation in check_plan(tiny_case, tiny_requirement, plan)} == {"SKILL"}


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
