"""ABSENCE: nobody has a shift, breaks included, while absent."""

from __future__ import annotations

from wfm.case import Case
from wfm.plan import Plan
from wfm.rules.words import wall
from wfm.violation import Violation
from wfm.worktime import shifts_by_agent

CODE = "ABSENCE"


def check(case: Case, plan: Plan) -> list[Violation]:
    by_agent = shifts_by_agent(plan.shifts)
    found = []
    for absence in case.absences:
        start, end = (at.astimezone(case.home_zone) for at in (absence.start, absence.end))
        for shift in by_agent.get(absence.agent, []):
            first, last = case.grid.instant(shift.first_slot), case.grid.instant(shift.last_slot)
            if first < absence.end and absence.start < last:
                found.append(
                    Violation(
                        rule=CODE,
                        subject=absence.agent,
                        where=f"shift of {shift.day}",
                        found=f"works {wall(case, shift.first_slot)} to {wall(case, shift.last_slot)}",
                        limit=f"absent {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}",
                    )
                )
    return found
