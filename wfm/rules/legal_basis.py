"""<country>-OPTIN: outbound campaigns are worked only on a legal basis in force that day. One breach per campaign."""

from __future__ import annotations

from wfm.campaign import Channel
from wfm.case import Case
from wfm.clock import zone
from wfm.coverage import capacity
from wfm.law import country_pack
from wfm.plan import Plan
from wfm.violation import Violation


def check(case: Case, plan: Plan) -> list[Violation]:
    outbound = [campaign for campaign in case.campaigns if campaign.channel is Channel.OUTBOUND]
    covered = capacity(case, plan) if outbound else {}
    found = []
    for campaign in outbound:
        market = case.market_by_id[campaign.market]
        pack = country_pack(market.country)
        tz = zone(market.time_zone)
        worked = covered[campaign.id].heads.nonzero()[0]
        for day in sorted({case.grid.instant(int(slot)).astimezone(tz).date() for slot in worked}):
            rule = pack.rule(f"{market.country}-OPTIN", day) if pack else None
            if rule is not None and campaign.legal_basis not in rule.parameters["bases"]:
                found.append(
                    Violation(
                        rule=rule.code,
                        subject=campaign.id,
                        where=f"from {day}",
                        found=f"legal basis {campaign.legal_basis or 'none'}",
                        limit=" or ".join(rule.parameters["bases"]),
                    )
                )
                break
    return found
