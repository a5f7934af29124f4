"""The independent check: is a plan legal, is its bill right, do its figures agree? Knows no solver."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise

from wfm.case import Case
from wfm.costs import bill
from wfm.plan import Bill, BillLine, Plan, Status
from wfm.requirement import CampaignRequirement, LossTable, Requirement
from wfm.rules import RULES, partner_share, references
from wfm.rules.law import measurements
from wfm.violation import Violation

GAP_TOLERANCE = 1e-9


def check_plan(case: Case, requirement: Requirement, plan: Plan) -> list[Violation]:
    """Everything wrong with a plan: [] when all is well.

    Hashes, the requirement's form, every hard rule of house and law, the bill recomputed to the cent, the certificate's
    arithmetic. A plan that names what the case does not have (REFERENCE), or a requirement that does not fit the case, is
    not judged further. That no cheaper plan exists than the bound says cannot be verified without a solver.
    """
    found = _hashes(case, requirement, plan)
    unfit = _requirement(case, requirement) + references.check(case, plan)
    if unfit:
        return found + unfit
    for rule in RULES:
        found += rule(case, plan)
    measured = measurements(case, requirement, plan)
    found += [entry.violation() for entry in measured if entry.rule.hard and not entry.is_legal]
    found += partner_share.check(case, requirement, plan)
    found += _bill(plan.bill, bill(case, requirement, plan.shifts, plan.purchases))
    return found + _certificate(case, plan)


def _hashes(case: Case, requirement: Requirement, plan: Plan) -> list[Violation]:
    case_hash = case.content_hash()
    return [
        Violation(rule="HASH", subject=subject, where=where, found=found, limit=limit)
        for subject, where, found, limit in (
            ("plan", "case_hash", plan.case_hash, case_hash),
            ("plan", "requirement_hash", plan.requirement_hash, requirement.content_hash()),
            ("plan", "case_name", plan.case_name, case.name),
            ("requirement", "case_hash", requirement.case_hash, case_hash),
        )
        if found != limit
    ]


def _requirement(case: Case, requirement: Requirement) -> list[Violation]:
    """What `wfm.coverage.unmet` relies on: every campaign once, its items on the grid and with agreeable windows."""

    def breach(subject: str, found: str, limit: str) -> Violation:
        return Violation(rule="REQUIREMENT", subject=subject, where="requirement", found=found, limit=limit)

    found = []
    if requirement.grid != case.grid:
        found.append(breach("grid", "another grid", "the grid of the case"))
    names = [entry.campaign for entry in requirement.campaigns]
    if sorted(names) != sorted(campaign.id for campaign in case.campaigns):
        found.append(breach("campaigns", ", ".join(names), "every campaign of the case once"))
    for entry in requirement.campaigns:
        if any(not 0 <= item.first_slot < item.last_slot <= case.grid.slots for item in entry.items):
            found.append(breach(entry.campaign, "an item outside the grid", f"slots 0 to {case.grid.slots}"))
        if not _agreeable(entry):
            found.append(breach(entry.campaign, "items out of order", "first and last slots that never decrease"))
        if entry.losses is not None and not _own_slots(entry, entry.losses):
            found.append(
                breach(entry.campaign, "losses in a slot without an item of its own", "inbound: one item per slot")
            )
        if any(len(series) != case.grid.slots for series in (entry.volume, entry.aht_seconds, entry.net_agents)):
            found.append(breach(entry.campaign, "a series of another length", f"{case.grid.slots} values"))
    return found


def _own_slots(entry: CampaignRequirement, losses: LossTable) -> bool:
    """Whether every slot with losses has one item, of that slot alone: so capacity there serves nothing else."""
    in_slot = Counter(slot for item in entry.items for slot in range(item.first_slot, item.last_slot))
    alone = {item.first_slot for item in entry.items if item.last_slot - item.first_slot == 1}
    return all(in_slot[slot] == 1 and slot in alone for slot in losses.slot)


def _agreeable(entry: CampaignRequirement) -> bool:
    return all(
        item.first_slot <= following.first_slot and item.last_slot <= following.last_slot
        for item, following in pairwise(entry.items)
    )


def _bill(stored: Bill, recomputed: Bill) -> list[Violation]:
    def breach(subject: str, where: str, found: object, limit: object) -> Violation:
        return Violation(rule="BILL", subject=subject, where=where, found=str(found), limit=f"{limit} recomputed")

    found = []
    if stored.currency != recomputed.currency:
        found.append(breach("bill", "currency", stored.currency, recomputed.currency))
    ours = {(line.kind, line.subject): line for line in recomputed.lines}
    theirs = {(line.kind, line.subject): line for line in stored.lines}
    for kind, subject in {**ours, **theirs}:
        line, expected = theirs.get((kind, subject)), ours.get((kind, subject))
        if line != expected:
            found.append(breach(subject, kind, _amount(line), _amount(expected)))
    if len(theirs) != len(stored.lines):
        found.append(breach("bill", "lines", "a line given twice", "one line per kind and subject"))
    return found + [
        breach("bill", name, getattr(stored, name), getattr(recomputed, name))
        for name in ("total_cents", "changeable_cents")
        if getattr(stored, name) != getattr(recomputed, name)
    ]


def _amount(line: BillLine | None) -> str:
    return "no line" if line is None else f"{line.cents} minor units for {line.quantity} {line.unit}"


def _certificate(case: Case, plan: Plan) -> list[Violation]:
    def breach(where: str, found: object, limit: object) -> Violation:
        return Violation(rule="CERTIFICATE", subject="plan", where=where, found=str(found), limit=str(limit))

    certificate, costs = plan.certificate, plan.bill
    wages = costs.total_cents - costs.changeable_cents
    found = [
        breach(where, stored, expected)
        for where, stored, expected in (
            ("currency", certificate.currency, case.currency),
            ("cost_cents", certificate.cost_cents, costs.total_cents),
            ("changeable_cost_cents", certificate.changeable_cost_cents, costs.changeable_cents),
            ("changeable_bound_cents", certificate.changeable_bound_cents, certificate.bound_cents - wages),
        )
        if stored != expected
    ]
    if certificate.bound_cents > certificate.cost_cents:
        found.append(breach("bound_cents", certificate.bound_cents, f"the cost, {certificate.cost_cents}"))
    for where, stored, expected in (
        ("gap", certificate.gap, gap(certificate.cost_cents, certificate.bound_cents)),
        (
            "changeable_gap",
            certificate.changeable_gap,
            gap(certificate.changeable_cost_cents, certificate.changeable_bound_cents),
        ),
    ):
        if not math.isclose(stored, expected, rel_tol=GAP_TOLERANCE, abs_tol=GAP_TOLERANCE):
            found.append(breach(where, stored, expected))
    if plan.status is Status.INFEASIBLE:
        found.append(breach("status", plan.status, "optimal or feasible"))
    if plan.status is Status.OPTIMAL and certificate.bound_cents != certificate.cost_cents:
        found.append(breach("status", plan.status, "feasible, while bound and cost differ"))
    return found


def gap(cost_cents: int, bound_cents: int) -> float:
    """(cost - bound) / cost, 0 where nothing costs anything."""
    return (cost_cents - bound_cents) / cost_cents if cost_cents else 0.0
