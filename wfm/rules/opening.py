"""OPENING: agents work a campaign only while it is open: in its opening hours and, for outbound, at legal hours.

The law on calls is measured apart from this (`wfm.rules.law.call_window`). Partner seats do nothing in closed slots
(`wfm.coverage`); a block that lies in closed slots alone breaks PURCHASE-TERMS.
"""

from __future__ import annotations

import numpy as np

from wfm.case import Case
from wfm.opening import open_slots
from wfm.plan import Plan
from wfm.rules.words import wall
from wfm.violation import Violation

CODE = "OPENING"


def check(case: Case, plan: Plan) -> list[Violation]:
    is_open = {campaign.id: open_slots(case, campaign) for campaign in case.campaigns}
    found = []
    for shift in plan.shifts:
        for segment in shift.segments:
            mask = is_open.get(segment.activity)
            if mask is None or mask[segment.first_slot : segment.last_slot].all():
                continue
            slot = segment.first_slot + int(np.argmin(mask[segment.first_slot : segment.last_slot]))
            found.append(
                Violation(
                    rule=CODE,
                    subject=shift.agent,
                    where=f"{wall(case, slot)}, {segment.activity}",
                    found="works while the campaign is closed",
                    limit="opening hours",
                )
            )
    return found
