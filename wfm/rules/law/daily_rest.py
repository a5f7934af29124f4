"""<country>-REST-DAILY: elapsed rest between two shifts, the last one before the plan included."""

from __future__ import annotations

from collections.abc import Iterator

from wfm.case import Case
from wfm.plan import Plan
from wfm.rules.law.measurement import Measurement
from wfm.rules.law.presence import MINUTE, presence
from wfm.rules.law.scope import required_labour_rule
from wfm.rules.words import hours
from wfm.worktime import shifts_by_agent

CODE = "REST-DAILY"


def measure(case: Case, plan: Plan) -> Iterator[Measurement]:
    for agent_id, shifts in shifts_by_agent(plan.shifts).items():
        agent = case.agent_by_id[agent_id]
        ended = agent.last_shift_end
        for shift in shifts:
            start, end = presence(case, shift)
            if ended is not None:
                rule = required_labour_rule(case, agent, CODE, shift.day)
                limit = rule.parameters["elapsed_minutes"]
                rest = (start - ended) / MINUTE
                where = f"before the shift of {shift.day}"
                yield Measurement(rule, agent_id, where, hours(rest), hours(limit), rest - limit, "min")
            ended = end if ended is None else max(ended, end)
