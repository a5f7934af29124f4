"""Working time of agents: effective minutes, calendar weeks, and what a week owes after leave and paid holidays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from wfm.agent import Agent
from wfm.case import Case
from wfm.clock import day_starts
from wfm.pay import is_credited
from wfm.plan import Shift


def effective_slots(case: Case, shift: Shift) -> list[int]:
    """Slots of working time in the sense of the law and of pay: all of the shift except unpaid breaks."""
    unpaid = {pause.name for pause in case.pattern_by_id[shift.pattern].breaks if not pause.paid}
    return [
        slot
        for segment in shift.segments
        if segment.break_name not in unpaid
        for slot in range(segment.first_slot, segment.last_slot)
    ]


def effective_minutes(case: Case, shift: Shift) -> int:
    """Minutes of the effective slots of a shift."""
    return len(effective_slots(case, shift)) * case.interval_minutes


def week_of(case: Case, day: date) -> int:
    """Number of the calendar week (Monday to Sunday) of a day, 0 for the first week of the plan."""
    return (day - case.first_day).days // 7


def shifts_by_agent(shifts: Iterable[Shift]) -> dict[str, list[Shift]]:
    """Shifts of each agent who has any, in order of time."""
    found: dict[str, list[Shift]] = defaultdict(list)
    for shift in shifts:
        found[shift.agent].append(shift)
    for own in found.values():
        own.sort(key=lambda shift: shift.first_slot)
    return dict(found)


def week_minutes(case: Case, shifts: Iterable[Shift]) -> list[int]:
    """Effective minutes per week of the plan of one agent's shifts; a shift counts in the week of the day it starts."""
    minutes = [0] * case.weeks
    for shift in shifts:
        minutes[week_of(case, shift.day)] += effective_minutes(case, shift)
    return minutes


def credited_days(case: Case, agent: Agent) -> list[int]:
    """Days of the plan, 0 for its first, that count as worked although the agent was free, in order.

    They are the local days that whole-day absences of any kind cover entirely and the public holidays that the wages pay
    (`wfm.pay.is_credited`, worked or not); of each calendar week the first `days_per_week` such days.
    """
    free = _days_of_leave(case, agent)
    free |= {day for day in range(case.days) if is_credited(case, agent, case.first_day + timedelta(days=day))}
    most = case.contract_by_id[agent.contract].days_per_week
    return [day for week in range(case.weeks) for day in sorted(day for day in free if day // 7 == week)[:most]]


def week_thresholds(case: Case, agent: Agent) -> list[int]:
    """Regular minutes of each week of the plan that the contract owes: (weeks,). What is beyond is overtime in the weekly
    regime.

    max(0, week_minutes - leave_credit_minutes x credited days of the week).
    """
    days = credited_days(case, agent)
    return [_overtime_threshold(case, agent, sum(day // 7 == week for day in days)) for week in range(case.weeks)]


def _overtime_threshold(case: Case, agent: Agent, credited_days_in_week: int) -> int:
    """Minutes owed in a week of which so many days are credited."""
    contract = case.contract_by_id[agent.contract]
    credited = min(credited_days_in_week, contract.days_per_week) * contract.leave_credit_minutes
    return max(0, contract.week_minutes - credited)


def _days_of_leave(case: Case, agent: Agent) -> set[int]:
    absences = [entry for entry in case.absences if entry.agent == agent.id and entry.whole_day]
    if not absences:
        return set()
    starts = day_starts(case.first_day, case.days, case.home_zone)
    return {
        day
        for absence in absences
        for day in range(case.days)
        if absence.start <= starts[day] and starts[day + 1] <= absence.end
    }
