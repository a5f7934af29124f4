"""How long agents stay on a campaign once they turn to it: the best activities of a shift that keep rule MIN-ACTIVITY.

A stay lasts at least its campaign's minimum, or fills all the time in a row, breaks left out, in which the shift has the campaign
open. All activities of a shift are chosen at once by a dynamic program over its slots; what they save is exact for inbound work.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from models.roster.ledger import Ledger
from models.roster.problem import Bools, Floats, Ints, Staff
from models.roster.state import Items

_ABSENT, _BREAK, _IDLE = -3, -2, -1  # as in `state`; compiled code keeps its own
_LONG = 1 << 40


@njit(cache=True, nogil=True)
def have_minimum(skills: Bools, staff: Staff) -> bool:
    """Whether some campaign of an agent has a minimum."""
    for q in range(len(skills)):  # noqa: SIM110 - compiled
        if skills[q] and staff.least_stay[q] > 1:
            return True
    return False


@njit(cache=True, nogil=True)
def is_short(activity: Ints, first: int, last: int, staff: Staff) -> bool:
    """Whether an agent leaves a campaign too soon in slots first to last - 1, which hold whole shifts. Shape (slots,)."""
    for q in range(len(staff.least_stay)):
        least = staff.least_stay[q]
        if least <= 1:
            continue
        in_a_row, stay, shortest = 0, 0, _LONG
        for t in range(first, last + 1):
            doing = activity[t] if t < last else _ABSENT
            if doing == _BREAK:
                continue
            inside = doing != _ABSENT and staff.is_open[q, t]
            in_a_row += inside
            if inside and doing == q:
                stay += 1
            elif stay > 0:
                shortest, stay = min(shortest, stay), 0
            if not inside:
                if shortest < min(least, in_a_row):
                    return True
                in_a_row, shortest = 0, _LONG
    return False


@njit(cache=True, nogil=True)
def choose_stays(chosen: Ints, first: int, agent: int, staff: Staff, ledger: Ledger, items: Items) -> None:
    """Put the campaigns that save most, IDLE included, into `chosen`, one entry per slot from `first` on, but for its breaks."""
    skills, effect = staff.group_skills[staff.group[agent]], staff.effect[agent]
    working = np.flatnonzero(chosen != _BREAK)
    shape = (len(working), len(skills))
    value, may, opened = np.zeros(shape), np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    for k in range(len(working)):
        t = first + working[k]
        for q in range(len(skills)):
            opened[k, q] = staff.is_open[q, t]
            may[k, q] = skills[q] and opened[k, q] and ledger.heads[q, t] > 0
            rest = float(effect) if may[k, q] else 0.0
            for i in range(items.low[q, t], items.high[q, t]):
                if rest > 0 and ledger.left[i] > 0:
                    # A long item's small rest must not be counted once per slot.
                    done = min(rest, ledger.left[i] / min(items.span[i], 8))
                    value[k, q] += done * items.cents[i]
                    rest -= done
                    if items.span[i] > 1:
                        break
    stays = best_stays(value, may, opened, staff.least_stay)
    for k in range(len(working)):
        chosen[working[k]] = stays[k]


@njit(cache=True, nogil=True)
def best_stays(value: Floats, may: Bools, opened: Bools, least: Ints) -> Ints:
    """Campaign or IDLE of every working slot of a shift, of greatest value; arrays have shape (working slots, campaigns).

    Longer stays than twice the minimum are two of the same campaign, so only shorter ones are looked at.
    """
    slots, campaigns = value.shape
    in_a_row = np.zeros((campaigns, slots), dtype=np.int64)
    for q in range(campaigns):
        begin = 0
        for k in range(slots + 1):
            if k == slots or not opened[k, q]:
                in_a_row[q, begin:k] = k - begin
                begin = k + 1
    best, began, doing = np.zeros(slots + 1), np.zeros(slots + 1, dtype=np.int64), np.full(slots + 1, _IDLE)
    for end in range(1, slots + 1):
        best[end], began[end] = best[end - 1], end - 1
        for q in range(campaigns):
            wanted, total = min(least[q], in_a_row[q, end - 1]), 0.0
            for begin in range(end - 1, max(-1, end - 2 * least[q]), -1):
                if not may[begin, q]:
                    break
                total += value[begin, q]
                if end - begin >= wanted and best[begin] + total > best[end]:
                    best[end], began[end], doing[end] = best[begin] + total, begin, q
    chosen, end = np.full(slots, _IDLE), slots
    while end > 0:
        chosen[began[end] : end] = doing[end]
        end = int(began[end])
    return chosen
