"""What a contract of a Curtois and Qu instance allows, as a network: a node is a day with all that its past decides.

State: the run of days worked (with the kind of the last shift) or off, minutes, weekends worked, and counts of the shifts
that are `tracked`. Runs at the start of the horizon may have begun before it, so their least length is not held.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from models.roster.columns.network import Network
from models.roster.problem import Bools, Ints


@njit(cache=True)
def _step(
    day: int,
    state: int,
    shift: int,
    units: Ints,
    group: Ints,
    allowed: Bools,
    stride: Ints,
    limit: Ints,
    contract: Ints,
) -> int:
    """State after `shift` (-1: off) on `day`, or -1 when the contract forbids it. `state` -1 is the start.

    contract: greatest units, greatest and least run of work, least run off, greatest weekends, size of the tracked counts.
    """
    most_units, most_run, least_run, least_off, most_weekends, counts = contract
    count = weekends = worked = 0
    node = -1
    if state >= 0:
        count = state % counts
        rest = state // counts
        weekends = rest % (most_weekends + 1)
        rest //= most_weekends + 1
        worked = rest % (most_units + 1)
        node = rest // (most_units + 1)
    if shift < 0:
        if node < 0:
            node = 0
        elif node < least_off:
            node = min(node + 1, least_off - 1)
        else:
            run = (node - least_off) % most_run + 1
            if run < least_run and run != day:
                return -1
            node = 0
    else:
        run = 0
        if 0 <= node < least_off:
            if node + 1 < least_off and node + 1 != day:
                return -1
        elif node >= 0:
            run = (node - least_off) % most_run + 1
            if run == most_run or not allowed[(node - least_off) // most_run, shift]:
                return -1
        if day % 7 == 5 or (day % 7 == 6 and run == 0):
            weekends += 1
        worked += units[shift]
        if weekends > most_weekends or worked > most_units:
            return -1
        if stride[shift] > 0:
            if (count // stride[shift]) % (limit[shift] + 1) == limit[shift]:
                return -1
            count += stride[shift]
        node = least_off + group[shift] * most_run + run
    return ((node * (most_units + 1) + worked) * (most_weekends + 1) + weekends) * counts + count


@njit(cache=True)
def contract_network(
    days: int, units: Ints, group: Ints, allowed: Bools, stride: Ints, limit: Ints, contract: Ints, least_units: int
) -> Network:
    """All tours of a contract. Items are day * shifts + shift. `allowed[group of the last shift, shift]`."""
    most_units, most_run, _, least_off, most_weekends, counts = contract
    shifts = len(units)
    size = (least_off + len(allowed) * most_run) * (most_units + 1) * (most_weekends + 1) * counts
    reached = np.zeros((days + 1, size), dtype=np.bool_)
    for day in range(days):
        for state in range(-1 if day == 0 else 0, 0 if day == 0 else size):
            if state >= 0 and not reached[day, state]:
                continue
            for shift in range(-1, shifts):
                after = _step(day, state, shift, units, group, allowed, stride, limit, contract)
                if after >= 0:
                    reached[day + 1, after] = True
    minutes_size = (most_weekends + 1) * counts
    for state in range(size):
        if (state // minutes_size) % (most_units + 1) < least_units:
            reached[days, state] = False
    arcs = 0
    for day in range(days - 1, -1, -1):
        for state in range(-1 if day == 0 else 0, 0 if day == 0 else size):
            if state >= 0 and not reached[day, state]:
                continue
            leads = 0
            for shift in range(-1, shifts):
                after = _step(day, state, shift, units, group, allowed, stride, limit, contract)
                if after >= 0 and reached[day + 1, after]:
                    leads += 1
            arcs += leads
            if state >= 0:
                reached[day, state] = leads > 0
    number = np.zeros((days + 1, size), dtype=np.int32)
    nodes = 1
    for day in range(1, days + 1):
        for state in range(size):
            if reached[day, state]:
                number[day, state] = nodes
                nodes += 1
    sink, last = nodes, nodes - int(reached[days].sum())
    first, head = np.zeros(nodes + 2, dtype=np.uint32), np.zeros(arcs + nodes - last, dtype=np.uint32)
    item = np.full(arcs + nodes - last, days * shifts, dtype=np.uint32)
    node = arc = 0
    for day in range(days + 1):
        for state in range(-1 if day == 0 else 0, 0 if day == 0 else size):
            if state >= 0 and not reached[day, state]:
                continue
            first[node] = arc
            if day == days:
                head[arc] = sink
                arc += 1
            else:
                for shift in range(-1, shifts):
                    after = _step(day, state, shift, units, group, allowed, stride, limit, contract)
                    if after >= 0 and reached[day + 1, after]:
                        head[arc] = number[day + 1, after]
                        if shift >= 0:
                            item[arc] = day * shifts + shift
                        arc += 1
            node += 1
    first[sink] = first[sink + 1] = arc
    return Network(first, head, item)
