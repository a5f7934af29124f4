"""<country>-DAY-MAX: effective work per day; a shift counts on the day it starts."""

from __future__ import annotations

from collections import Counter
from datetime import date

from wfm.case import Case
from wfm.law import labour_pack
from wfm.plan import Plan
from wfm.rules.words import hours
from wfm.violation import Violation
from wfm.worktime import effective_minutes


def check(case: Case, plan: Plan) -> list[Violation]:
    worked: Counter[tuple[str, date]] = Counter()
    for shift in plan.shifts:
        worked[shift.agent, shift.day] += effective_minutes(case, shift)
    found = []
    for (agent, day), minutes in worked.items():
        country = case.site_by_id[case.agent_by_id[agent].site].country
        rule = labour_pack(country).require(f"{country}-DAY-MAX", day)
        limit = rule.parameters["effective_minutes"]
        if minutes > limit:
            found.append(
                Violation(rule=rule.code, subject=agent, where=str(day), found=hours(minutes), limit=hours(limit))
            )
    return found
