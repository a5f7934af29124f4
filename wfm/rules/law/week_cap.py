"""<country>-WEEK-CAP: effective work per calendar week, overtime included."""

from __future__ import annotations

from collections.abc import Iterator

from wfm.case import Case
from wfm.plan import Plan
from wfm.rules.law.measurement import Measurement
from wfm.rules.law.scope import required_labour_rule, weeks
from wfm.rules.words import hours
from wfm.worktime import shifts_by_agent, week_minutes

CODE = "WEEK-CAP"


def measure(case: Case, plan: Plan) -> Iterator[Measurement]:
    for agent, shifts in shifts_by_agent(plan.shifts).items():
        for monday, minutes in zip(weeks(case), week_minutes(case, shifts), strict=True):
            if minutes:
                rule = required_labour_rule(case, case.agent_by_id[agent], CODE, monday)
                limit = rule.parameters["effective_minutes"]
                where = f"week of {monday}"
                yield Measurement(rule, agent, where, hours(minutes), hours(limit), limit - minutes, "min")
