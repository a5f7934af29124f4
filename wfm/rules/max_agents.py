"""MAX-AGENTS: no more agents and seats on a campaign at once than it takes (dialler lines). One breach per day, the worst."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from wfm.case import Case
from wfm.coverage import capacity
from wfm.plan import Plan
from wfm.rules.words import wall
from wfm.violation import Violation

CODE = "MAX-AGENTS"


def check(case: Case, plan: Plan) -> list[Violation]:
    limited = [campaign for campaign in case.campaigns if campaign.max_agents is not None]
    if not limited:
        return []
    covered = capacity(case, plan)
    starts = case.grid.day_first_slots(case.first_day, case.days, case.home_zone)
    found = []
    for campaign in limited:
        heads, limit = covered[campaign.id].heads, campaign.max_agents
        for first, last in pairwise(starts):
            slot = int(first + np.argmax(heads[first:last]))
            if limit is not None and heads[slot] > limit:
                found.append(
                    Violation(
                        rule=CODE,
                        subject=campaign.id,
                        where=wall(case, slot),
                        found=f"{heads[slot]} agents and seats",
                        limit=f"{limit}",
                    )
                )
    return found
