"""Own agents as arrays: who may take which shift, hours, overtime and wishes."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np

from models.roster.options import rest_slots
from models.roster.problem import Bools, Ints, ShiftOptions, Staff, half_up
from wfm.agent import Agent, Contract, WishKind
from wfm.case import Case
from wfm.law import labour_pack
from wfm.requirement import MILLI


def compile_staff(case: Case, options: ShiftOptions) -> Staff:
    """Arrays of all agents; groups are agents with the same skills, contract and shrinkage."""
    pack = labour_pack(case.sites[0].country)
    week_cap = pack.require(f"{pack.country}-WEEK-CAP", case.first_day).parameters["effective_minutes"]
    consecutive = pack.require(f"{pack.country}-CONSEC", case.first_day).parameters["days"]
    rest = rest_slots(case)
    effect = [
        half_up(MILLI * (1 - Decimal(str(case.site_by_id[agent.site].unplanned_shrinkage)))) for agent in case.agents
    ]
    able = [tuple(agent.skills.get(c.skill, 0) >= c.min_level for c in case.campaigns) for agent in case.agents]
    keys = [(skills, agent.contract, own) for skills, agent, own in zip(able, case.agents, effect, strict=True)]
    groups = {key: index for index, key in enumerate(dict.fromkeys(keys))}
    threshold = np.array([_week_thresholds(case, agent) for agent in case.agents], dtype=np.int64)
    over = np.array([case.contract_by_id[agent.contract].max_overtime_minutes_week for agent in case.agents])
    cap = np.minimum(threshold + over[:, None], week_cap) // case.interval_minutes
    allowed, wish_cost = _availability(case, options, rest)
    return Staff(
        group=np.array([groups[key] for key in keys], dtype=np.int64),
        group_skills=np.array([skills for skills, _, _ in groups], dtype=bool).reshape(
            len(groups), len(case.campaigns)
        ),
        effect=np.array(effect, dtype=np.int64),
        allowed=allowed,
        wish_cost=wish_cost,
        week_cap=cap.astype(np.int64),
        overtime_cents=_overtime_table(case, threshold, int(cap.max(initial=0))),
        wages_cents=np.array([_wages(agent, case.contract_by_id[agent.contract], case.weeks) for agent in case.agents]),
        worked_before=np.array([agent.days_worked_before for agent in case.agents], dtype=np.int64),
        max_consecutive=int(consecutive),
        rest_slots=rest,
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
        country = case.site_by_id[agent.site].country
        premium = labour_pack(country).require(f"{country}-OT-PREMIUM", case.first_day).parameters["day"]
        for week, limit in enumerate(threshold[index]):
            key = (agent.hourly_base, premium, int(limit))
            if key not in known:
                rate = agent.hourly_base * (1 + Decimal(str(premium)))
                minutes = (max(0, slots * case.interval_minutes - int(limit)) for slots in range(largest + 1))
                known[key] = np.array([half_up(over * rate / 60) for over in minutes], dtype=np.int64)
            table[index, week] = known[key]
    return table


def _availability(case: Case, options: ShiftOptions, rest: int) -> tuple[Bools, Ints]:
    """Which options each agent may take, and what they cost in broken wishes. Both of shape (agents, options)."""
    grid, count = case.grid, len(options.day)
    row_of = {agent.id: row for row, agent in enumerate(case.agents)}
    contracts = [pattern.contract for pattern in case.shift_patterns]
    allowed = np.ones((len(case.agents), count), dtype=bool)
    for row, agent in enumerate(case.agents):
        usable = np.array([contract is None or contract == agent.contract for contract in contracts], dtype=bool)
        allowed[row] &= usable[options.pattern]
        if agent.last_shift_end is not None:
            ended = -((grid.start - agent.last_shift_end) // grid.interval)
            allowed[row] &= options.start >= ended + rest
    for absence in case.absences:
        first, last = grid.slot(absence.start), -((grid.start - absence.end) // grid.interval)
        allowed[row_of[absence.agent]] &= (options.end <= first) | (options.start >= last)
    wish_cost = np.zeros((len(case.agents), count), dtype=np.int64)
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
        wish_cost[row_of[wish.agent], span] += wish.cost * broken
    return allowed, wish_cost


def _wall_minutes(case: Case, day: int, slot: int) -> int:
    """Wall minutes of a slot's start since midnight of `day`; above 1440 on the day after."""
    wall = case.grid.instant(slot).astimezone(case.home_zone).replace(tzinfo=None)
    midnight = datetime.combine(case.first_day + timedelta(days=day), datetime.min.time())
    return int((wall - midnight).total_seconds()) // 60
