"""Own agents as arrays: skills, what they may take, hours, pay and wishes."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from models.roster.availability import availability, wish_costs
from models.roster.hours import option_cents, option_hours, overtime_tables, plain_options, week_caps
from models.roster.options import rest_slots
from models.roster.pay import compile_pay
from models.roster.problem import Bools, ShiftOptions, Staff, half_up
from wfm.agent import Agent, Contract
from wfm.case import Case
from wfm.law import labour_pack
from wfm.requirement import MILLI


def compile_staff(case: Case, options: ShiftOptions, is_open: Bools) -> Staff:
    """Arrays of all agents; groups are agents with the same skills, contract and shrinkage."""
    pack = labour_pack(case.sites[0].country)
    consecutive = pack.require(f"{pack.country}-CONSEC", case.first_day).parameters["days"]
    rest = rest_slots(case)
    effect = [
        half_up(MILLI * (1 - Decimal(str(case.site_by_id[agent.site].unplanned_shrinkage)))) for agent in case.agents
    ]
    able = [tuple(agent.skills.get(c.skill, 0) >= c.min_level for c in case.campaigns) for agent in case.agents]
    keys = [(skills, agent.contract, own) for skills, agent, own in zip(able, case.agents, effect, strict=True)]
    groups = {key: index for index, key in enumerate(dict.fromkeys(keys))}
    contracts = [case.contract_by_id[agent.contract] for agent in case.agents]
    pay = compile_pay(case)
    hours = option_hours(pay, options)
    allowed, wish_cost = availability(case, options, rest), wish_costs(case, options)
    most_over = np.array([contract.max_overtime_minutes_week for contract in contracts], dtype=np.int64)
    caps = week_caps(pay, most_over)
    overtime, least_overtime = overtime_tables(pay, int(caps.max(initial=0)))
    return Staff(
        group=np.array([groups[key] for key in keys], dtype=np.int64),
        group_skills=np.array([skills for skills, _, _ in groups], dtype=bool).reshape(
            len(groups), len(case.campaigns)
        ),
        effect=np.array(effect, dtype=np.int64),
        allowed=allowed,
        wish_cost=wish_cost,
        option_cents=option_cents(pay, hours, allowed, wish_cost),
        counted=hours.counted,
        plain=plain_options(hours, options),
        week_cap=caps,
        overtime_cents=overtime,
        least_overtime_cents=least_overtime,
        wages_cents=np.array(
            [_wages(agent, contract, case.weeks) for agent, contract in zip(case.agents, contracts, strict=True)]
        ),
        worked_before=np.array([agent.days_worked_before for agent in case.agents], dtype=np.int64),
        touched=np.array([_reaches_into_plan(case, agent) for agent in case.agents], dtype=np.int64),
        max_consecutive=int(consecutive),
        rest_slots=rest,
        least_stay=np.array([-(-(c.min_activity_minutes or 1) // case.interval_minutes) for c in case.campaigns]),
        is_open=is_open,
        pay=pay,
    )


def _wages(agent: Agent, contract: Contract, weeks: int) -> int:
    return half_up(Decimal(contract.week_minutes * weeks * agent.hourly_cost) / 60)


def _reaches_into_plan(case: Case, agent: Agent) -> bool:
    """Whether the last shift before the plan has a minute on its first day."""
    return agent.last_shift_end is not None and agent.last_shift_end > case.grid.start
