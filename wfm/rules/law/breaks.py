"""<country>-BREAK: a long shift has breaks, paid or not; shorter ones do on days of fasting."""

from __future__ import annotations

from collections.abc import Iterator

from wfm.case import Case
from wfm.plan import Plan
from wfm.rules.law.measurement import Measurement
from wfm.rules.law.scope import labour_rule
from wfm.rules.words import hours
from wfm.worktime import effective_minutes

CODE = "BREAK"


def measure(case: Case, plan: Plan) -> Iterator[Measurement]:
    for shift in plan.shifts:
        agent = case.agent_by_id[shift.agent]
        rule = labour_rule(case, agent, CODE, shift.day)
        worked = effective_minutes(case, shift)
        if rule is None or worked <= rule.parameters["after_minutes"]:
            continue
        fasting = case.calendar(case.site_by_id[agent.site].country).fasting(shift.day)
        needed = rule.parameters["ramadan_minutes" if fasting else "minutes"]
        taken = case.interval_minutes * sum(
            segment.slots for segment in shift.segments if segment.break_name is not None
        )
        where = f"shift of {shift.day}, {hours(worked)} of work"
        yield Measurement(rule, shift.agent, where, f"{taken} min of breaks", f"{needed} min", taken - needed, "min")
