"""The best tour of one agent: an exact dynamic program over days.

A tour picks a shift option or a day off for every day. Given what each productive slot is worth, its net gain is

    sum over shifts of (value of the slots present - value lost to breaks, placed where they cost least - broken wishes)
    - overtime cost of every week,

maximised subject to: options the agent may take, counted slots per week, consecutive days, rest between shifts.

State before a day: (consecutive days with work, counted slots so far this week, rest class), where rest class c means that the
first c distinct starts of the day come before the rest is over. A shift never hinders a start two days later
(`problem` refuses such patterns), so the class of the next day is all that need be remembered. A shift that ends past midnight
touches two days; its class is c + classes, so that programs without such shifts have no more states for it. The program is
exact, so with prices as values it yields the agent's term of the Lagrangian bound (docs/formulation.md).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.roster.problem import Floats, Ints, Problem, ShiftOptions

Shorts = NDArray[np.int32]

NEVER = -1e18
"""Gain of what is not possible."""


class RestTable(NamedTuple):
    """`start_class[o]`: rank of option o's start among the distinct starts of its day; `next_class[o]`: rest class it leaves
    for the next day, `classes` more where it reaches into that day; `classes`: classes of rest that any option leaves, often
    one; `states`: classes of both sorts, twice as many where any shift reaches into the next day.
    """

    start_class: Ints
    next_class: Ints
    classes: int
    states: int


def rest_table(problem: Problem) -> RestTable:
    """Rank starts and ends of all options so that rest becomes a comparison of small integers."""
    options = problem.options
    start_class = np.zeros(len(options.day), dtype=np.int64)
    next_class = np.zeros(len(options.day), dtype=np.int64)
    for day in range(problem.days):
        span = slice(*options.day_first[day : day + 2])
        starts, start_class[span] = np.unique(options.start[span], return_inverse=True)
        before = slice(*options.day_first[day - 1 : day + 1]) if day else slice(0, 0)
        next_class[before] = np.searchsorted(starts, options.end[before] + problem.staff.rest_slots)
    classes = int(next_class.max(initial=0)) + 1
    touching = bool(options.overnight.any() or problem.staff.touched.any())
    return RestTable(start_class, next_class + classes * options.overnight, classes, classes * (1 + touching))


@njit(cache=True, nogil=True)
def option_gains(value: Floats, options: ShiftOptions) -> tuple[Floats, Ints]:
    """Value of every option with its breaks placed where they lose least.

    `value[t]` is the gain of being at work in slot t. Returns gains, shape (options,), and the first slot of each break,
    shape (options, breaks), -1 where there is none.
    """
    start, end, breaks = options.start, options.end, options.breaks
    total = np.zeros(len(value) + 1)
    for t in range(len(value)):
        total[t + 1] = total[t] + value[t]
    gains = np.empty(len(start))
    slots = np.full((len(start), breaks.shape[1]), -1, dtype=np.int64)
    for o in range(len(start)):
        gain = total[end[o]] - total[start[o]]
        for b in range(breaks.shape[1]):
            length = breaks[o, b, 0]
            if length == 0:
                continue
            least = 1e300
            for first in range(start[o] + breaks[o, b, 1], start[o] + breaks[o, b, 2] + 1):
                lost = total[first + length] - total[first]
                if lost < least - 1e-12:
                    least = lost
                    slots[o, b] = first
            gain -= least
        gains[o] = gain
    return gains, slots


@njit(cache=True, nogil=True)
def best_tour(
    gains: Floats,
    counted: Ints,
    options: ShiftOptions,
    rest: RestTable,
    week_cap: Ints,
    overtime: Ints,
    worked_before: int,
    touched: int,
    max_consecutive: int,
) -> tuple[float, Ints]:
    """The tour of greatest net gain.

    `gains[o]` is the gain of option o (NEVER: not possible), `counted[o]` its slots in the hours of the week, `week_cap` has
    shape (weeks,), `overtime` (weeks, slots) in cents; `touched` is 1 where a shift before the plan reaches into it.
    Returns the net gain and the option of every day, -1 for a day off. Ties go to the day off, then to the first option, so
    that the result is deterministic.
    """
    day_first, classes = options.day_first, rest.states
    days = len(day_first) - 1
    most = overtime.shape[1]
    consecutive = max_consecutive + 1
    lengths, length_of = _lengths(counted)
    moves = np.empty((classes, len(lengths), classes))
    move_option = np.empty((classes, len(lengths), classes), dtype=np.int64)
    now = np.full((consecutive, most, classes), NEVER)
    now[min(worked_before, max_consecutive), 0, touched * rest.classes] = 0.0
    choice = np.full((days, consecutive, most, classes), -2, dtype=np.int32)
    origin = np.zeros((days, consecutive, most, classes), dtype=np.int32)
    week_slots = np.zeros((days // 7 + 1, consecutive, classes), dtype=np.int32)
    for day in range(days):
        week = day // 7
        if day % 7 == 0 and day > 0:
            now = _close_week(now, overtime[week - 1], week_slots[week - 1])
        _best_moves(gains, day, length_of, options, rest, moves, move_option)
        then = np.full((consecutive, most, classes), NEVER)
        for k in range(consecutive):
            # The last day of a run cannot reach into the next.
            reach = rest.classes if k + 1 == max_consecutive else classes
            for u in range(week_cap[week] + 1):
                for c in range(classes):
                    value = now[k, u, c]
                    if value <= NEVER / 2:
                        continue
                    off = min(k + 1, max_consecutive) if c >= rest.classes else 0
                    if value > then[off, u, 0]:
                        then[off, u, 0] = value
                        choice[day, off, u, 0] = -1
                        origin[day, off, u, 0] = k * classes + c
                    if k == max_consecutive:
                        continue
                    for h in range(len(lengths)):
                        after = u + lengths[h]
                        if after > week_cap[week]:
                            break
                        for r in range(reach):
                            gain = moves[c, h, r]
                            if gain > NEVER / 2 and value + gain > then[k + 1, after, r]:
                                then[k + 1, after, r] = value + gain
                                choice[day, k + 1, after, r] = move_option[c, h, r]
                                origin[day, k + 1, after, r] = k * classes + c
        now = then
    now = _close_week(now, overtime[(days - 1) // 7], week_slots[(days - 1) // 7])
    return _trace(now, choice, origin, week_slots, counted)


@njit(cache=True, nogil=True)
def _trace(now: Floats, choice: Shorts, origin: Shorts, week_slots: Shorts, counted: Ints) -> tuple[float, Ints]:
    """The best last state's gain, and the way back from it."""
    days, consecutive, _, classes = choice.shape
    best, k, c = NEVER, 0, 0
    for state_k in range(consecutive):
        for state_c in range(classes):
            if now[state_k, 0, state_c] > best:
                best, k, c = now[state_k, 0, state_c], state_k, state_c
    tour = np.full(days, -1, dtype=np.int64)
    u = 0
    for day in range(days - 1, -1, -1):
        if day == days - 1 or (day + 1) % 7 == 0:
            u = week_slots[day // 7, k, c]
        option = choice[day, k, u, c]
        before = origin[day, k, u, c]
        if option >= 0:
            tour[day] = option
            u -= counted[option]
        k, c = before // classes, before % classes
    return best, tour


@njit(cache=True, nogil=True)
def _lengths(counted: Ints) -> tuple[Ints, Ints]:
    """Distinct lengths in order, and the rank of each option's."""
    rank = np.zeros(counted.max() + 1 if len(counted) else 1, dtype=np.int64)
    for o in range(len(counted)):
        rank[counted[o]] = 1
    lengths = np.flatnonzero(rank)
    rank[lengths] = np.arange(len(lengths))
    return lengths, rank[counted]


@njit(cache=True, nogil=True)
def _best_moves(
    gains: Floats,
    day: int,
    length_of: Ints,
    options: ShiftOptions,
    rest: RestTable,
    moves: Floats,
    move_option: Ints,
) -> None:
    """Best option of a day by (rest class it needs at most, counted slots, rest class it leaves), written in place."""
    moves[:] = NEVER
    for o in range(options.day_first[day], options.day_first[day + 1]):
        if gains[o] <= NEVER / 2:
            continue
        h, r = length_of[o], rest.next_class[o]
        for reached in range(0, rest.states, rest.classes):
            for c in range(reached, reached + min(rest.start_class[o] + 1, rest.classes)):
                if gains[o] > moves[c, h, r]:
                    moves[c, h, r] = gains[o]
                    move_option[c, h, r] = o


@njit(cache=True, nogil=True)
def _close_week(now: Floats, overtime: Ints, week_slots: Shorts) -> Floats:
    """Charge the week's overtime and forget its hours; `week_slots[k, c]` keeps the hours of the best way to each state."""
    closed = np.full(now.shape, NEVER)
    for k in range(now.shape[0]):
        for c in range(now.shape[2]):
            for u in range(now.shape[1]):
                value = now[k, u, c]
                if value > NEVER / 2 and value - overtime[u] > closed[k, 0, c]:
                    closed[k, 0, c] = value - overtime[u]
                    week_slots[k, c] = u
    return closed
