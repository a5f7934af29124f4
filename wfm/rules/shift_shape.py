"""SHIFT-SHAPE: a shift follows its pattern: start, presence, breaks, no gap, on the day it says."""

from __future__ import annotations

from datetime import time
from itertools import pairwise

from wfm.case import Case
from wfm.plan import Plan, Shift
from wfm.rules.words import wall
from wfm.shift import ShiftPattern
from wfm.violation import Violation

CODE = "SHIFT-SHAPE"


def check(case: Case, plan: Plan) -> list[Violation]:
    return [
        Violation(rule=CODE, subject=shift.agent, where=f"shift of {shift.day}", found=found, limit=limit)
        for shift in plan.shifts
        for found, limit in _faults(case, shift)
    ]


def _faults(case: Case, shift: Shift) -> list[tuple[str, str]]:
    pattern = case.pattern_by_id[shift.pattern]
    contract = case.agent_by_id[shift.agent].contract
    faults = [
        (f"gap or overlap at {wall(case, segment.last_slot)}", "segments that follow one another")
        for segment, following in pairwise(shift.segments)
        if following.first_slot != segment.last_slot
    ]
    start = case.grid.instant(shift.first_slot).astimezone(case.home_zone)
    if start.date() != shift.day:
        faults.append((f"starts {wall(case, shift.first_slot)}", f"starts on {shift.day}"))
    if pattern.contract not in (None, contract):
        faults.append((f"contract {contract}", f"pattern {pattern.id} is for contract {pattern.contract}"))
    if not _may_start(pattern, start.time()):
        first, last = pattern.earliest_start, pattern.latest_start
        faults.append((f"starts {start:%H:%M}", f"{first:%H:%M} to {last:%H:%M} every {pattern.step_minutes} min"))
    presence = (shift.last_slot - shift.first_slot) * case.interval_minutes
    if presence != pattern.presence_minutes:
        faults.append((f"{presence} min of presence", f"{pattern.presence_minutes} min exactly"))
    return faults + _break_faults(case, shift, pattern)


def _may_start(pattern: ShiftPattern, start: time) -> bool:
    earliest, latest, minute = (
        at.hour * 60 + at.minute for at in (pattern.earliest_start, pattern.latest_start, start)
    )
    return earliest <= minute <= latest and (minute - earliest) % pattern.step_minutes == 0


def _break_faults(case: Case, shift: Shift, pattern: ShiftPattern) -> list[tuple[str, str]]:
    taken = [segment for segment in shift.segments if segment.break_name is not None]
    names = [pause.name for pause in pattern.breaks]
    if [segment.break_name for segment in taken] != names:
        found = ", ".join(str(segment.break_name) for segment in taken) or "none"
        return [(f"breaks: {found}", f"exactly, in this order: {', '.join(names) or 'none'}")]
    faults = []
    for segment, pause in zip(taken, pattern.breaks, strict=True):
        minutes = segment.slots * case.interval_minutes
        after = (segment.first_slot - shift.first_slot) * case.interval_minutes
        if minutes != pause.minutes:
            faults.append((f"{pause.name} of {minutes} min", f"{pause.minutes} min exactly"))
        if not pause.earliest_after <= after <= pause.latest_after:
            window = f"{pause.earliest_after} to {pause.latest_after} min after the start"
            faults.append((f"{pause.name} {after} min after the start", window))
    return faults
