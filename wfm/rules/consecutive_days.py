"""<country>-CONSEC: consecutive days worked, those just before the plan included; a shift counts on the day it starts."""

from __future__ import annotations

from datetime import date, timedelta

from wfm.case import Case
from wfm.law import labour_pack
from wfm.plan import Plan
from wfm.violation import Violation
from wfm.worktime import shifts_by_agent


def check(case: Case, plan: Plan) -> list[Violation]:
    found = []
    for agent_id, shifts in shifts_by_agent(plan.shifts).items():
        agent = case.agent_by_id[agent_id]
        country = case.site_by_id[agent.site].country
        for last_day, length in _runs(case, sorted({shift.day for shift in shifts}), agent.days_worked_before):
            rule = labour_pack(country).require(f"{country}-CONSEC", last_day)
            limit = rule.parameters["days"]
            if length > limit:
                where = f"days up to {last_day}"
                found.append(
                    Violation(
                        rule=rule.code, subject=agent_id, where=where, found=f"{length} days", limit=f"{limit} days"
                    )
                )
    return found


def _runs(case: Case, days: list[date], before: int) -> list[tuple[date, int]]:
    """Last day and length of every unbroken run of days worked."""
    runs: list[tuple[date, int]] = []
    for day in days:
        if runs and runs[-1][0] + timedelta(days=1) == day:
            runs[-1] = (day, runs[-1][1] + 1)
        else:
            runs.append((day, 1 + (before if day == case.first_day else 0)))
    return runs
