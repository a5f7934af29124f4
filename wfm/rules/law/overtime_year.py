"""<country>-OT-CAP: overtime per person and calendar year, that before the plan included."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from wfm.case import Case
from wfm.overtime import overtime_by_year
from wfm.plan import Plan
from wfm.rules.law.measurement import Measurement
from wfm.rules.law.scope import labour_rule
from wfm.rules.words import hours
from wfm.worktime import shifts_by_agent

CODE = "OT-CAP"


def measure(case: Case, plan: Plan) -> Iterator[Measurement]:
    for agent_id, shifts in shifts_by_agent(plan.shifts).items():
        agent = case.agent_by_id[agent_id]
        for year, planned in overtime_by_year(case, agent, shifts).items():
            rule = labour_rule(case, agent, CODE, max(case.first_day, date(year, 1, 1)))
            if rule is not None:
                minutes = planned + (agent.overtime_minutes_before if year == case.first_day.year else 0)
                limit = rule.parameters["year_minutes"]
                if minutes > limit and not planned:
                    continue  # gone too far before the plan, which adds nothing to it
                found = f"{hours(minutes)} of overtime"
                yield Measurement(rule, agent_id, f"year {year}", found, hours(limit), limit - minutes, "min")
