"""SHIFT-SHAPE: a shift follows its pattern: season, start, presence, breaks, no gap, on the day it says."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import pairwise

from wfm.case import Case
from wfm.plan import Plan, Segment, Shift
from wfm.ramadan import iftar_starts, in_season
from wfm.rules.words import wall
from wfm.shift import Break, ShiftPattern
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
    if not in_season(case, pattern, shift.day):
        faults.append((f"starts on {shift.day}", f"pattern {pattern.id} is for season {pattern.season}"))
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
    sunset = {pause.name: _sunset_starts(case, shift, pause) for pause in pattern.breaks if pause.at_sunset}
    due = [pause for pause in pattern.breaks if not pause.at_sunset or sunset[pause.name]]
    taken = [segment for segment in shift.segments if segment.break_name is not None]
    names = [pause.name for pause in due]
    if [segment.break_name for segment in taken] != names:
        found = ", ".join(str(segment.break_name) for segment in taken) or "none"
        return [(f"breaks: {found}", f"exactly, in this order: {', '.join(names) or 'none'}")]
    faults = []
    for segment, pause in zip(taken, due, strict=True):
        minutes = segment.slots * case.interval_minutes
        if minutes != pause.minutes:
            faults.append((f"{pause.name} of {minutes} min", f"{pause.minutes} min exactly"))
        faults += (
            _sunset_faults(case, segment, pause, sunset[pause.name])
            if pause.at_sunset
            else _offset_faults(case, shift, segment, pause)
        )
    return faults


def _offset_faults(case: Case, shift: Shift, segment: Segment, pause: Break) -> list[tuple[str, str]]:
    after = (segment.first_slot - shift.first_slot) * case.interval_minutes
    if pause.earliest_after <= after <= pause.latest_after:
        return []
    window = f"{pause.earliest_after} to {pause.latest_after} min after the start"
    return [(f"{pause.name} {after} min after the start", window)]


def _sunset_faults(case: Case, segment: Segment, pause: Break, legal: list[datetime]) -> list[tuple[str, str]]:
    start = case.grid.instant(segment.first_slot)
    if start in legal:
        return []
    at = ", ".join(f"{edge.astimezone(case.home_zone):%H:%M}" for edge in legal)
    return [(f"{pause.name} at {start.astimezone(case.home_zone):%H:%M}", f"at sunset: {at}")]


def _sunset_starts(case: Case, shift: Shift, pause: Break) -> list[datetime]:
    """Where a break at sunset may start in a shift; [] where the shift has no such break."""
    start, end = case.grid.instant(shift.first_slot), case.grid.instant(shift.last_slot)
    return [
        edge
        for edge in iftar_starts(case, shift.day)
        if start <= edge and edge + timedelta(minutes=pause.minutes) <= end
    ]
