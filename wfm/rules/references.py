"""REFERENCE: everything a plan names exists in the case, and all of it lies on the plan's grid.

All other rules, `wfm.coverage` and `wfm.costs` rely on it.
"""

from __future__ import annotations

from wfm.blocks import block_shift, purchase_times
from wfm.case import Case
from wfm.errors import WallTimeError
from wfm.plan import IDLE, Plan, Purchase, Shift
from wfm.violation import Violation

CODE = "REFERENCE"


def check(case: Case, plan: Plan) -> list[Violation]:
    found = []
    if plan.grid != case.grid:
        found.append(
            Violation(rule=CODE, subject="plan", where="grid", found=_grid(plan), limit=f"{case.grid.slots} slots")
        )
    for shift in plan.shifts:
        found += _shift(case, shift)
    for purchase in plan.purchases:
        found += _purchase(case, purchase)
    return found


def _grid(plan: Plan) -> str:
    grid = plan.grid
    return f"{grid.slots} slots of {grid.interval_minutes} min from {grid.start.isoformat()}, unlike the case"


def _shift(case: Case, shift: Shift) -> list[Violation]:
    def breach(found: str, limit: str) -> Violation:
        return Violation(rule=CODE, subject=shift.agent, where=f"shift of {shift.day}", found=found, limit=limit)

    found = []
    if shift.agent not in case.agent_by_id:
        found.append(breach("unknown agent", "an agent of the case"))
    if not case.first_day <= shift.day <= case.last_day:
        found.append(breach(f"day {shift.day}", f"{case.first_day} to {case.last_day}"))
    pattern = case.pattern_by_id.get(shift.pattern)
    if pattern is None:
        found.append(breach(f"unknown pattern {shift.pattern}", "a shift pattern of the case"))
    breaks = {pause.name for pause in pattern.breaks} if pattern else set()
    for segment in shift.segments:
        known = segment.break_name in breaks or segment.activity in case.campaign_by_id or segment.activity == IDLE
        if not known:
            found.append(breach(f"unknown activity {segment.activity}", "a campaign, idle or a break of the pattern"))
        if not 0 <= segment.first_slot < segment.last_slot <= case.grid.slots:
            found.append(breach(f"slots {segment.first_slot} to {segment.last_slot}", f"slots 0 to {case.grid.slots}"))
    return found


def _purchase(case: Case, purchase: Purchase) -> list[Violation]:
    def breach(found: str, limit: str) -> Violation:
        where = f"{purchase.campaign}, {purchase.day}, {purchase.shift}"
        return Violation(rule=CODE, subject=purchase.partner, where=where, found=found, limit=limit)

    found = []
    if purchase.campaign not in case.campaign_by_id:
        found.append(breach("unknown campaign", "a campaign of the case"))
    if not case.first_day <= purchase.day <= case.last_day:
        found.append(breach(f"day {purchase.day}", f"{case.first_day} to {case.last_day}"))
    if purchase.partner not in case.partner_by_id:
        return [*found, breach("unknown partner", "a partner of the case")]
    if block_shift(case, purchase) is None:
        return [*found, breach("unknown block shift", "a block shift of the partner")]
    try:
        start, end = purchase_times(case, purchase)
    except WallTimeError as error:
        return [*found, breach(str(error), "times that exist once")]
    grid = case.grid
    if not (grid.is_aligned(start) and grid.is_aligned(end)):
        found.append(breach(f"{start.isoformat()} to {end.isoformat()}", "edges of intervals"))
    if not grid.start <= start < end <= grid.instant(grid.slots):
        found.append(breach(f"{start.isoformat()} to {end.isoformat()}", "inside the plan's grid"))
    return found
