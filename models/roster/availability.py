"""Who may take which shift, and whose wishes it breaks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import numpy as np

from models.roster.problem import Bools, Ints, ShiftOptions
from wfm.agent import Site, WishKind
from wfm.case import Case
from wfm.clock import zone
from wfm.law import labour_pack
from wfm.pay import pay_clock


def availability(case: Case, options: ShiftOptions, rest: int) -> Bools:
    """Which options each agent may take. Shape (agents, options)."""
    grid = case.grid
    row_of = {agent.id: row for row, agent in enumerate(case.agents)}
    contracts = [pattern.contract for pattern in case.shift_patterns]
    open_to = {site.id: ~_touches(_closed_slots(case, site), options) for site in case.sites}
    allowed = np.ones((len(case.agents), len(options.day)), dtype=bool)
    for row, agent in enumerate(case.agents):
        usable = np.array([contract is None or contract == agent.contract for contract in contracts], dtype=bool)
        allowed[row] &= usable[options.pattern] & open_to[agent.site]
        if agent.last_shift_end is not None:
            ended = -((grid.start - agent.last_shift_end) // grid.interval)
            allowed[row] &= options.start >= ended + rest
        if agent.adult_from is not None:
            nights = _night_slots_before(case, case.site_by_id[agent.site], agent.adult_from)
            allowed[row] &= ~_touches(nights, options)
    for absence in case.absences:
        first, last = grid.slot(absence.start), -((grid.start - absence.end) // grid.interval)
        allowed[row_of[absence.agent]] &= (options.end <= first) | (options.start >= last)
    return allowed


def wish_costs(case: Case, options: ShiftOptions) -> Ints:
    """Cents of broken wishes. Shape (agents, options)."""
    row_of = {agent.id: row for row, agent in enumerate(case.agents)}
    cost = np.zeros((len(case.agents), len(options.day)), dtype=np.int64)
    for wish in case.wishes:
        day = (wish.day - case.first_day).days
        if not 0 <= day < case.days:
            continue
        span = slice(*options.day_first[day : day + 2])
        broken = np.ones(span.stop - span.start, dtype=bool)
        if wish.kind is not WishKind.OFF and wish.time is not None:
            starts_after = wish.kind is WishKind.START_AFTER
            edges = options.start[span] if starts_after else options.end[span]
            wall = np.array([_wall_minutes(case, day, int(slot)) for slot in edges])
            limit = wish.time.hour * 60 + wish.time.minute
            broken = wall < limit if starts_after else wall > limit
        cost[row_of[wish.agent], span] += wish.cost * broken
    return cost


def _closed_slots(case: Case, site: Site) -> Bools:
    """Slots in which nobody of a site may be present: holidays and the common rest day without authorisation."""
    clock = pay_clock(case, site)
    closed = np.zeros(case.grid.slots, dtype=bool)
    if not site.may_work_holidays:
        closed |= clock.holiday
    if not site.rest_day_work:
        closed |= clock.rest_day
    return closed


def _night_slots_before(case: Case, site: Site, adult_from: date) -> Bools:
    """Slots in the hours of night that the law closes to the young, until a day."""
    pack = labour_pack(site.country)

    def is_night(day: date, at: time) -> bool:
        rule = pack.rule(f"{site.country}-NIGHT", day)
        if rule is None:
            return False
        first, last = time.fromisoformat(rule.parameters["from"]), time.fromisoformat(rule.parameters["to"])
        return first <= at < last if first <= last else at >= first or at < last

    walls = case.grid.walls(zone(site.time_zone))
    return np.array([wall.date() < adult_from and is_night(wall.date(), wall.time()) for wall in walls], dtype=bool)


def _touches(slots: Bools, options: ShiftOptions) -> Bools:
    """Which options have a slot of presence among `slots`. Shape (options,)."""
    before = np.concatenate([[0], slots.cumsum()])
    touches: Bools = before[options.end] > before[options.start]
    return touches


def _wall_minutes(case: Case, day: int, slot: int) -> int:
    """Wall minutes of a slot's start since midnight of `day`; above 1440 on the day after."""
    wall = case.grid.instant(slot).astimezone(case.home_zone).replace(tzinfo=None)
    midnight = datetime.combine(case.first_day + timedelta(days=day), datetime.min.time())
    return int((wall - midnight).total_seconds()) // 60
