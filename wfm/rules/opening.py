"""OPENING and <country>-OUT-WINDOW: agents work a campaign only while it is open, and outbound only at legal hours.

Partner seats do nothing in closed slots (`wfm.coverage`); a block that lies in closed slots alone breaks PURCHASE-TERMS.
"""

from __future__ import annotations

from datetime import time

import numpy as np
from numpy.typing import NDArray

from wfm.campaign import Campaign, Channel, OpeningHours
from wfm.case import Case
from wfm.clock import zone
from wfm.opening import open_mask, open_slots
from wfm.plan import Plan
from wfm.rules.words import wall
from wfm.violation import Violation

CODE = "OPENING"


def check(case: Case, plan: Plan) -> list[Violation]:
    is_open = {campaign.id: open_slots(case, campaign) for campaign in case.campaigns}
    is_legal = {campaign.id: _legal(case, campaign) for campaign in case.campaigns}
    found = []
    for shift in plan.shifts:
        for segment in shift.segments:
            mask = is_open.get(segment.activity)
            if mask is None or mask[segment.first_slot : segment.last_slot].all():
                continue
            slot = segment.first_slot + int(np.argmin(mask[segment.first_slot : segment.last_slot]))
            legal = bool(is_legal[segment.activity][slot])
            country = case.market_by_id[case.campaign_by_id[segment.activity].market].country
            found.append(
                Violation(
                    rule=CODE if legal else f"{country}-OUT-WINDOW",
                    subject=shift.agent,
                    where=f"{wall(case, slot)}, {segment.activity}",
                    found="works while the campaign is closed" if legal else "calls outside the legal hours",
                    limit="opening hours" if legal else "legal hours of the consumer's clock",
                )
            )
    return found


def _legal(case: Case, campaign: Campaign) -> NDArray[np.bool_]:
    """Slots in which the law allows the channel: the opening mask of a campaign that never closes. Shape (slots,)."""
    if campaign.channel is not Channel.OUTBOUND:
        return np.ones(case.grid.slots, dtype=bool)
    market = case.market_by_id[campaign.market]
    always = [OpeningHours(campaign=campaign.id, weekday=day, opens=time(0), closes=time(0)) for day in range(1, 8)]
    return open_mask(case.grid, campaign, always, case.calendar(market.country), zone(market.time_zone))
