"""Who sells capacity, and on which terms."""

from __future__ import annotations

from datetime import time
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from wfm.document import Document


class TierMode(StrEnum):
    """`incremental`: each hour at the price of the tier it falls in; `all_units`: every hour at the price of the tier that
    the total reaches.
    """

    INCREMENTAL = "incremental"
    ALL_UNITS = "all_units"


class Tier(Document):
    """From `from_hours` productive hours per plan on, an hour costs `price_per_hour` minor units of the plan's currency."""

    from_hours: Annotated[float, Field(ge=0)]
    price_per_hour: Annotated[int, Field(ge=0)]


class BlockShift(Document):
    """A daily working window that can be bought, [start, end) in the partner's wall time on the given ISO weekdays;
    `end` 00:00 is midnight at the end of the day.
    """

    id: str
    start: time
    end: time
    weekdays: tuple[int, ...]


class Certification(Document):
    """The partner may work this campaign; one seat does `productivity` times the work of an in-house agent."""

    campaign: str
    productivity: Annotated[float, Field(gt=0, le=2)]


class Partner(Document):
    """A partner centre. A purchase is a number of blocks of `block_seats` seats for one campaign, day and block shift.

    Seats in use at any moment stay within min(seats, current_seats + ramp_seats_per_week x (week + 1)), week counted
    from 0 (ramp). Days before as_of + lead_time_days cannot be bought. The bill of the plan is the tariff at
    max(hours bought, min_billed_hours); all hours are productive hours (seats x hours in the block shift).
    """

    id: str
    name: str
    city: str
    time_zone: str
    seats: Annotated[int, Field(ge=0)]
    current_seats: Annotated[int, Field(ge=0)]
    ramp_seats_per_week: Annotated[int, Field(ge=0)]
    block_seats: Annotated[int, Field(gt=0)]
    lead_time_days: Annotated[int, Field(ge=0)]
    min_billed_hours: Annotated[float, Field(ge=0)]
    tier_mode: TierMode
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)]
    shifts: tuple[BlockShift, ...]
    certifications: tuple[Certification, ...]

    def seats_in_week(self, week: int) -> int:
        """Seats that can be in use at once in week 0, 1, … of the plan."""
        return min(self.seats, self.current_seats + self.ramp_seats_per_week * (week + 1))
