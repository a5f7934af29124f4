"""The answer: who works when on what, what is bought, what it costs and how good that provably is."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from wfm.clock import Grid
from wfm.document import Document

IDLE = "idle"
"""Activity of paid time in which no campaign needs the agent: free for training or coaching."""


class Segment(Document):
    """Slots [first_slot, first_slot + slots) of a shift, spent on one activity: a campaign id, IDLE, or `break:<name>`."""

    activity: str
    first_slot: int
    slots: Annotated[int, Field(gt=0)]

    @property
    def last_slot(self) -> int:
        """The slot after the segment."""
        return self.first_slot + self.slots

    @property
    def break_name(self) -> str | None:
        """Name of the break, None for work."""
        return self.activity.removeprefix("break:") if self.activity.startswith("break:") else None


class Shift(Document):
    """One shift of one agent. `day` is the site's local day on which it starts; its segments follow one another without gap."""

    agent: str
    day: date
    pattern: str
    segments: Annotated[tuple[Segment, ...], Field(min_length=1)]

    @property
    def first_slot(self) -> int:
        return self.segments[0].first_slot

    @property
    def last_slot(self) -> int:
        """The slot after the shift."""
        return self.segments[-1].last_slot


class Purchase(Document):
    """`blocks` x block_seats seats of a partner for one campaign, day (the partner's local day) and block shift."""

    partner: str
    campaign: str
    day: date
    shift: str
    blocks: Annotated[int, Field(gt=0)]


class BillLine(Document):
    """One line of the bill; `subject` is an agent, partner or campaign, `quantity` is in `unit`."""

    kind: Literal["wages", "overtime", "holiday", "wishes", "purchase", "shortage", "lost_contacts"]
    subject: str
    quantity: float
    unit: str
    cents: int


class Bill(Document):
    """What the plan costs, computed from case, requirement and plan alone (`wfm.costs`). `total_cents` sums the lines;
    `changeable_cents` leaves out contract wages, which no decision of the plan changes.
    """

    currency: str
    lines: tuple[BillLine, ...]
    total_cents: int
    changeable_cents: int


class Status(StrEnum):
    """What is known of the plan."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"


class StopReason(StrEnum):
    """Why the search ended."""

    PROVEN = "proven"
    TIME_LIMIT = "time_limit"
    CONVERGED = "converged"
    STOPPED = "stopped"


class Certificate(Document):
    """What is proven: no plan of this case costs less than `bound_cents`. Gaps are (cost - bound) / cost."""

    cost_cents: int
    bound_cents: int
    changeable_cost_cents: int
    changeable_bound_cents: int
    gap: float
    changeable_gap: float
    currency: str
    method: str


class Plan(Document):
    """A complete plan. Only plans that passed `wfm.check` are stored."""

    schema_version: Literal[1] = 1
    case_name: str
    case_hash: str
    requirement_hash: str
    seed: int
    versions: dict[str, str]
    tzdata_version: str
    grid: Grid
    status: Status
    stop_reason: StopReason
    shifts: tuple[Shift, ...]
    purchases: tuple[Purchase, ...]
    bill: Bill
    certificate: Certificate
