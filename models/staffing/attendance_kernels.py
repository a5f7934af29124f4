"""Agents who may be absent, compiled: the mean of a service level over the binomial number who are there."""

from __future__ import annotations

import math

import numpy as np

from models.staffing.blended_queue import blended
from models.staffing.erlang import Floats
from models.staffing.erlang_kernels import compiled, inverse_blocking, next_inverse_blocking, service

_SPREAD = 4.5
"""Standard deviations of the number present that are followed; what lies beyond has a chance below 1e-5."""


@compiled
def _levels(
    loads: Floats, aht: float, target: float, patience: float, first: int, levels: Floats, kept: float, other: float
) -> None:
    """`levels`[i] = service level of first + i whole lines over equally probable `loads`, weighted by them.

    With `kept` >= 0 whoever is idle beyond so many does other work of `other` seconds a contact.
    """
    total = 0.0
    levels[:] = 0.0
    for load in loads:
        if load <= 0.0:
            continue
        total += load
        base = max(0, first - 1)
        before = inverse_blocking(base, load)
        for i in range(len(levels)):
            agents = first + i
            if agents == 0:
                continue
            if kept >= 0.0:
                levels[i] += load * blended(agents, load, aht, target, patience, int(kept), other)[0]
                continue
            if agents - 1 > base:
                base += 1
                before = next_inverse_blocking(base, load, before)
            found, _ = service(agents, load, aht, target, patience, before)
            levels[i] += load * found
    for i in range(len(levels)):
        levels[i] = levels[i] / total if total > 0.0 else 1.0


@compiled
def window(heads: float, fixed: float, absence: float, lines: float) -> tuple[int, int]:
    """Fewest and most lines that are followed: those of whole headcounts about `heads`, beside `fixed` agents."""
    mean = fixed + heads * (1.0 - absence)
    reach = _SPREAD * math.sqrt(max(heads, 1.0) * absence * (1.0 - absence)) + 2.0
    most = fixed + math.ceil(heads) + 1.0
    return math.floor(lines * max(0.0, fixed, mean - reach)), math.ceil(lines * min(most, mean + reach + 1.0))


@compiled
def mean_level(heads: int, fixed: float, absence: float, lines: float, first: int, levels: Floats) -> float:
    """Mean level over the binomial number of `heads` who are there, beside `fixed` agents; linear between whole lines."""
    keep = 1.0 - absence
    total = weight = 0.0
    low = max(0, math.floor(first / lines - fixed))
    high = min(heads, math.floor((first + len(levels) - 1) / lines - fixed))
    log_odds = math.log(keep) - math.log(absence)
    scale = math.lgamma(heads + 1.0) + heads * math.log(absence)
    for there in range(low, high + 1):
        chance = math.exp(scale - math.lgamma(there + 1.0) - math.lgamma(heads - there + 1.0) + there * log_odds)
        place = max(0.0, (fixed + there) * lines - first)
        whole = min(int(place), len(levels) - 1)
        after = min(whole + 1, len(levels) - 1)
        total += chance * (levels[whole] + (place - whole) * (levels[after] - levels[whole]))
        weight += chance
    return total / weight if weight > 0.0 else levels[0]


@compiled
def needed_all(loads: Floats, table: Floats, agents: Floats) -> None:
    """Raises `agents` (cells,), fractional and sure to be there, to those of a headcount that reaches the level in the mean."""
    for i in range(len(agents)):
        aht, target, patience, level = table[0, i], table[1, i], table[2, i], table[3, i]
        absence, lines = table[4, i], table[5, i]
        if agents[i] <= 0.0 or absence <= 0.0:
            continue
        heads = max(1, math.ceil(agents[i] / (1.0 - absence)))
        spread = math.sqrt(heads * absence)
        first, _ = window(heads - spread - 1.0, 0.0, absence, lines)
        _, last = window(heads + 2.0 * spread + 4.0, 0.0, absence, lines)
        levels = np.empty(last - first + 1)
        _levels(loads[i], aht, target, patience, first, levels, -1.0, 1.0)
        low = mean_level(heads - 1, 0.0, absence, lines, first, levels) if heads > 1 else 0.0
        high = mean_level(heads, 0.0, absence, lines, first, levels)
        most = heads + int(2.0 * spread) + 4
        while high < level and heads < most:
            heads, low = heads + 1, high
            high = mean_level(heads, 0.0, absence, lines, first, levels)
        share = 1.0
        if high > level and high > low:
            share = max(0.0, (level - low) / (high - low))
        agents[i] = max(agents[i], (heads - 1 + share) * (1.0 - absence))


@compiled
def levels_all(loads: Floats, table: Floats, levels: Floats) -> None:
    for i in range(len(levels)):
        aht, target, patience, heads, fixed, absence = (
            table[0, i],
            table[1, i],
            table[2, i],
            table[3, i],
            table[4, i],
            table[5, i],
        )
        lines = table[6, i]
        if absence <= 0.0:
            fixed, heads = fixed + heads, 0.0
        first, last = window(heads, fixed, absence, lines)
        curve = np.empty(last - first + 1)
        _levels(loads[i], aht, target, patience, first, curve, table[7, i], table[8, i])
        whole = math.floor(heads)
        levels[i] = mean_level(whole, fixed, min(max(absence, 1e-12), 1.0), lines, first, curve)
        if heads > whole:
            more = mean_level(whole + 1, fixed, absence, lines, first, curve)
            levels[i] += (heads - whole) * (more - levels[i])
