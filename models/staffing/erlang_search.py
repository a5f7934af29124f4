"""How many agents a target needs, compiled: a guess from the cell before, exact service levels about it, then bisection.

The load of a cell may be uncertain: `loads` has several values of equal probability, and the service level is the share of
all contacts that are answered in time, so a busy scenario weighs as much as it has contacts. One value is a known load.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from models.staffing.erlang_kernels import compiled, inverse_blocking, next_inverse_blocking, service

Floats = NDArray[np.float64]

_REBASE = 40  # more steps of the recurrence than this cost more than the sum anew


@compiled
def _anchor(loads: Floats, base: int, inverse: Floats) -> None:
    """`inverse`[i] = 1 / B(base, loads[i])."""
    for i in range(len(loads)):
        if loads[i] > 0.0:
            inverse[i] = inverse_blocking(base, loads[i])


@compiled
def _expected(
    agents: int, loads: Floats, aht: float, target: float, patience: float, base: int, inverse: Floats
) -> tuple[float, float]:
    """(service level, busy agents) over all loads; agents >= 1, base <= agents - 1 with `inverse` of `_anchor`."""
    answered = busy = total = 0.0
    for i in range(len(loads)):
        load = loads[i]
        if load <= 0.0:
            continue
        before = inverse[i]
        for n in range(base + 1, agents):
            before = next_inverse_blocking(n, load, before)
        level, served = service(agents, load, aht, target, patience, before)
        answered += load * level
        busy += load * served
        total += load
    return answered / total, busy / len(loads)


@compiled
def search(
    loads: Floats,
    inverse: Floats,
    aht: float,
    level: float,
    target: float,
    patience: float,
    cap: float,
    beta: float,
    served: float,
) -> tuple[int, float, float, float, float]:
    """Fewest whole agents that reach `level` at occupancy <= cap, and (service level, busy agents) one below them and at them.

    Both improve with every agent, so bisection is valid. `beta`: guessed agents above the mean load R, in √R; `served`: guessed
    share of it that is served; `inverse` is scratch of the length of `loads`. Without load: 0 agents.
    """
    mean = loads.mean()
    if mean <= 0.0:
        return 0, 1.0, 0.0, 1.0, 0.0
    guess = max(1, math.ceil(mean + beta * math.sqrt(mean)))
    if cap < 1.0:
        guess = max(guess, math.ceil(served * mean / cap))
    base = max(0, guess - 3)
    _anchor(loads, base, inverse)
    low, low_level, low_busy = 0, 0.0, 0.0  # nobody: nothing is answered
    high, high_level, high_busy = -1, 0.0, 0.0
    step = 1
    asked = guess
    while high < 0 or high - low > 1:
        if asked - 1 < base or asked - 1 > base + _REBASE:
            base = asked - 1
            _anchor(loads, base, inverse)
        found, busy = _expected(asked, loads, aht, target, patience, base, inverse)
        if found >= level and busy <= cap * asked:
            high, high_level, high_busy = asked, found, busy
        else:
            low, low_level, low_busy = asked, found, busy
        if high < 0:
            asked = low + step
            step *= 2
        elif low == 0:  # nothing below is known yet
            asked = max(1, high - step)
            step *= 2
        else:
            asked = (low + high) // 2
    return high, low_level, low_busy, high_level, high_busy


@compiled
def _between(
    high: int, level: float, cap: float, low_level: float, low_busy: float, high_level: float, high_busy: float
) -> tuple[float, float]:
    """(agents, service level) with service level and busy agents linear between high - 1 and high whole agents."""
    low = high - 1
    share = 0.0
    if low_level < level:
        share = (level - low_level) / (high_level - low_level)
    # Busy agents at share s: low_busy + s (high_busy - low_busy) = cap (low + s).
    excess = low_busy - cap * low
    if excess > 0.0:
        share = max(share, excess / (cap - (high_busy - low_busy)))
    share = min(1.0, share)
    return low + share, low_level + share * (high_level - low_level)


@compiled
def required_all(loads: Floats, table: Floats, agents: NDArray[np.int64], fractional: Floats, levels: Floats) -> None:
    """Whole agents, fractional agents and the service level at those, for every cell.

    `loads` (cells, scenarios); `table` rows: AHT, service level, target seconds, patience, cap. Results (cells,).
    """
    inverse = np.empty(loads.shape[1])
    beta, served = 0.5, 1.0
    for i in range(len(agents)):
        aht, level, target, patience, cap = table[0, i], table[1, i], table[2, i], table[3, i], table[4, i]
        high, low_level, low_busy, high_level, high_busy = search(
            loads[i], inverse, aht, level, target, patience, cap, beta, served
        )
        agents[i] = high
        if high == 0:
            fractional[i], levels[i] = 0.0, 1.0
            continue
        fractional[i], levels[i] = _between(high, level, cap, low_level, low_busy, high_level, high_busy)
        mean = loads[i].mean()
        if low_level < level:  # the target binds, not the cap: what it took is the next guess
            share = (level - low_level) / (high_level - low_level)
            beta = (high - 1 + share - mean) / math.sqrt(mean)
        else:
            served = high_busy / mean


@compiled
def expected_levels(loads: Floats, table: Floats, levels: Floats) -> None:
    """Service level at fractional agents for every cell, linear between whole ones.

    `loads` (cells, scenarios); `table` rows: AHT, target seconds, patience, agents. Result (cells,).
    """
    inverse = np.empty(loads.shape[1])
    for i in range(len(levels)):
        if loads[i].max() <= 0.0:
            levels[i] = 1.0
            continue
        aht, target, patience, agents = table[0, i], table[1, i], table[2, i], table[3, i]
        whole = math.floor(agents)
        base = max(0, whole - 1)
        _anchor(loads[i], base, inverse)
        low = _expected(whole, loads[i], aht, target, patience, base, inverse)[0] if whole > 0 else 0.0
        high = low
        if agents > whole:
            high = _expected(whole + 1, loads[i], aht, target, patience, base, inverse)[0]
        levels[i] = low + (agents - whole) * (high - low)


@compiled
def required_alike(loads: Floats, shared: Floats, agents: NDArray[np.int64]) -> None:
    """Whole agents for many known loads that share everything else; `shared`: AHT, level, target seconds, patience, cap.

    More load never needs fewer agents, so every exact answer n for a load also answers the loads between it and any other
    load with the answer n: most cells of a long array need no formula at all.
    """
    aht, level, target, patience, cap = shared
    most = 8192
    enough = np.full(most + 1, -math.inf)  # the largest load known to need at most n agents
    beyond = np.full(most + 1, math.inf)  # the smallest load known to need more than n
    cell, inverse = np.empty(1), np.empty(1)
    beta, factor = 0.5, 1.0 / cap
    for i in range(len(loads)):
        load = loads[i]
        if load <= 0.0:
            agents[i] = 0
            continue
        root = math.sqrt(load)
        n = max(1, math.ceil(max(load + beta * root, load * factor)))
        while n < most and load >= beyond[n]:
            n += 1
        while 1 < n < most and load <= enough[n - 1]:
            n -= 1
        if n < most and load <= enough[n] and (n == 1 or load >= beyond[n - 1]):
            agents[i] = n
            continue
        cell[0] = load
        n, low_level, _, high_level, _ = search(
            cell, inverse, aht, level, target, patience, cap, (n - load) / root, 1.0
        )
        agents[i] = n
        if low_level < level:
            beta = (n - 1 + (level - low_level) / (high_level - low_level) - load) / root
        if n <= most:
            enough[n] = max(enough[n], load)
            beyond[n - 1] = min(beyond[n - 1], load)
