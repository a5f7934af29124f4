"""The work to be covered, in the one form that the optimiser, the checker and the figures share."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

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
    convex), and beyond the slot's last row, which has 0 cents, nothing more is saved: there the cost counts as 0.
    Raises pydantic.ValidationError where rows are not of this form.
    """

    slot: tuple[Annotated[int, Field(ge=0)], ...]
    milli_agents: tuple[Annotated[int, Field(ge=0)], ...]
    cents_per_agent: tuple[Annotated[int, Field(ge=0)], ...]

    @model_validator(mode="after")
    def _convex(self) -> Self:
        if not len(self.slot) == len(self.milli_agents) == len(self.cents_per_agent):
            raise ValueError("slot, milli_agents and cents_per_agent must have one value per row each")
        rows = list(zip(self.slot, self.milli_agents, self.cents_per_agent, strict=True))
        for (slot, agents, cents), (following, more, fewer) in pairwise([(-1, 0, 0), *rows, (1 << 62, 0, 0)]):
            if following > slot and (cents or more):
                raise ValueError(f"slot {slot} must end with a row of 0 cents, and the next begin with one of 0 agents")
            if following < slot:
                raise ValueError(f"slot {following} comes after slot {slot}")
            if following == slot and (more <= agents or fewer > cents):
                raise ValueError(f"slot {slot}: agents must rise from row to row, and cents must not")
        return self

    def by_slot(self) -> dict[int, list[tuple[int, int, int]]]:
        """Pieces (from, to, cents per agent) of every slot, in thousandths of agents."""
        pieces: dict[int, list[tuple[int, int, int]]] = {slot: [] for slot in self.slot}
        rows = zip(self.slot, self.milli_agents, self.cents_per_agent, strict=True)
        for (slot, first, cents), (following, last, _) in pairwise(rows):
            if following == slot:
                pieces[slot].append((first, last, cents))
        return pieces

    def milli_cents(self, available: Sequence[int]) -> dict[int, int]:
        """Expected cost of lost contacts per slot of the table, in thousandths of minor units, exactly, with `available` milli
        agents in every slot of the grid.
        """
        return {
            slot: sum(cents * max(0, last - max(first, available[slot])) for first, last, cents in pieces)
            for slot, pieces in self.by_slot().items()
        }


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
    `service_level_definition` says what that figure means. `losses`: where the campaign has a lost_contact_cost; what
    they price comes on top of the price of work left undone.
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
