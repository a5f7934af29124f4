"""Work that can wait: moved to opening hours, cut into exact items, spread for display."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wfm.campaign import Campaign
from wfm.errors import WfmError
from wfm.requirement import MILLI, CampaignRequirement, WorkItem

Floats = NDArray[np.float64]


def to_open_slots(campaign: Campaign, work: Floats, is_open: NDArray[np.bool_]) -> Floats:
    """`work` per slot, with what arrives while closed moved to the next open slot. Shapes (slots,).

    What arrives after the last open slot of the plan is moved back into it: a plan cannot push work beyond its end for free.
    Raises WfmError when there is work but no open slot.
    """
    if not work.any():
        return work
    opens = np.flatnonzero(is_open)
    if not len(opens):
        raise never_open(campaign)
    target = opens[np.minimum(np.searchsorted(opens, np.arange(len(work))), len(opens) - 1)]
    moved = np.zeros(len(work))
    np.add.at(moved, target, work)
    return moved


def never_open(campaign: Campaign) -> WfmError:
    """What to raise for work that nobody may do."""
    return WfmError(
        f"Campaign {campaign.id} has work but is never open during the plan. Check opening_hours and public holidays; "
        "outbound calls also need legal hours."
    )


def exact_items(windows: Sequence[tuple[int, int]], agent_slots: Sequence[float]) -> tuple[WorkItem, ...]:
    """One item per window [first, last) in milli agent-slots, rounded so that the items sum to the rounded total."""
    edges = np.rint(np.cumsum([0.0, *agent_slots]) * MILLI).astype(np.int64)
    return tuple(
        WorkItem(first_slot=first, last_slot=last, work=int(work))
        for (first, last), work in zip(windows, np.diff(edges), strict=True)
    )


def spread_evenly(items: Sequence[WorkItem], is_open: NDArray[np.bool_]) -> tuple[float, ...]:
    """Agents per slot when every item is worked evenly over the open slots of its window."""
    agents = np.zeros(len(is_open))
    for item in items:
        window = is_open[item.first_slot : item.last_slot]
        agents[item.first_slot : item.last_slot][window] += item.work / MILLI / window.sum()
    return tuple(agents.tolist())


def waiting_requirement(
    campaign: str,
    windows: Sequence[tuple[int, int]],
    agent_slots: Sequence[float],
    volume: Floats,
    aht_seconds: Floats,
    is_open: NDArray[np.bool_],
    method: str,
) -> CampaignRequirement:
    """The requirement of work that is due within windows; no service level is promised for it."""
    items = exact_items(windows, agent_slots)
    return CampaignRequirement(
        campaign=campaign,
        items=items,
        volume=tuple(volume.tolist()),
        aht_seconds=tuple(aht_seconds.tolist()),
        net_agents=spread_evenly(items, is_open),
        service_level=None,
        service_level_definition=None,
        method=method,
    )
