"""<country>-OPTIN: outbound campaigns are worked only on a legal basis in force that day; measured once per campaign."""

from __future__ import annotations

from collections.abc import Iterator

from wfm.case import Case
from wfm.plan import Plan
from wfm.rules.law.calls import rules_called
from wfm.rules.law.measurement import Measurement

CODE = "OPTIN"


def measure(case: Case, plan: Plan) -> Iterator[Measurement]:
    for campaign, day, rule in rules_called(case, plan, CODE):
        margin = 0 if campaign.legal_basis in rule.parameters["bases"] else -1
        found = f"legal basis {campaign.legal_basis or 'none'}"
        limit = " or ".join(rule.parameters["bases"])
        yield Measurement(rule, campaign.id, f"from {day}", found, limit, margin, "legal bases")
