"""The work to be covered, in the one form that the optimiser, the checker and the figures share."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wfm.clock import Grid
from wfm.document import Document

MILLI = 1000
"""Work is counted in thousandths of a productive agent for one slot ("milli agent-slots"), so that it is exact."""


class WorkItem(Document):
    """`work` milli agent-slots that may be done in any open slot of [first_slot, last_slot).

    Inbound: one item per slot. Outbound: one per calling day. Deferrable: one per batch of arrivals, up to its deadline.
    The items of one campaign are sorted and neither their first nor their last slots ever decrease, so working them in
    order of deadline loses nothing.
    """

    first_slot: int
    last_slot: int
    work: Annotated[int, Field(ge=0)]


class LossTable(Document):
    """What contacts that hang up cost in expectation, as straight pieces: in `slot[i]` every productive agent from
    `milli_agents[i]` thousandths on, up to the slot's next row, saves `cents_per_agent[i]`, minor units of the plan's currency.

    Rows are sorted by slot and agents, the first of a slot at 0 agents; within a slot the cents never rise (the cost is
    convex), and beyond the last row's piece, which ends at the slot's row of 0 cents, nothing more is saved.
    """

    slot: tuple[int, ...]
    milli_agents: tuple[int, ...]
    cents_per_agent: tuple[int, ...]


class Blending(Document):
    """Work done in the idle time of another campaign's agents, one value per slot of the grid.

    `kept`: so many idle agents of that campaign stay free for its contacts, whoever is idle beyond them takes this work; -1:
    nobody does in that slot. `agents`: productive agents that this time is reckoned as; `items` and `net_agents` are lower for
    it.
    """

    kept: tuple[int, ...]
    agents: tuple[float, ...]


class CampaignRequirement(Document):
    """Work of one campaign. Display series have one value per slot of the grid:

    `volume` contacts (or records), `aht_seconds`, `net_agents` productive agents wanted (outbound and deferrable: the items
    spread evenly over their open slots) and, for inbound, `service_level` expected at that staffing, else None.
    `service_level_definition` says what that figure means. `losses`: where the campaign has a lost_contact_cost.
    `pooling_credit` agents per slot by which `items` and `net_agents` are lower (negative: higher) than agents would need who
    never help other campaigns; None where none was reckoned. `blending`: where the work is also done in other agents' idle time.
    """

    campaign: str
    items: tuple[WorkItem, ...]
    volume: tuple[float, ...]
    aht_seconds: tuple[float, ...]
    net_agents: tuple[float, ...]
    service_level: tuple[float, ...] | None
    service_level_definition: str | None
    method: str
    losses: LossTable | None = None
    pooling_credit: tuple[float, ...] | None = None
    blending: Blending | None = None

    @property
    def work(self) -> int:
        """All work, milli agent-slots."""
        return sum(item.work for item in self.items)


class Requirement(Document):
    """Work of every campaign of a case."""

    schema_version: Literal[1] = 1
    case_hash: str
    grid: Grid
    campaigns: tuple[CampaignRequirement, ...]
