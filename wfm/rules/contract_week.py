"""CONTRACT-WEEK: no more overtime per week than the contract allows; leave lowers the hours from which it counts."""

from __future__ import annotations

from datetime import timedelta

from wfm.case import Case
from wfm.plan import Plan
from wfm.rules.words import hours
from wfm.violation import Violation
from wfm.worktime import leave_days, overtime_threshold, shifts_by_agent, week_minutes

CODE = "CONTRACT-WEEK"


def check(case: Case, plan: Plan) -> list[Violation]:
    leave = leave_days(case)
    found = []
    for agent_id, shifts in shifts_by_agent(plan.shifts).items():
        agent = case.agent_by_id[agent_id]
        days_off = leave.get(agent_id, [0] * case.weeks)
        for week, minutes in enumerate(week_minutes(case, shifts)):
            threshold = overtime_threshold(case, agent, days_off[week])
            limit = threshold + case.contract_by_id[agent.contract].max_overtime_minutes_week
            if minutes > limit:
                found.append(
                    Violation(
                        rule=CODE,
                        subject=agent_id,
                        where=f"week of {case.first_day + timedelta(weeks=week)}",
                        found=hours(minutes),
                        limit=f"{hours(limit)} ({hours(threshold)} owed and {hours(limit - threshold)} overtime)",
                    )
                )
    return found
