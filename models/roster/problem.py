"""The case as integer arrays: the only form the optimiser works on. Parts are named tuples, which compiled code reads too.

Work is counted in milli agent-slots (see `wfm.requirement`), time in slots of the plan's grid, money in cents.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.roster.undone import Undone
from wfm.case import Case
from wfm.requirement import MILLI

NO_CAP = 10**6
"""Stands for no max_agents: more than any plan has."""

REGULAR, REST_DAY, HOLIDAY = 0, 1, 2
"""Kinds of working time (`Pay.kind`): paid by the week or the year; on the site's common rest day; on a public holiday."""

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


class ShiftOptions(NamedTuple):
    """Every (day, pattern, start) there is, sorted by day. All arrays have shape (options,) unless said.

    `breaks[o, b]` = (length, earliest, latest) of break b in slots after the shift's start, length 0 where there is none;
    shape (options, most breaks, 3). Where an unpaid break may fall on either side of a midnight at which pay changes, the
    shift is several options, with a part of the break's window each, so that an option has one answer to what is paid how.
    """

    day: Ints
    pattern: Ints
    start: Ints
    end: Ints
    effective: Ints
    """Slots that count as working time: presence less unpaid breaks."""
    overnight: Bools
    """Whether the shift has a minute on the day after it starts."""
    day_first: Ints
    """First option of every day, and the number of options. Shape (days + 1,)."""
    breaks: Ints
    unpaid: Bools
    """Shape (patterns, most breaks)."""


class Pay(NamedTuple):
    """When an agent's hours are paid more, and when they are too many (`settle`). "Terms" are a site and a contract. Rates are
    shares of the hourly base in units of 1 / `scale`, so that all sums are exact.
    """

    terms: Ints
    """Index of each agent's terms. Shape (agents,)."""
    base: Ints
    """Cents per hour before premiums. Shape (agents,)."""
    kind: Ints
    """REGULAR, REST_DAY or HOLIDAY. Shape (terms, slots)."""
    night: Ints
    """1 in the night hours of overtime, else 0. Shape (terms, slots)."""
    special_before: Ints
    """Slots before each that are not REGULAR or are of the night. Shape (terms, slots + 1)."""
    holiday_rate: Ints
    """What a slot of a holiday adds to the wage. Shape (terms, slots)."""
    overtime_rate: Ints
    """By the day on which the shift starts, [regular, rest day], [day, night]. Shape (terms, days, 2, 2)."""
    annual: Bools
    """Shape (terms,)."""
    day_minutes: Ints
    """Annual regime: minutes of a shift beyond which it is overtime. Shape (terms, days)."""
    year_minutes: Ints
    """Annual regime: minutes of a year beyond which all is overtime. Shape (terms, days)."""
    threshold: Ints
    """Minutes owed per week: contract less leave and paid holidays. Shape (agents, weeks)."""
    credit: Ints
    """Annual regime: minutes that leave and paid holidays stand for. Shape (agents, days)."""
    tally: Ints
    """Annual regime: minutes of the year worked before the plan. Shape (agents,)."""
    year: Ints
    """Calendar years since that of the first day. Shape (days,)."""
    overtime_left: Ints
    """Minutes of overtime that the law still allows. Shape (agents, years)."""
    week_minutes: Ints
    """Most effective minutes of a week. Shape (terms, weeks)."""
    slot_minutes: int
    scale: int


class Staff(NamedTuple):
    """Own agents. Arrays have shape (agents,) unless said."""

    group: Ints
    """Index of the agent's group: same skills, contract and shrinkage."""
    group_skills: Bools
    """Which campaigns a group may work. Shape (groups, campaigns)."""
    effect: Ints
    """Milli agents of work one rostered agent does: 1000 x (1 - unplanned shrinkage)."""
    allowed: Bools
    """Shape (agents, options): contract, absences, rest since the last shift, closed days and night hours admit the option."""
    wish_cost: Ints
    """Shape (agents, options): cents of broken wishes."""
    option_cents: Ints
    """Shape (agents, options): cents that an option costs at least, whatever else the agent does: broken wishes, work on
    holidays and rest days, hours beyond the annual regime's day.
    """
    counted: Ints
    """Slots that count in the hours of the week: effective ones outside holidays and rest days. Shape (terms, options)."""
    plain: Bools
    """Whether all of an option counts in the week and none is overtime by itself. Shape (terms, options)."""
    week_cap: Ints
    """Most counted slots per week; shape (agents, 2, weeks): what no legal tour exceeds; and what keeps tours of plain options
    within those limits that the tour program does not see (`lawful`).
    """
    overtime_cents: Ints
    """Cents of overtime for u counted slots in a week, a guide in the annual regime. Shape (agents, weeks, largest cap + 1)."""
    least_overtime_cents: Ints
    """The same, and never more than what is paid in the end: what the bound uses."""
    wages_cents: Ints
    worked_before: Ints
    """Days in a row with work before the plan."""
    touched: Ints
    """1 where the last shift before the plan reaches into its first day, else 0."""
    max_consecutive: int
    rest_slots: int
    least_stay: Ints
    """Slots that an agent stays on a campaign at least; 1: no minimum. Shape (campaigns,)."""
    is_open: Bools
    """Shape (campaigns, slots)."""
    pay: Pay


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
    """Per campaign: (items, 3) array of first slot, last slot, and work whose doing saves anything."""
    undone: Undone
    """What work of the items of all campaigns costs undone."""
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

    def item_numbers(self, campaign: int) -> Ints:
        """Numbers of a campaign's items among those of all campaigns."""
        before = sum(len(items) for items in self.items[:campaign])
        return np.arange(before, before + len(self.items[campaign]))

    @property
    def work(self) -> Ints:
        """Work of the items of all campaigns whose doing saves anything. Shape (items,)."""
        return np.concatenate([items[:, 2] for items in self.items])

    @property
    def shortage_cents(self) -> Floats:
        """Cents per milli agent-slot missed. Shape (campaigns,)."""
        return cents_per_milli_slot(self.shortage_rate, self.slot_minutes)


def cents_per_milli_slot(rate: Ints, slot_minutes: int) -> Floats:
    """Cents per productive hour in cents per milli agent-slot."""
    return (rate * (slot_minutes / 60 / MILLI)).astype(np.float64)


def half_up(value: Decimal) -> int:
    """Round to the nearest integer, halves away from zero: how every line of a bill is rounded."""
    return int(value.to_integral_value(ROUND_HALF_UP))
