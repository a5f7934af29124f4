"""<country>-INS-24H: nobody is called to sign before the legal time since the documents has passed, exempt bases apart.

Documents leave by the end of the slot of the first call, and second calls are released as soon as law and opening hours let
them. Roster and purchases do no more than the requirement's items allow (`wfm.coverage`), so the rule measures the items: the
time from the latest first calls that an item may stem from to the first slot in which it may be worked. These are the first
calls that fell due between the opening before and that slot. An item that begins where none fell due is held against the
latest first calls before it. First calls before the plan count as well: its Monday works off their second calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from wfm.campaign import Campaign
from wfm.case import Case
from wfm.clock import Grid, zone
from wfm.opening import open_mask
from wfm.requirement import Requirement
from wfm.rules.law.measurement import Measurement
from wfm.rules.law.presence import MINUTE
from wfm.rules.law.scope import consumer_rule
from wfm.rules.words import hours, wall

CODE = "INS-24H"
LEAD_DAYS = 14
"""First calls are looked for so long before the plan: longer than any closure for holidays."""

Ints = NDArray[np.int64]


def measure(case: Case, requirement: Requirement) -> Iterator[Measurement]:
    lead = timedelta(days=LEAD_DAYS)
    grid = Grid.of_days(case.first_day - lead, LEAD_DAYS + case.days, case.interval_minutes, case.home_zone)
    before = grid.slots - case.grid.slots
    for entry in requirement.campaigns:
        campaign = case.campaign_by_id[entry.campaign]
        if campaign.second_call_of is None:
            continue
        first = case.campaign_by_id[campaign.second_call_of]
        made, opens = _open(case, first, grid), _open(case, campaign, grid)
        tz = zone(case.market_by_id[campaign.market].time_zone)
        for item in entry.items:
            at = int(np.searchsorted(opens, item.first_slot + before))
            if item.work == 0 or at == len(opens) or opens[at] >= item.last_slot + before:
                continue
            begins = grid.instant(int(opens[at]))
            rule = consumer_rule(case, campaign, CODE, begins.astimezone(tz).date())
            if rule is None or {first.legal_basis, campaign.legal_basis} <= set(rule.parameters["exempt"]):
                continue
            limit = rule.parameters["elapsed_minutes"]
            source = _source(made, opens, at, -(-limit * MINUTE // grid.interval))
            if source is not None:
                elapsed = (begins - grid.instant(source + 1)) / MINUTE
                where = f"second calls from {wall(case, int(opens[at]) - before)}"
                found = f"{hours(elapsed)} after the documents"
                yield Measurement(rule, campaign.id, where, found, hours(limit), elapsed - limit, "min")


def _source(made: Ints, opens: Ints, at: int, delay: int) -> int | None:
    """The latest slot of first calls from which second calls at the opening `opens[at]` may stem, `delay` slots after its
    end; None where no first calls came before.
    """
    previous = int(opens[at - 1]) if at else -1
    due = int(np.searchsorted(made, opens[at] - 1 - delay, side="right"))
    if due and made[due - 1] > previous - 1 - delay:
        return int(made[due - 1])
    earlier = int(np.searchsorted(made, opens[at]))
    return int(made[earlier - 1]) if earlier else None


def _open(case: Case, campaign: Campaign, grid: Grid) -> Ints:
    """Slots of a grid in which a campaign may be worked, in order."""
    opening = [entry for entry in case.opening_hours if entry.campaign == campaign.id]
    market = case.market_by_id[campaign.market]
    return np.flatnonzero(open_mask(grid, campaign, opening, case.calendar(market.country), zone(market.time_zone)))
