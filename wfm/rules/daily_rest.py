"""<country>-REST-DAILY: elapsed rest between two shifts, the last one before the plan included."""

from __future__ import annotations

from datetime import timedelta

from wfm.case import Case
from wfm.law import labour_pack
from wfm.plan import Plan
from wfm.rules.words import hours
from wfm.violation import Violation
from wfm.worktime import shifts_by_agent


def check(case: Case, plan: Plan) -> list[Violation]:
    found = []
    for agent_id, shifts in shifts_by_agent(plan.shifts).items():
        agent = case.agent_by_id[agent_id]
        country = case.site_by_id[agent.site].country
        ended = agent.last_shift_end
        for shift in shifts:
            rule = labour_pack(country).require(f"{country}-REST-DAILY", shift.day)
            limit = rule.parameters["elapsed_minutes"]
            start = case.grid.instant(shift.first_slot)
            if ended is not None and start - ended < timedelta(minutes=limit):
                rest = (start - ended) / timedelta(minutes=1)
                where = f"before the shift of {shift.day}"
                found.append(
                    Violation(rule=rule.code, subject=agent_id, where=where, found=hours(rest), limit=hours(limit))
                )
            ended = case.grid.instant(shift.last_slot)
    return found
