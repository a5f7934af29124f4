"""The expected price of contacts that hang up, per interval and number of agents, as the table a requirement carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.staffing.curves import lost_contacts
from wfm.campaign import Campaign
from wfm.requirement import MILLI, LossTable

if TYPE_CHECKING:
    from models.staffing.inbound import InboundLoad

TOLERANCE = 0.002
"""Of an interval's contacts: pieces are joined where the cost is overstated by no more."""


def loss_table(campaign: Campaign, queue: InboundLoad, volume: NDArray[np.float64]) -> LossTable | None:
    """Pieces of `lost_contacts` over all rates that the forecast holds possible; None without a lost_contact_cost.

    Cents per agent are rounded to whole ones, which keeps them falling. An agent of several contacts at once counts as
    many servers.
    """
    if campaign.lost_contact_cost is None:
        return None
    slots: list[int] = []
    agents: list[int] = []
    cents: list[int] = []
    for slot in np.flatnonzero((volume > 0) & (queue.load > 0)).tolist():
        cost = float(campaign.lost_contact_cost)
        curve = lost_contacts(
            float(volume[slot]),
            queue.load[slot] * queue.expected[slot],
            float(queue.aht[slot]),
            queue.patience,
            cost=cost,
        ).thinned(TOLERANCE * cost * float(volume[slot]))
        slots += [slot] * len(curve.agents)
        agents += np.rint(curve.agents * MILLI / queue.lines).astype(int).tolist()
        cents += [*np.rint(-curve.slopes * queue.lines).astype(int).tolist(), 0]
    return LossTable(slot=tuple(slots), milli_agents=tuple(agents), cents_per_agent=tuple(cents))
