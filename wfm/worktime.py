"""Working time of agents: effective minutes, calendar weeks, and what a week owes after leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from wfm.agent import Agent
from wfm.case import Case
from wfm.clock import day_starts
from wfm.plan import Shift


def effective_minutes(case: Case, shift: Shift) -> int:
    """Working time in the sense of the law and of pay: all of the shift except unpaid breaks, in minutes."""
    unpaid = {pause.name for pause in case.pattern_by_id[shift.pattern].breaks if not pause.paid}
    slots = sum(segment.slots for segment in shift.segments if segment.break_name not in unpaid)
    return slots * case.interval_minutes


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


def leave_days(case: Case) -> dict[str, list[int]]:
    """Local days of each week of the plan that whole-day absences of any kind cover entirely, agent to (weeks,).

    Agents without such days are left out.
    """
    starts = day_starts(case.first_day, case.days, case.home_zone)
    covered: dict[str, set[int]] = defaultdict(set)
    for absence in case.absences:
        if absence.whole_day:
            covered[absence.agent].update(
                day for day in range(case.days) if absence.start <= starts[day] and starts[day + 1] <= absence.end
            )
    return {
        agent: [sum(day // 7 == week for day in days) for week in range(case.weeks)]
        for agent, days in covered.items()
        if days
    }


def overtime_threshold(case: Case, agent: Agent, leave_days_in_week: int) -> int:
    """Effective minutes of a week above which overtime starts:

    max(0, week_minutes - leave_credit_minutes x min(days of leave in the week, days_per_week)).
    """
    contract = case.contract_by_id[agent.contract]
    credited = min(leave_days_in_week, contract.days_per_week) * contract.leave_credit_minutes
    return max(0, contract.week_minutes - credited)
