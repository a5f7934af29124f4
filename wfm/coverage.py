"""What a plan's people and seats can do, slot by slot, and what work they leave undone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wfm.blocks import purchase_slots, seats
from wfm.case import Case
from wfm.opening import open_slots
from wfm.plan import Plan, Purchase, Shift
from wfm.requirement import MILLI, CampaignRequirement

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Capacity:
    """Capacity of one campaign, 0 in its closed slots. All arrays have shape (slots,).

    `own` and `partner` are milli agents: an own agent counts round(1000 x (1 - unplanned_shrinkage of the site)), a
    partner's seat round(1000 x productivity). `heads` counts persons and seats.
    """

    own: Ints
    partner: Ints
    heads: Ints

    @property
    def total(self) -> Ints:
        """Own and partner capacity, milli agents, shape (slots,)."""
        return self.own + self.partner


def capacity(case: Case, plan: Plan) -> dict[str, Capacity]:
    """Capacity of every campaign of the case. The plan must satisfy rule REFERENCE."""
    return capacity_of(case, plan.shifts, plan.purchases)


def capacity_of(case: Case, shifts: Iterable[Shift], purchases: Iterable[Purchase]) -> dict[str, Capacity]:
    """Capacity of every campaign of the case from shifts and purchases that satisfy rule REFERENCE."""
    slots = case.grid.slots
    found = {entry.id: Capacity(*(np.zeros(slots, dtype=np.int64) for _ in range(3))) for entry in case.campaigns}
    milli = {site.id: round(MILLI * (1 - site.unplanned_shrinkage)) for site in case.sites}
    for shift in shifts:
        own_milli = milli[case.agent_by_id[shift.agent].site]
        for segment in shift.segments:
            target = found.get(segment.activity)
            if target is not None:
                target.own[segment.first_slot : segment.last_slot] += own_milli
                target.heads[segment.first_slot : segment.last_slot] += 1
    for purchase in purchases:
        first, last = purchase_slots(case, purchase)
        count = seats(case, purchase)
        found[purchase.campaign].partner[first:last] += count * seat_milli(case, purchase)
        found[purchase.campaign].heads[first:last] += count
    for entry in case.campaigns:
        closed = ~open_slots(case, entry)
        for series in (found[entry.id].own, found[entry.id].partner, found[entry.id].heads):
            series[closed] = 0
    return found


def seat_milli(case: Case, purchase: Purchase) -> int:
    """Milli agents that one seat of a purchase counts; 0 where the partner is not certified for the campaign."""
    for entry in case.partner_by_id[purchase.partner].certifications:
        if entry.campaign == purchase.campaign:
            return round(MILLI * entry.productivity)
    return 0


def unmet(requirement: CampaignRequirement, available: Ints) -> Ints:
    """Work of each item left undone, milli agent-slots, shape (items,), given the milli agents `available`, shape (slots,).

    Slots serve items in order of deadline; what a slot cannot use is lost. Because first and last slots never decrease
    along the items, no other order does more work (earliest deadline first is optimal for agreeable windows).
    """
    _, done = _served(requirement, available)
    return np.array([item.work for item in requirement.items], dtype=np.int64) - done


def worked(requirement: CampaignRequirement, available: Ints) -> Ints:
    """Capacity that work uses in each slot, milli agents, shape (slots,), in the order of `unmet`; the rest is spare."""
    begun, done = _served(requirement, available)
    # Items use disjoint spans of the cumulative capacity: what all of them have used by the end of each slot.
    corners = np.stack([begun, begun + done], axis=1).ravel()
    used = np.stack([np.cumsum(done) - done, np.cumsum(done)], axis=1).ravel()
    by_end = np.interp(np.cumsum(available), [0, *corners], [0, *used])
    used_by_end: Ints = np.rint(by_end).astype(np.int64)
    return np.diff(used_by_end, prepend=0)


def _served(requirement: CampaignRequirement, available: Ints) -> tuple[Ints, Ints]:
    """Where in the cumulative capacity each item's work begins, and how much of it is done; both of shape (items,).

    The state is one number: how much of the cumulative capacity the items so far have used or passed by.
    """
    cumulative = [0, *np.cumsum(available).tolist()]
    begun, done = (np.zeros(len(requirement.items), dtype=np.int64) for _ in range(2))
    position = 0
    for index, item in enumerate(requirement.items):
        position = max(position, cumulative[item.first_slot])
        begun[index] = position
        done[index] = min(item.work, cumulative[item.last_slot] - position)
        position += int(done[index])
    return begun, done
