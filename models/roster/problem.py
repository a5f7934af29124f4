"""The case as integer arrays: the only form the optimiser works on. Parts are named tuples, which compiled code reads too.

Work is counted in milli agent-slots (see `wfm.requirement`), time in slots of the plan's grid, money in cents.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wfm.case import Case
from wfm.requirement import MILLI

NO_CAP = 10**6
"""Stands for no max_agents: more than any plan has."""

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


class ShiftOptions(NamedTuple):
    """Every (day, pattern, start) there is, sorted by day. All arrays have shape (options,) unless said.

    `breaks[p, b]` = (length, earliest, latest) of break b of pattern p in slots after the shift's start, length 0 where
    the pattern has fewer breaks. Shape (patterns, most breaks, 3).
    """

    day: Ints
    pattern: Ints
    start: Ints
    end: Ints
    effective: Ints
    """Slots that count as working time: presence less unpaid breaks."""
    day_first: Ints
    """First option of every day, and the number of options. Shape (days + 1,)."""
    breaks: Ints


class Staff(NamedTuple):
    """Own agents. Arrays have shape (agents,) unless said."""

    group: Ints
    """Index of the agent's group: same skills, contract and shrinkage."""
    group_skills: Bools
    """Which campaigns a group may work. Shape (groups, campaigns)."""
    effect: Ints
    """Milli agents of work one rostered agent does: 1000 x (1 - unplanned shrinkage)."""
    allowed: Bools
    """Shape (agents, options): contract, absences and rest since the last shift admit the option."""
    wish_cost: Ints
    """Shape (agents, options): cents of broken wishes."""
    week_cap: Ints
    """Most effective slots per week. Shape (agents, weeks)."""
    overtime_cents: Ints
    """Cents of overtime for u effective slots in a week. Shape (agents, weeks, largest cap + 1)."""
    wages_cents: Ints
    worked_before: Ints
    max_consecutive: int
    rest_slots: int


class Offers(NamedTuple):
    """Every block that can be bought: partner x campaign x day x block shift. Arrays have shape (offers,) unless said."""

    partner: Ints
    campaign: Ints
    day: Ints
    shift: Ints
    first: Ints
    last: Ints
    """Slots [first, last) of the block shift."""
    most: Ints
    """Most blocks: seats there are, divided by seats per block."""
    hours: NDArray[np.float64]
    """Billed productive hours of one block."""
    seats: Ints
    effect: Ints
    """Milli agents of work one block does in an open slot: seats x 1000 x productivity."""
    work: Ints
    """Milli agent-slots that one block does in all open slots of its shift."""
    seat_cap: Ints
    """Seats of a partner that can be in use on each day. Shape (partners, days)."""


@dataclass(frozen=True, eq=False)
class Problem:
    """One planning problem; see the parts. `open` has shape (campaigns, slots)."""

    case: Case
    slots: int
    days: int
    weeks: int
    slot_minutes: int
    open: Bools
    options: ShiftOptions
    staff: Staff
    offers: Offers
    items: tuple[Ints, ...]
    """Per campaign: (items, 3) array of first slot, last slot, work."""
    shortage_rate: Ints
    """Cents per productive hour missed. Shape (campaigns,)."""
    max_heads: Ints
    """Most agents and seats at once; NO_CAP where the case sets none. Shape (campaigns,)."""
    partner_work_cap: Ints
    """Most work that partners may do. Shape (campaigns,)."""
    partner_work_floor: Ints

    @property
    def agents(self) -> int:
        return len(self.staff.group)

    @property
    def campaigns(self) -> int:
        return len(self.items)

    @property
    def shortage_cents(self) -> Floats:
        """Cents per milli agent-slot missed. Shape (campaigns,)."""
        return (self.shortage_rate * (self.slot_minutes / 60 / MILLI)).astype(np.float64)


def half_up(value: Decimal) -> int:
    """Round to the nearest integer, halves away from zero: how every line of a bill is rounded."""
    return int(value.to_integral_value(ROUND_HALF_UP))
