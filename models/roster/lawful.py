"""The best tour that the whole law allows.

The tour program is exact in all but two limits: the hours of a week with those of holidays and rest days, and the overtime of a
year. Tours seldom meet them; one that does is thinned out, and stands against the best of plain options within caps that
keep these limits whatever the tour.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from models.roster.problem import Floats, Ints, ShiftOptions, Staff
from models.roster.settle import settle
from models.roster.tours import NEVER, RestTable, best_tour


@njit(cache=True, nogil=True)
def lawful_tour(
    agent: int, gains: Floats, break_slots: Ints, staff: Staff, options: ShiftOptions, rest: RestTable
) -> tuple[Ints, int]:
    """A good legal tour at `gains` (broken wishes and the option's own cents taken off), mostly the best; and the cents of its
    overtime and holidays, to the cent.
    """
    tour = _best(agent, gains, 0, staff, options, rest)
    cents, excess = settle(agent, tour, break_slots, options, staff.pay)
    if excess == 0:
        return tour, cents
    cents = _thin_out(agent, tour, gains, break_slots, staff, options)
    plain = np.where(staff.plain[staff.pay.terms[agent]], gains, NEVER)
    other = _best(agent, plain, 1, staff, options, rest)
    other_cents, _ = settle(agent, other, break_slots, options, staff.pay)
    if _value(agent, other, gains, staff) - other_cents > _value(agent, tour, gains, staff) - cents:
        return other, other_cents
    return tour, cents


@njit(cache=True, nogil=True)
def _best(agent: int, gains: Floats, caps: int, staff: Staff, options: ShiftOptions, rest: RestTable) -> Ints:
    _, tour = best_tour(
        gains,
        staff.counted[staff.pay.terms[agent]],
        options,
        rest,
        staff.week_cap[agent, caps],
        staff.overtime_cents[agent],
        staff.worked_before[agent],
        staff.touched[agent],
        staff.max_consecutive,
    )
    return tour


@njit(cache=True, nogil=True)
def _thin_out(agent: int, tour: Ints, gains: Floats, break_slots: Ints, staff: Staff, options: ShiftOptions) -> int:
    """Drop shifts in place until no limit is exceeded, each time the one that gains least per minute of excess it takes away.
    Returns the cents of the rest. Some shift always takes any away: without shifts there is none.
    """
    cents, excess = settle(agent, tour, break_slots, options, staff.pay)
    while excess > 0:
        worst, least = -1, np.inf
        for day in range(len(tour)):
            option = tour[day]
            if option < 0:
                continue
            tour[day] = -1
            _, without = settle(agent, tour, break_slots, options, staff.pay)
            tour[day] = option
            if without < excess and gains[option] / (excess - without) < least:
                worst, least = day, gains[option] / (excess - without)
        tour[worst] = -1
        cents, excess = settle(agent, tour, break_slots, options, staff.pay)
    return cents


@njit(cache=True, nogil=True)
def _value(agent: int, tour: Ints, gains: Floats, staff: Staff) -> float:
    """Gain of a tour before overtime and holidays."""
    value = 0.0
    for day in range(len(tour)):
        if tour[day] >= 0:
            value += gains[tour[day]] + staff.option_cents[agent, tour[day]] - staff.wish_cost[agent, tour[day]]
    return value
