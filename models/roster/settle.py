"""What a tour with its breaks is paid beyond wages, to the cent, and whether its hours are within the law.

The tour program counts by the week and by whole options; this walks the minutes of the tour in order of time, as the bill does.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from models.roster.ledger import breaks_of
from models.roster.problem import Ints, Pay, Problem, ShiftOptions
from models.roster.state import State

_REGULAR, _REST_DAY, _HOLIDAY = 0, 1, 2  # as in `problem`; compiled code keeps its own


def settle_agents(problem: Problem, state: State) -> tuple[Ints, Ints]:
    """Cents of overtime, holidays and broken wishes of every agent's tour, and its minutes of excess. Shapes (agents,)."""
    options, staff = problem.options, problem.staff
    breaks = breaks_of(problem, state)
    placed = np.full((len(options.day), breaks.shape[2]), -1, dtype=np.int64)
    cents, excess = np.zeros((2, problem.agents), dtype=np.int64)
    for agent, tour in enumerate(state.tour):
        worked = np.flatnonzero(tour >= 0)
        placed[tour[worked]] = breaks[agent, worked]
        paid, excess[agent] = settle(agent, tour, placed, options, staff.pay)
        cents[agent] = paid + staff.wish_cost[agent, tour[worked]].sum()
    return cents, excess


@njit(cache=True, nogil=True)
def settle(agent: int, tour: Ints, break_slots: Ints, options: ShiftOptions, pay: Pay) -> tuple[int, int]:
    """Cents of overtime and holidays of a tour, and its minutes beyond the legal weeks and the overtime of the years.

    `tour[d]` is the option of day d or -1, `break_slots[o, b]` the first slot of break b of option o. Each week's overtime is
    rounded half up once, and so is its holiday pay.
    """
    terms, base = pay.terms[agent], pay.base[agent]
    tally = pay.tally[agent]
    overtime_of_year = np.zeros(pay.overtime_left.shape[1], dtype=np.int64)
    cents = excess = 0
    regular = effective = overtime = holiday = 0
    for day in range(len(tour)):
        week, option = day // 7, tour[day]
        if day > 0 and pay.year[day] != pay.year[day - 1]:
            tally = 0
        tally += pay.credit[agent, day]
        if option >= 0:
            free = max(0, pay.threshold[agent, week] - regular)
            if pay.annual[terms]:
                free = min(pay.day_minutes[terms, day], max(0, pay.year_minutes[terms, day] - tally))
            minutes = _walk(option, day, free, terms, break_slots, options, pay)
            effective += minutes[0]
            regular += minutes[1]
            overtime_of_year[pay.year[day]] += minutes[2]
            overtime += minutes[3]
            holiday += minutes[4]
            tally += min(minutes[1], pay.day_minutes[terms, day])
        if day % 7 == 6:
            cents += _rounded(overtime * base, 60 * pay.scale) + _rounded(holiday * base, 60 * pay.scale)
            excess += max(0, effective - pay.week_minutes[terms, week])
            regular = effective = overtime = holiday = 0
    for year in range(len(overtime_of_year)):
        excess += max(0, overtime_of_year[year] - max(0, pay.overtime_left[agent, year]))
    return cents, excess


@njit(cache=True, nogil=True)
def _walk(
    option: int, day: int, free: int, terms: int, break_slots: Ints, options: ShiftOptions, pay: Pay
) -> tuple[int, int, int, int, int]:
    """Minutes of a shift: effective, regular, overtime (regular ones beyond the first `free`, and those of the rest day), and
    minutes x rates of overtime and of holidays.
    """
    slot = pay.slot_minutes
    if pay.special_before[terms, options.start[option]] == pay.special_before[terms, options.end[option]]:
        # All its hours are paid alike, wherever its breaks are: a tenth more tries a second of the search (100 agents).
        minutes = options.effective[option] * slot
        over = max(0, minutes - free)
        return minutes, minutes, over, over * pay.overtime_rate[terms, day, 0, 0], 0
    effective = regular = overtime = paid_overtime = paid_holiday = 0
    for t in range(options.start[option], options.end[option]):
        if _is_unpaid(t, option, break_slots, options):
            continue
        effective += slot
        kind = pay.kind[terms, t]
        if kind == _HOLIDAY:
            paid_holiday += slot * pay.holiday_rate[terms, t]
            continue
        over = slot
        if kind == _REGULAR:
            regular += slot
            over = min(slot, max(0, regular - free))
        overtime += over
        paid_overtime += over * pay.overtime_rate[terms, day, int(kind == _REST_DAY), pay.night[terms, t]]
    return effective, regular, overtime, paid_overtime, paid_holiday


@njit(cache=True, nogil=True)
def _is_unpaid(t: int, option: int, break_slots: Ints, options: ShiftOptions) -> bool:
    for b in range(break_slots.shape[1]):
        first = break_slots[option, b]
        if 0 <= first <= t < first + options.breaks[option, b, 0] and options.unpaid[options.pattern[option], b]:
            return True
    return False


@njit(cache=True, nogil=True)
def _rounded(value: int, unit: int) -> int:
    """Nearest whole number of value / unit, halves up."""
    return (2 * value + unit) // (2 * unit)
