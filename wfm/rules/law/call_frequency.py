"""<country>-OUT-FREQ: no campaign worked dials a consumer more often than the law allows; measured once per campaign.

Attempts are shared by all sites and partners: `wfm.contact_law` counts those of one consumer.
"""

from __future__ import annotations

from collections.abc import Iterator

from wfm.case import Case
from wfm.plan import Plan
from wfm.rules.law.calls import rules_called
from wfm.rules.law.measurement import Measurement

CODE = "OUT-FREQ"


def measure(case: Case, plan: Plan) -> Iterator[Measurement]:
    for campaign, day, rule in rules_called(case, plan, CODE):
        if campaign.max_attempts is not None:
            most = rule.parameters["max_attempts"]
            found = f"up to {campaign.max_attempts} attempts"
            limit = f"{most} attempts in {rule.parameters['rolling_days']} days"
            margin = most - campaign.max_attempts
            yield Measurement(rule, campaign.id, f"from {day}", found, limit, margin, "attempts")
