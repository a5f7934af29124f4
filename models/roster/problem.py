"""The case as integer arrays: the only form the optimiser works on.

Work is counted in milli agent-slots (see `wfm.requirement`), time in slots of the plan's grid, money in cents.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from numpy.typing import NDArray

from wfm.agent import Agent, Contract
from wfm.case import Case
from wfm.clock import to_utc, zone
from wfm.errors import WallTimeError
from wfm.law import labour_pack
from wfm.opening import open_slots
from wfm.requirement import MILLI, Requirement
from wfm.shift import ShiftPattern

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ShiftOptions:
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


@dataclass(frozen=True, eq=False)
class Staff:
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


@dataclass(frozen=True, eq=False)
class Offers:
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
    day_first_slot: Ints
    open: Bools
    options: ShiftOptions
    staff: Staff
    offers: Offers
    items: tuple[Ints, ...]
    """Per campaign: (items, 3) array of first slot, last slot, work."""
    shortage_rate: Ints
    """Cents per productive hour missed. Shape (campaigns,)."""
    max_heads: Ints
    """Most agents and seats at once; a number no plan reaches where the case sets none. Shape (campaigns,)."""
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
    def shortage_cents(self) -> NDArray[np.float64]:
        """Cents per milli agent-slot missed. Shape (campaigns,)."""
        return self.shortage_rate * (self.slot_minutes / 60 / MILLI)


def half_up(value: Decimal) -> int:
    """Round to the nearest integer, halves away from zero: how every line of a bill is rounded."""
    return int(value.to_integral_value(ROUND_HALF_UP))


def compile_problem(case: Case, requirement: Requirement) -> Problem:
    """Turn documents into arrays; the documents were validated when they were read."""
    grid = case.grid
    first = grid.day_first_slots(case.first_day, case.days, case.home_zone)
    mask = np.array([open_slots(case, campaign) for campaign in case.campaigns])
    by_campaign = {entry.campaign: entry for entry in requirement.campaigns}
    items = tuple(
        np.array(
            [(item.first_slot, item.last_slot, item.work) for item in by_campaign[campaign.id].items], dtype=np.int64
        ).reshape(-1, 3)
        for campaign in case.campaigns
    )
    work = [int(array[:, 2].sum()) for array in items]
    options = _shift_options(case, first)
    return Problem(
        case=case,
        slots=grid.slots,
        days=case.days,
        weeks=case.weeks,
        slot_minutes=grid.interval_minutes,
        day_first_slot=first,
        open=mask,
        options=options,
        staff=_staff(case, options),
        offers=_offers(case, mask),
        items=items,
        shortage_rate=np.array([campaign.shortage_cost_per_hour for campaign in case.campaigns], dtype=np.int64),
        max_heads=np.array([campaign.max_agents or 10**6 for campaign in case.campaigns], dtype=np.int64),
        partner_work_cap=np.array(
            [
                int(Decimal(total) * (1 - Decimal(str(campaign.min_inhouse_share))))
                for campaign, total in zip(case.campaigns, work, strict=True)
            ],
            dtype=np.int64,
        ),
        partner_work_floor=np.array(
            [
                -int(-Decimal(total) * Decimal(str(campaign.min_partner_share)) // 1)
                for campaign, total in zip(case.campaigns, work, strict=True)
            ],
            dtype=np.int64,
        ),
    )


def _wall_starts(case: Case, pattern: ShiftPattern, day: int) -> Iterator[int]:
    """Slots at which the pattern may start on a day; wall times that the clock skips or repeats are left out."""
    date = case.first_day + timedelta(days=day)
    wall = datetime.combine(date, pattern.earliest_start)
    latest = datetime.combine(date, pattern.latest_start)
    while wall <= latest:
        try:
            instant = to_utc(wall, case.home_zone)
        except WallTimeError:
            pass
        else:
            if case.grid.is_aligned(instant):
                yield case.grid.slot(instant)
        wall += timedelta(minutes=pattern.step_minutes)


def _shift_options(case: Case, first: Ints) -> ShiftOptions:
    interval = case.interval_minutes
    day_max = labour_pack(case.sites[0].country)
    most_breaks = max((len(pattern.breaks) for pattern in case.shift_patterns), default=0)
    breaks = np.zeros((len(case.shift_patterns), max(most_breaks, 1), 3), dtype=np.int64)
    for index, pattern in enumerate(case.shift_patterns):
        for position, pause in enumerate(pattern.breaks):
            earliest = -(-pause.earliest_after // interval)
            breaks[index, position] = (pause.minutes // interval, earliest, pause.latest_after // interval)
    rows: list[tuple[int, int, int, int, int]] = []
    for day in range(case.days):
        rule = day_max.require(f"{day_max.country}-DAY-MAX", case.first_day + timedelta(days=day))
        for index, pattern in enumerate(case.shift_patterns):
            if pattern.effective_minutes > rule.parameters["effective_minutes"]:
                continue
            presence = pattern.presence_minutes // interval
            for start in _wall_starts(case, pattern, day):
                if start + presence <= case.grid.slots:
                    rows.append((day, index, start, start + presence, pattern.effective_minutes // interval))
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    return ShiftOptions(
        *(np.ascontiguousarray(column) for column in table.T),
        day_first=np.searchsorted(table[:, 0], np.arange(case.days + 1)).astype(np.int64),
        breaks=breaks,
    )


def _staff(case: Case, options: ShiftOptions) -> Staff:
    pack = labour_pack(case.sites[0].country)
    law = {
        code: pack.require(f"{pack.country}-{code}", case.first_day).parameters
        for code in ("WEEK-CAP", "CONSEC", "REST-DAILY")
    }
    rest_slots = -(-law["REST-DAILY"]["elapsed_minutes"] // case.interval_minutes)
    keys: dict[tuple[object, ...], int] = {}
    group, skills, effects = [], [], []
    for agent in case.agents:
        able = tuple(agent.skills.get(entry.skill, 0) >= entry.min_level for entry in case.campaigns)
        effect = half_up(MILLI * (1 - Decimal(str(case.site_by_id[agent.site].unplanned_shrinkage))))
        key = (able, agent.contract, effect)
        if key not in keys:
            keys[key] = len(keys)
            skills.append(able)
        group.append(keys[key])
        effects.append(effect)
    threshold = np.array([_week_thresholds(case, agent) for agent in case.agents], dtype=np.int64)
    over = np.array([case.contract_by_id[agent.contract].max_overtime_minutes_week for agent in case.agents])
    cap = np.minimum(threshold + over[:, None], law["WEEK-CAP"]["effective_minutes"]) // case.interval_minutes
    allowed, wish_cost = _availability(case, options, rest_slots)
    return Staff(
        group=np.array(group, dtype=np.int64),
        group_skills=np.array(skills, dtype=bool).reshape(len(skills), len(case.campaigns)),
        effect=np.array(effects, dtype=np.int64),
        allowed=allowed,
        wish_cost=wish_cost,
        week_cap=cap.astype(np.int64),
        overtime_cents=_overtime_table(case, threshold, int(cap.max(initial=0))),
        wages_cents=np.array([_wages(agent, case.contract_by_id[agent.contract], case.weeks) for agent in case.agents]),
        worked_before=np.array([agent.days_worked_before for agent in case.agents], dtype=np.int64),
        max_consecutive=int(law["CONSEC"]["days"]),
        rest_slots=rest_slots,
    )


def _wages(agent: Agent, contract: Contract, weeks: int) -> int:
    return half_up(Decimal(contract.week_minutes * weeks * agent.hourly_cost) / 60)


def _week_thresholds(case: Case, agent: Agent) -> list[int]:
    """Effective minutes per week above which work is overtime: contract less credit for whole days of absence."""
    contract = case.contract_by_id[agent.contract]
    absences = [entry for entry in case.absences if entry.agent == agent.id and entry.whole_day]
    first = [
        case.grid.instant(int(slot)) for slot in case.grid.day_first_slots(case.first_day, case.days, case.home_zone)
    ]
    thresholds = []
    for week in range(case.weeks):
        away = sum(
            any(entry.start <= first[day] and first[day + 1] <= entry.end for entry in absences)
            for day in range(7 * week, 7 * week + 7)
        )
        credit = min(away, contract.days_per_week) * contract.leave_credit_minutes
        thresholds.append(max(0, contract.week_minutes - credit))
    return thresholds


def _overtime_table(case: Case, threshold: Ints, largest: int) -> Ints:
    """Cents for u effective slots, each week rounded half up; one computation per distinct (cost, premium, threshold)."""
    table = np.zeros((*threshold.shape, largest + 1), dtype=np.int64)
    known: dict[tuple[int, float, int], Ints] = {}
    for index, agent in enumerate(case.agents):
        premium = case.contract_by_id[agent.contract].overtime_premium
        for week, limit in enumerate(threshold[index]):
            key = (agent.hourly_cost, premium, int(limit))
            if key not in known:
                rate = agent.hourly_cost * (1 + Decimal(str(premium)))
                minutes = (max(0, slots * case.interval_minutes - int(limit)) for slots in range(largest + 1))
                known[key] = np.array([half_up(over * rate / 60) for over in minutes], dtype=np.int64)
            table[index, week] = known[key]
    return table


def _availability(case: Case, options: ShiftOptions, rest_slots: int) -> tuple[Bools, Ints]:
    """Which options each agent may take, and what they cost in broken wishes. Both of shape (agents, options)."""
    grid, count = case.grid, len(options.day)
    index = {agent.id: row for row, agent in enumerate(case.agents)}
    allowed = np.ones((len(case.agents), count), dtype=bool)
    wish_cost = np.zeros((len(case.agents), count), dtype=np.int64)
    contracts = [pattern.contract for pattern in case.shift_patterns]
    for row, agent in enumerate(case.agents):
        usable = np.array([contract is None or contract == agent.contract for contract in contracts], dtype=bool)
        allowed[row] &= usable[options.pattern]
        if agent.last_shift_end is not None:
            ready = -((grid.start - agent.last_shift_end) // grid.interval) + rest_slots
            allowed[row] &= options.start >= ready
    for absence in case.absences:
        first, last = grid.slot(absence.start), -((grid.start - absence.end) // grid.interval)
        allowed[index[absence.agent]] &= (options.end <= first) | (options.start >= last)
    for wish in case.wishes:
        day = (wish.day - case.first_day).days
        span = slice(*options.day_first[day : day + 2]) if 0 <= day < case.days else slice(0, 0)
        broken = np.ones(span.stop - span.start, dtype=bool)
        if wish.time is not None:
            wall = np.array([_wall_minutes(case, day, int(slot)) for slot in _edges(options, span, wish.kind.value)])
            limit = wish.time.hour * 60 + wish.time.minute
            broken = wall < limit if wish.kind.value == "start_after" else wall > limit
        wish_cost[index[wish.agent], span] += wish.cost * broken
    return allowed, wish_cost


def _edges(options: ShiftOptions, span: slice, kind: str) -> Ints:
    return options.start[span] if kind == "start_after" else options.end[span]


def _wall_minutes(case: Case, day: int, slot: int) -> int:
    """Wall minutes of a slot's start since midnight of `day`; above 1440 on the day after."""
    wall = case.grid.instant(slot).astimezone(case.home_zone).replace(tzinfo=None)
    midnight = datetime.combine(case.first_day + timedelta(days=day), datetime.min.time())
    return int((wall - midnight).total_seconds()) // 60


def _offers(case: Case, mask: Bools) -> Offers:
    grid, index = case.grid, {campaign.id: row for row, campaign in enumerate(case.campaigns)}
    rows: list[tuple[int, ...]] = []
    hours: list[float] = []
    caps = np.zeros((len(case.partners), case.days), dtype=np.int64)
    for number, partner in enumerate(case.partners):
        caps[number] = [partner.seats_in_week(day // 7) for day in range(case.days)]
        tz = zone(partner.time_zone)
        for day in range(case.days):
            date = case.first_day + timedelta(days=day)
            if date < case.as_of + timedelta(days=partner.lead_time_days):
                continue
            most = int(caps[number, day]) // partner.block_seats
            for position, shift in enumerate(partner.shifts):
                if date.isoweekday() not in shift.weekdays or most == 0:
                    continue
                start = to_utc(datetime.combine(date, shift.start), tz)
                midnight = shift.end == datetime.min.time()
                end = to_utc(datetime.combine(date + timedelta(days=midnight), shift.end), tz)
                first, last = grid.slot(start), grid.slot(end)
                if first < 0 or last > grid.slots:
                    continue
                for certified in partner.certifications:
                    campaign = index[certified.campaign]
                    # The share of partners is checked on the work of open slots, so a cap of 0 forbids any purchase.
                    if not mask[campaign, first:last].any() or case.campaigns[campaign].min_inhouse_share >= 1:
                        continue
                    effect = half_up(MILLI * Decimal(str(certified.productivity))) * partner.block_seats
                    rows.append((number, campaign, day, position, first, last, most, partner.block_seats, effect))
                    hours.append(partner.block_seats * (end - start).total_seconds() / 3600)
    table = np.array(rows, dtype=np.int64).reshape(-1, 9)
    partner_, campaign_, day_, shift_, first_, last_, most_, seats_, effect_ = (
        np.ascontiguousarray(c) for c in table.T
    )
    return Offers(
        partner=partner_, campaign=campaign_, day=day_, shift=shift_, first=first_, last=last_, most=most_,
        hours=np.array(hours), seats=seats_, effect=effect_, seat_cap=caps,
    )  # fmt: skip
