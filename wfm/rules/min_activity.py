"""MIN-ACTIVITY: whoever turns to a campaign with a minimum stays that long, or as long as shift and opening hours let.

Breaks neither end a stay nor count in it. Where a shift has less time in a row than the minimum in which the campaign is open,
a stay fills all of it. Idle time has no minimum. Only own agents have activities.
"""

from __future__ import annotations

from itertools import groupby

from wfm.campaign import Campaign
from wfm.case import Case
from wfm.opening import open_slots
from wfm.plan import Plan, Shift
from wfm.rules.words import wall
from wfm.violation import Violation

CODE = "MIN-ACTIVITY"


def check(case: Case, plan: Plan) -> list[Violation]:
    found = []
    for campaign in case.campaigns:
        if campaign.min_activity_minutes is None:
            continue
        is_open = open_slots(case, campaign).tolist()
        least = -(-campaign.min_activity_minutes // case.interval_minutes)
        found += [
            Violation(
                rule=CODE,
                subject=shift.agent,
                where=f"{wall(case, first)}, {campaign.id}",
                found=f"{slots * case.interval_minutes} min",
                limit=f"{wanted * case.interval_minutes} min or more",
            )
            for shift in plan.shifts
            for first, slots, wanted in _stays(shift, campaign, is_open, least)
            if slots < wanted
        ]
    return found


def _stays(shift: Shift, campaign: Campaign, is_open: list[bool], least: int) -> list[tuple[int, int, int]]:
    """(first slot, slots, least slots) of every stay on the campaign; breaks left out."""
    working = [
        (slot, segment.activity == campaign.id)
        for segment in shift.segments
        if segment.break_name is None
        for slot in range(segment.first_slot, segment.last_slot)
    ]
    stays = []
    for opened, span in groupby(working, key=lambda entry: is_open[entry[0]]):
        slots = list(span)
        for on_campaign, stay in groupby(slots, key=lambda entry: entry[1]):
            own = list(stay)
            if opened and on_campaign:
                stays.append((own[0][0], len(own), min(least, len(slots))))
    return stays
