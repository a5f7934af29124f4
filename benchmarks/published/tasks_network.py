"""Best tours of a MATSP instance at given values of every quarter-hour and task; compiled.

Two dynamic programs: what a shift is worth (the best tasks for every start and length), and what the days are worth. All
workers have the same rules and skills, so one run answers for all of them: they differ in their total time alone.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from models.roster.problem import Floats, Ints

NOTHING = -1e30

DAY, OPENS, SHORTEST, LONGEST, REST, BLOCK, RUN = 96, 24, 24, 40, 56, 4, 5
"""Compiled copies of the rules in `tasks_instance`."""


@njit(cache=True, nogil=True)
def shift_values(value: Floats) -> Floats:
    """Most that a shift of each start and length can be worth. `value` (quarters, tasks). Shape (quarters, LONGEST + 1)."""
    quarters, tasks = value.shape
    worth = np.full((quarters, LONGEST + 1), NOTHING)
    total = np.zeros((tasks, quarters + 1))
    for task in range(tasks):
        for quarter in range(quarters):
            total[task, quarter + 1] = total[task, quarter] + value[quarter, task]
    best, run = np.empty(LONGEST + 1), np.empty(tasks)
    for start in range(quarters):
        best[0] = 0.0
        run[:] = NOTHING
        for length in range(1, min(LONGEST, quarters - start) + 1):
            end = start + length
            best[length] = NOTHING
            for task in range(tasks):
                run[task] += value[end - 1, task]
                if length >= BLOCK:
                    fresh = best[length - BLOCK] + total[task, end] - total[task, end - BLOCK]
                    run[task] = max(run[task], fresh)
                best[length] = max(best[length], run[task])
            if length >= SHORTEST:
                worth[start, length] = best[length]
    return worth


@njit(cache=True, nogil=True)
def shift_tasks(value: Floats, start: int, length: int) -> Ints:
    """Task of every quarter of a best shift. Shape (length,)."""
    tasks = value.shape[1]
    best, last = np.full(length + 1, NOTHING), np.zeros((length + 1, 2), dtype=np.int64)
    best[0] = 0.0
    for task_end in range(BLOCK, length + 1):
        for task in range(tasks):
            gain = 0.0
            for back in range(1, task_end + 1):
                gain += value[start + task_end - back, task]
                if back >= BLOCK and best[task_end - back] + gain > best[task_end]:
                    best[task_end] = best[task_end - back] + gain
                    last[task_end, 0], last[task_end, 1] = task, back
    chosen = np.zeros(length, dtype=np.int64)
    end = length
    while end > 0:
        task, back = last[end]
        chosen[end - back : end] = task
        end -= back
    return chosen


@njit(cache=True, nogil=True)
def day_values(worth: Floats, most: int) -> Floats:
    """Most that shifts before each calendar day are worth, by first free quarter of that day, days running, and time used.

    Shape (calendar days + 1, DAY, RUN + 1, most + 1).
    """
    quarters = len(worth)
    days = (quarters + OPENS) // DAY + 1
    table = np.full((days + 1, DAY, RUN + 1, most + 1), NOTHING)
    table[0, 0, 0, 0] = 0.0
    free = np.empty(most + 1)
    for day in range(days):
        for run in range(min(day, RUN) + 1):
            free[:] = NOTHING
            top = min(most, LONGEST * day)
            for clock in range(DAY):
                for used in range(top + 1):
                    free[used] = max(free[used], table[day, clock, run, used])
                start = day * DAY + clock - OPENS
                if run == RUN or start < 0 or start >= quarters:
                    continue
                for length in range(SHORTEST, LONGEST + 1):
                    gain = worth[start, length]
                    if gain <= NOTHING / 2:
                        continue
                    at = max(0, clock + length + REST - DAY)
                    for used in range(min(top, most - length) + 1):
                        table[day + 1, at, run + 1, used + length] = max(
                            table[day + 1, at, run + 1, used + length], free[used] + gain
                        )
            for used in range(top + 1):
                table[day + 1, 0, 0, used] = max(table[day + 1, 0, 0, used], free[used])
    return table


@njit(cache=True, nogil=True)
def best_days(table: Floats, worth: Floats, used: int) -> Ints:
    """(start, length) of the shifts of a best tour of `used` quarters. Shape (shifts, 2), latest first."""
    days = len(table) - 1
    found = np.zeros((days, 2), dtype=np.int64)
    count, at, run, best = 0, 0, 0, NOTHING
    for clock in range(DAY):
        for length_of_run in range(RUN + 1):
            if table[days, clock, length_of_run, used] > best:
                best, at, run = table[days, clock, length_of_run, used], clock, length_of_run
    for day in range(days - 1, -1, -1):
        if run == 0:
            best = NOTHING
            for clock in range(DAY):
                for before in range(RUN + 1):
                    if table[day, clock, before, used] > best:
                        best, at, run = table[day, clock, before, used], clock, before
            continue
        best, start_clock, chosen = NOTHING, 0, 0
        for length in range(SHORTEST, min(LONGEST, used) + 1):
            first = 0 if at == 0 else at + DAY - REST - length
            last = DAY - REST - length if at == 0 else first
            for clock in range(max(first, 0), min(last, DAY - 1) + 1):
                start = day * DAY + clock - OPENS
                if start < 0 or start >= len(worth) or worth[start, length] <= NOTHING / 2:
                    continue
                free = NOTHING
                for earlier in range(clock + 1):
                    free = max(free, table[day, earlier, run - 1, used - length])
                if free + worth[start, length] > best:
                    best, start_clock, chosen = free + worth[start, length], clock, length
        found[count, 0], found[count, 1] = day * DAY + start_clock - OPENS, chosen
        count += 1
        used -= chosen
        run -= 1
        best = NOTHING
        for earlier in range(start_clock + 1):
            if table[day, earlier, run, used] > best:
                best, at = table[day, earlier, run, used], earlier
    return found[:count]
