"""The law of pay and the agents' contracts as arrays (`problem.Pay`): the optimiser's own reading, apart from the bill's."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from models.roster.problem import HOLIDAY, REGULAR, REST_DAY, Ints, Pay
from wfm.agent import Agent, Contract, Regime, Site
from wfm.case import Case
from wfm.clock import day_starts, zone
from wfm.law import labour_pack
from wfm.pay import is_credited, pay_clock

NO_LIMIT = 10**7
"""Minutes no plan reaches."""


def compile_pay(case: Case) -> Pay:
    """Terms, hours and rates of all agents."""
    keys = [(agent.site, agent.contract) for agent in case.agents]
    one_of = dict(zip(keys, case.agents, strict=True))
    terms = sorted(one_of)
    dates = [case.first_day + timedelta(days=day) for day in range(case.days)]
    sites = [case.site_by_id[site] for site, _ in terms]
    contracts = [case.contract_by_id[contract] for _, contract in terms]
    clocks = [pay_clock(case, site) for site in sites]
    overtime = [[_overtime_rates(site, day) for day in dates] for site in sites]
    holiday = [_holiday_rates(case, one_of[key]) for key in terms]
    scale = lcm(*(rate.denominator for rate in {*_flat(overtime), *_flat(holiday)}))
    years = [day.year - dates[0].year for day in dates]
    shape = (len(terms), case.grid.slots)
    paid = [_paid_days(case, agent) for agent in case.agents]
    annual = np.array([contract.regime is Regime.ANNUAL for contract in contracts], dtype=bool)
    index = np.array([terms.index(key) for key in keys], dtype=np.int64)
    kind = np.array(
        [np.where(c.holiday, HOLIDAY, np.where(c.rest_day, REST_DAY, REGULAR)) for c in clocks], dtype=np.int64
    ).reshape(shape)
    night = np.array([clock.night for clock in clocks], dtype=np.int64).reshape(shape)
    special = np.cumsum((kind != REGULAR) | (night > 0), axis=1)
    return Pay(
        terms=index,
        base=np.array([agent.hourly_base for agent in case.agents], dtype=np.int64),
        kind=kind,
        night=night,
        special_before=np.concatenate([np.zeros((len(terms), 1), dtype=np.int64), special], axis=1),
        holiday_rate=_scaled(holiday, scale).reshape(shape),
        overtime_rate=_scaled(overtime, scale).reshape(-1, case.days, 2, 2),
        annual=annual,
        day_minutes=np.array(
            [
                [_day_minutes(site, contract, day) for day in dates]
                for site, contract in zip(sites, contracts, strict=True)
            ],
            dtype=np.int64,
        ).reshape(-1, case.days),
        year_minutes=np.array(
            [
                [_year_minutes(site, contract, day) for day in dates]
                for site, contract in zip(sites, contracts, strict=True)
            ],
            dtype=np.int64,
        ).reshape(-1, case.days),
        threshold=np.array(
            [_thresholds(case, agent, days) for agent, days in zip(case.agents, paid, strict=True)], dtype=np.int64
        ).reshape(-1, case.weeks),
        credit=annual[index, None]
        * np.array(
            [_credits(case, agent, days) for agent, days in zip(case.agents, paid, strict=True)], dtype=np.int64
        ).reshape(-1, case.days),
        tally=np.array([agent.year_minutes_before for agent in case.agents], dtype=np.int64),
        year=np.array(years, dtype=np.int64),
        overtime_left=np.array([_overtime_left(case, agent, years) for agent in case.agents], dtype=np.int64).reshape(
            -1, years[-1] + 1
        ),
        week_minutes=np.array(
            [[_law(site, "WEEK-CAP", day)["effective_minutes"] for day in dates[::7]] for site in sites], dtype=np.int64
        ).reshape(-1, case.weeks),
        slot_minutes=case.interval_minutes,
        scale=scale,
    )


def _law(site: Site, code: str, on: date) -> dict[str, Any]:
    return labour_pack(site.country).require(f"{site.country}-{code}", on).parameters


def _fraction(number: float) -> Fraction:
    """A rate as the decimal number that was written."""
    return Fraction(str(number))


def _flat(rates: Any) -> list[Fraction]:
    """All fractions of nested lists."""
    return [rates] if isinstance(rates, Fraction) else [one for part in rates for one in _flat(part)]


def _scaled(rates: Any, scale: int) -> Ints:
    return np.array([int(rate * scale) for rate in _flat(rates)], dtype=np.int64)


def _overtime_rates(site: Site, day: date) -> list[list[Fraction]]:
    """[regular, rest day] x [day, night]: one and the premium."""
    law = _law(site, "OT-PREMIUM", day)
    return [[1 + _fraction(law[name]) for name in pair] for pair in (("day", "night"), ("rest_day", "rest_night"))]


def _holiday_rates(case: Case, agent: Agent) -> list[Fraction]:
    """What each slot adds to the wage because it is on a holiday: the premium, and 1 where the wage does not pay that day."""
    site = case.site_by_id[agent.site]
    of_day: dict[date, Fraction] = {}
    slots = []
    for wall in case.grid.walls(zone(site.time_zone)):
        day = wall.date()
        if day not in of_day:
            premium = _fraction(_law(site, "HOLIDAY", day)["premium"])
            on_holiday = case.calendar(site.country).is_holiday(day)
            of_day[day] = premium + (not is_credited(case, agent, day)) if on_holiday else Fraction(0)
        slots.append(of_day[day])
    return slots


def _day_minutes(site: Site, contract: Contract, day: date) -> int:
    if contract.regime is not Regime.ANNUAL:
        return NO_LIMIT
    minutes: int = _law(site, "OT-YEAR", day)["day_minutes"]
    return minutes


def _year_minutes(site: Site, contract: Contract, day: date) -> int:
    """Legal minutes of a year, in proportion to the contract's week."""
    if contract.regime is not Regime.ANNUAL:
        return NO_LIMIT
    full: int = _law(site, "WEEK-NORM", day)["minutes"]
    year: int = _law(site, "OT-YEAR", day)["year_minutes"]
    return year * contract.week_minutes // full


def _paid_days(case: Case, agent: Agent) -> list[int]:
    """Days of the plan that count as worked without being worked: whole days of absence and holidays that the wages pay, in
    every week no more than the contract has days.
    """
    starts = day_starts(case.first_day, case.days, case.home_zone)
    absences = [entry for entry in case.absences if entry.agent == agent.id and entry.whole_day]
    most = case.contract_by_id[agent.contract].days_per_week
    paid: list[int] = []
    for day in range(case.days):
        away = any(entry.start <= starts[day] and starts[day + 1] <= entry.end for entry in absences)
        if away or is_credited(case, agent, case.first_day + timedelta(days=day)):
            paid += [day] if sum(other // 7 == day // 7 for other in paid) < most else []
    return paid


def _thresholds(case: Case, agent: Agent, paid: list[int]) -> list[int]:
    contract = case.contract_by_id[agent.contract]
    days = [sum(day // 7 == week for day in paid) for week in range(case.weeks)]
    return [max(0, contract.week_minutes - contract.leave_credit_minutes * count) for count in days]


def _credits(case: Case, agent: Agent, paid: list[int]) -> list[int]:
    credit = case.contract_by_id[agent.contract].leave_credit_minutes
    return [credit * (day in paid) for day in range(case.days)]


def _overtime_left(case: Case, agent: Agent, years: list[int]) -> list[int]:
    """Minutes of overtime that each calendar year of the plan still allows."""
    site, left = case.site_by_id[agent.site], []
    for year in range(years[-1] + 1):
        first = case.first_day + timedelta(days=years.index(year))
        rule = labour_pack(site.country).rule(f"{site.country}-OT-CAP", first)
        before = 0 if year else agent.overtime_minutes_before
        left.append(NO_LIMIT if rule is None else rule.parameters["year_minutes"] - before)
    return left
