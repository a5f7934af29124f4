"""<country>-INS-24H: nobody is called to sign before the legal time since the documents has passed, exempt bases apart.

The documents of a sale go out with its first call, so no second call may be planned before the first campaign's first open
slot plus that time. Roster and purchases do no more than the requirement's items let them (`wfm.coverage`), and each item
says when its work may begin: the rule measures the items, from the first slot in which their campaign is open.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from wfm.case import Case
from wfm.clock import zone
from wfm.opening import open_slots
from wfm.requirement import Requirement
from wfm.rules.law.measurement import Measurement
from wfm.rules.law.presence import MINUTE
from wfm.rules.law.scope import consumer_rule
from wfm.rules.words import hours, wall

CODE = "INS-24H"


def measure(case: Case, requirement: Requirement) -> Iterator[Measurement]:
    for entry in requirement.campaigns:
        campaign = case.campaign_by_id[entry.campaign]
        if campaign.second_call_of is None:
            continue
        first_calls = np.flatnonzero(open_slots(case, case.campaign_by_id[campaign.second_call_of]))
        second_calls = np.flatnonzero(open_slots(case, campaign))
        tz = zone(case.market_by_id[campaign.market].time_zone)
        for item in entry.items:
            at = second_calls[(second_calls >= item.first_slot) & (second_calls < item.last_slot)]
            if not (item.work and first_calls.size and at.size):
                continue
            start, begins = case.grid.instant(int(first_calls[0])), case.grid.instant(int(at[0]))
            rule = consumer_rule(case, campaign, CODE, begins.astimezone(tz).date())
            if rule is None or campaign.legal_basis in rule.parameters["exempt"]:
                continue
            limit, elapsed = rule.parameters["elapsed_minutes"], (begins - start) / MINUTE
            where = f"second calls from {wall(case, int(at[0]))}"
            found = f"{hours(elapsed)} after the first documents"
            yield Measurement(rule, campaign.id, where, found, hours(limit), elapsed - limit, "min")
