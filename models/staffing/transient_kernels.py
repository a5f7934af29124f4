"""The number in the system of one queue moved through an interval, compiled.

Forward equations p' = A p of the birth-death chain, by TR-BDF2 (R. Bank et al., "Transient simulation of silicon devices and
circuits", 1985): second order, stable for any step, one tridiagonal solve per half-step. Steps grow from an instant after a
change, where the state moves fast, to the end of the interval, where it hardly does.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from models.staffing.erlang_kernels import compiled

Floats = NDArray[np.float64]

_GAMMA = 2.0 - math.sqrt(2.0)
_FIRST, _GROWTH, _LONGEST = 0.02, 1.5, 0.7
"""First and longest step, in the shorter of handling time and patience, and the ratio of one step to that before."""


@compiled
def answered_by_position(size: int, agents: float, aht: float, target: float, patience: float) -> Floats:
    """Chance to be served within `target` of who needs k = 0, …, size - 1 ends of contacts before her turn; k = 0: at once.

    With c = agents x patience / aht it is c/(c+k) (1 - I(e^-θt; c+1, k)), I by its recurrence in k; a Poisson tail when nobody
    hangs up. Without agents nobody else is served.
    """
    chance = np.zeros(size)
    chance[0] = 1.0
    if agents <= 0.0:
        return chance
    if patience == math.inf:
        mean = agents * target / aht
        term = math.exp(-mean)
        fewer = term  # P(fewer than k ends within the target)
        for k in range(1, size):
            chance[k] = max(0.0, 1.0 - fewer)
            term *= mean / k
            fewer += term
        return chance
    c = agents * patience / aht
    x = math.exp(-target / patience)
    power = x ** (c + 1.0)
    tail, term = power, power * (1.0 - x) * (c + 1.0)
    for k in range(1, size):
        chance[k] = max(0.0, c / (c + k) * (1.0 - tail))
        tail += term
        term *= (1.0 - x) * (c + 1.0 + k) / (k + 1.0)
    return chance


@compiled
def _answered(state: Floats, chance: Floats, servers: float) -> float:
    """Chance of an arrival to be served in time; fractional servers are one more during a part of the time."""
    whole = int(servers)
    part = servers - whole
    total = 0.0
    for j in range(len(state)):
        few = chance[max(0, j - whole + 1)]
        more = chance[max(0, j - whole)]
        total += state[j] * ((1.0 - part) * few + part * more)
    return total


@compiled
def _solve(down: Floats, rate: float, weight: float, right: Floats, upper: Floats) -> None:
    """(I - weight A) x = right, in place; births `rate` (none in the last state), deaths `down`."""
    size = len(right)
    beta = 1.0 + weight * (rate + down[0])
    right[0] /= beta
    for j in range(1, size):
        upper[j] = -weight * down[j] / beta
        birth = rate if j < size - 1 else 0.0
        beta = 1.0 + weight * (birth + down[j]) + weight * rate * upper[j]
        right[j] = (right[j] + weight * rate * right[j - 1]) / beta
    for j in range(size - 2, -1, -1):
        right[j] -= upper[j + 1] * right[j + 1]


@compiled
def advance(
    state: Floats,
    chance: Floats,
    agents: float,
    leaving: float,
    rate: float,
    aht: float,
    patience: float,
    seconds: float,
    kept: float,
) -> float:
    """Moves `state`, P(j in the system), on by `seconds`; returns the mean chance over that time to be served within the target.

    `agents` take contacts; `leaving` more have gone off duty but for the contact in hand, which ends at rate 1 / aht. `chance`
    is `answered_by_position` for these agents; arrivals come at `rate` per second. All but `kept` agents are always busy: when
    the contacts in the system are fewer, they begin other work (`kept` as many as there are states: none).
    """
    size = len(state)
    theta = 0.0 if patience == math.inf else 1.0 / patience
    pace = min(aht, patience)
    down, middle, end, upper = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    now, step, total = 0.0, _FIRST * pace, 0.0
    least = min(size - 1, max(0, int(agents + leaving - kept)))
    state[least] += state[:least].sum()
    state[:least] = 0.0
    before = _answered(state, chance, agents + leaving)
    while now < seconds:
        step = min(step, seconds - now)
        if seconds - now - step < 0.3 * step:  # no sliver at the end
            step = seconds - now
        servers = agents + leaving * math.exp(-(now + 0.5 * step) / aht)
        for j in range(size):
            share = min(1.0, max(0.0, j - servers + kept))  # of the time in which it is not made good by other work
            down[j] = share * (min(float(j), servers) / aht + max(0.0, j - servers) * theta)
        weight = 0.5 * _GAMMA * step
        for j in range(size):
            birth = rate if j < size - 1 else 0.0
            flow = -(birth + down[j]) * state[j]
            if j > 0:
                flow += rate * state[j - 1]
            if j < size - 1:
                flow += down[j + 1] * state[j + 1]
            middle[j] = state[j] + weight * flow
        _solve(down, rate, weight, middle, upper)
        for j in range(size):
            end[j] = (middle[j] - (1.0 - _GAMMA) ** 2 * state[j]) / (_GAMMA * (2.0 - _GAMMA))
        _solve(down, rate, weight, end, upper)
        at_middle, at_end = _answered(middle, chance, servers), _answered(end, chance, servers)
        total += step * (math.sqrt(2.0) / 4 * (before + at_middle) + 0.5 * _GAMMA * at_end)
        before = at_end
        mass = end.sum()
        for j in range(size):
            state[j] = end[j] / mass
        now += step
        step = min(step * _GROWTH, _LONGEST * pace)
    return total / seconds


@compiled
def in_hand(state: Floats, servers: float) -> float:
    """Mean number of busy servers."""
    total = 0.0
    for j in range(len(state)):
        total += state[j] * min(float(j), servers)
    return total
