"""CONTRACT-WEEK: no more overtime per week than the contract allows; days of leave and paid holidays lower the hours from
which it counts. Work on holidays and on the common rest day does not count in the week.
"""

from __future__ import annotations

from datetime import timedelta

from wfm.case import Case
from wfm.overtime import regular_week_minutes
from wfm.plan import Plan
from wfm.rules.words import hours
from wfm.violation import Violation
from wfm.worktime import shifts_by_agent, week_thresholds

CODE = "CONTRACT-WEEK"


def check(case: Case, plan: Plan) -> list[Violation]:
    found = []
    for agent_id, shifts in shifts_by_agent(plan.shifts).items():
        agent = case.agent_by_id[agent_id]
        overtime = case.contract_by_id[agent.contract].max_overtime_minutes_week
        worked, thresholds = regular_week_minutes(case, agent, shifts), week_thresholds(case, agent)
        for week, (minutes, threshold) in enumerate(zip(worked, thresholds, strict=True)):
            if minutes > threshold + overtime:
                found.append(
                    Violation(
                        rule=CODE,
                        subject=agent_id,
                        where=f"week of {case.first_day + timedelta(weeks=week)}",
                        found=hours(minutes),
                        limit=f"{hours(threshold + overtime)} ({hours(threshold)} owed and {hours(overtime)} overtime)",
                    )
                )
    return found
