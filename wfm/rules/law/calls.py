"""Who calls consumers when: own agents at work on outbound campaigns, and seats bought while such a campaign is open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from wfm.blocks import purchase_slots
from wfm.campaign import Campaign, Channel
from wfm.case import Case
from wfm.clock import zone
from wfm.law import LawRule
from wfm.opening import open_slots
from wfm.plan import Plan
from wfm.rules.law.scope import consumer_rule

Call = tuple[str, int, int]


def outbound(case: Case) -> list[Campaign]:
    """The campaigns that call consumers."""
    return [campaign for campaign in case.campaigns if campaign.channel is Channel.OUTBOUND]


def calls(case: Case, plan: Plan, campaign: Campaign) -> Iterator[Call]:
    """Agent or partner, first slot and the slot after the last of everything that works an outbound campaign.

    Seats do nothing while the campaign is closed: what counts is every unbroken open run of a purchase.
    """
    for shift in plan.shifts:
        for segment in shift.segments:
            if segment.activity == campaign.id:
                yield shift.agent, segment.first_slot, segment.last_slot
    bought = [purchase for purchase in plan.purchases if purchase.campaign == campaign.id]
    if not bought:
        return
    is_open = open_slots(case, campaign)
    for purchase in bought:
        first, last = purchase_slots(case, purchase)
        edges = np.flatnonzero(np.diff(is_open[first:last].astype(np.int8), prepend=0, append=0)) + first
        for start, end in edges.reshape(-1, 2).tolist():
            yield purchase.partner, start, end


def rules_called(case: Case, plan: Plan, code: str) -> Iterator[tuple[Campaign, date, LawRule]]:
    """Every rule `code` (without country) under which the plan works an outbound campaign, with the first of the consumers'
    local days on which it does.
    """
    for campaign in outbound(case):
        tz = zone(case.market_by_id[campaign.market].time_zone)
        slots = {slot for _, first, last in calls(case, plan, campaign) for slot in range(first, last)}
        days = sorted({case.grid.instant(slot).astimezone(tz).date() for slot in slots}, reverse=True)
        found = {rule.valid_from: (day, rule) for day in days if (rule := consumer_rule(case, campaign, code, day))}
        for day, rule in found.values():
            yield campaign, day, rule
