"""<country>-CONSEC: consecutive local days with a minute at work, those before the plan included.

A shift past midnight touches two days. A run that no shift of the plan prolongs is not the plan's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from wfm.agent import Agent
from wfm.case import Case
from wfm.clock import day_start, zone
from wfm.plan import Plan, Shift
from wfm.rules.law.measurement import Measurement
from wfm.rules.law.presence import DAY, days_touched, presence
from wfm.rules.law.scope import required_labour_rule
from wfm.rules.words import days
from wfm.worktime import shifts_by_agent

CODE = "CONSEC"


def measure(case: Case, plan: Plan) -> Iterator[Measurement]:
    for agent_id, shifts in shifts_by_agent(plan.shifts).items():
        agent = case.agent_by_id[agent_id]
        for last_day, length in _runs(case, agent, shifts):
            rule = required_labour_rule(case, agent, CODE, last_day)
            limit = rule.parameters["days"]
            where = f"days up to {last_day}"
            yield Measurement(rule, agent_id, where, days(length), days(limit), limit - length, "days")


def _runs(case: Case, agent: Agent, shifts: list[Shift]) -> Iterator[tuple[date, int]]:
    """Last day and length of every unbroken run of days touched in which the plan has a shift."""
    tz = zone(case.site_by_id[agent.site].time_zone)
    planned = {day for shift in shifts for day in days_touched(presence(case, shift), tz)}
    touched = planned | _touched_before(case, agent)
    for last in sorted(day for day in touched if day + DAY not in touched):
        first = last
        while first - DAY in touched:
            first -= DAY
        run = {first + offset * DAY for offset in range((last - first).days + 1)}
        if run & planned:
            yield last, len(run) + (agent.days_worked_before if first == case.first_day else 0)


def _touched_before(case: Case, agent: Agent) -> set[date]:
    """Days of the plan into which the last shift before it lasts."""
    tz = zone(case.site_by_id[agent.site].time_zone)
    midnight = day_start(case.first_day, tz)
    if agent.last_shift_end is None or agent.last_shift_end <= midnight:
        return set()
    return set(days_touched((midnight, agent.last_shift_end), tz))
