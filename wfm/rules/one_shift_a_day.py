"""ONE-SHIFT-A-DAY: no agent has two shifts on one day, or two shifts at once."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from wfm.case import Case
from wfm.plan import Plan
from wfm.rules.words import wall
from wfm.violation import Violation
from wfm.worktime import shifts_by_agent

CODE = "ONE-SHIFT-A-DAY"


def check(case: Case, plan: Plan) -> list[Violation]:
    found = []
    for agent, shifts in shifts_by_agent(plan.shifts).items():
        for day, count in Counter(shift.day for shift in shifts).items():
            if count > 1:
                found.append(
                    Violation(rule=CODE, subject=agent, where=str(day), found=f"{count} shifts", limit="1 shift")
                )
        for earlier, later in pairwise(shifts):
            if later.first_slot < earlier.last_slot and later.day != earlier.day:
                where = wall(case, later.first_slot)
                found.append(
                    Violation(rule=CODE, subject=agent, where=where, found="2 shifts at once", limit="1 shift")
                )
    return found
