"""INHOUSE-SHARE and PARTNER-SHARE: how much of a campaign's required work may, and must, be bought.

Bought work counts in milli agent-slots: seats x round(1000 x productivity) in open slots. It is at most
(1 - min_inhouse_share) and at least min_partner_share of the required work of the plan.
"""

from __future__ import annotations

from wfm.case import Case
from wfm.costs import exact
from wfm.coverage import capacity
from wfm.plan import Plan
from wfm.requirement import MILLI, Requirement
from wfm.rules.words import hours
from wfm.violation import Violation

MOST, LEAST = "INHOUSE-SHARE", "PARTNER-SHARE"


def check(case: Case, requirement: Requirement, plan: Plan) -> list[Violation]:
    covered = capacity(case, plan)
    found = []
    for entry in requirement.campaigns:
        campaign = case.campaign_by_id[entry.campaign]
        bought = int(covered[entry.campaign].partner.sum())
        most = (1 - exact(campaign.min_inhouse_share)) * entry.work
        least = exact(campaign.min_partner_share) * entry.work
        for code, broken, limit, side in (
            (MOST, bought > most, most, "at most"),
            (LEAST, bought < least, least, "at least"),
        ):
            if broken:
                found.append(
                    Violation(
                        rule=code,
                        subject=entry.campaign,
                        where="the whole plan",
                        found=f"{hours(bought * case.interval_minutes / MILLI)} of work bought",
                        limit=f"{side} {hours(float(limit) * case.interval_minutes / MILLI)}",
                    )
                )
    return found
