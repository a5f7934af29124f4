"""<country>-DAY-MAX: effective work per day; a shift counts on the day it starts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from wfm.case import Case
from wfm.plan import Plan
from wfm.rules.law.measurement import Measurement
from wfm.rules.law.scope import required_labour_rule
from wfm.rules.words import hours
from wfm.worktime import effective_minutes

CODE = "DAY-MAX"


def measure(case: Case, plan: Plan) -> Iterator[Measurement]:
    worked: Counter[tuple[str, date]] = Counter()
    for shift in plan.shifts:
        worked[shift.agent, shift.day] += effective_minutes(case, shift)
    for (agent, day), minutes in worked.items():
        rule = required_labour_rule(case, case.agent_by_id[agent], CODE, day)
        limit = rule.parameters["effective_minutes"]
        yield Measurement(rule, agent, str(day), hours(minutes), hours(limit), limit - minutes, "min")
