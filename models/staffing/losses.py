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


def with_help(table: LossTable, credit: NDArray[np.float64]) -> LossTable:
    """The table where `credit` agents per slot, shape (slots,), help out besides those who are rostered; negative where agents
    leave to help others: then what is not known below the first piece goes on at its price.
    """
    rows = []
    for slot, pieces in table.by_slot().items():
        helped = round(MILLI * float(credit[slot]))
        left = [(max(0, first - helped), last - helped, cents) for first, last, cents in pieces if last > helped]
        ends = [(slot, left[-1][1], 0)] if left else []
        rows += [(slot, first if index else 0, cents) for index, (first, _, cents) in enumerate(left)] + ends
    slots, agents, cents = zip(*rows, strict=True) if rows else ((), (), ())
    return LossTable(slot=slots, milli_agents=agents, cents_per_agent=cents)


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
