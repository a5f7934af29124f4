"""<country>-WEEK-CAP: effective work per calendar week, overtime included."""

from __future__ import annotations

from datetime import timedelta

from wfm.case import Case
from wfm.law import labour_pack
from wfm.plan import Plan
from wfm.rules.words import hours
from wfm.violation import Violation
from wfm.worktime import shifts_by_agent, week_minutes


def check(case: Case, plan: Plan) -> list[Violation]:
    found = []
    for agent, shifts in shifts_by_agent(plan.shifts).items():
        country = case.site_by_id[case.agent_by_id[agent].site].country
        for week, minutes in enumerate(week_minutes(case, shifts)):
            monday = case.first_day + timedelta(weeks=week)
            rule = labour_pack(country).require(f"{country}-WEEK-CAP", monday)
            limit = rule.parameters["effective_minutes"]
            if minutes > limit:
                where = f"week of {monday}"
                found.append(
                    Violation(rule=rule.code, subject=agent, where=where, found=hours(minutes), limit=hours(limit))
                )
    return found
