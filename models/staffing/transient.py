"""The transient queue: what an interval's agents do to those who are still there from the intervals before.

Stationary formulas, even at the modified offered load, are several points wrong when handling time is long against the
interval. Here the number in the system is followed through the day: its forward equations by uniformisation, from empty at
opening, and in every interval the chance of a caller who finds j in the system to be served in time. With j callers ahead
in the queue, c = n μ / θ and patience 1/θ, that is c/(c+j+1) (1 - I(e^-θt; c+1, j+1)); when nobody hangs up, a gamma law.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammainc

from models.staffing.arrivals import Arrivals
from models.staffing.erlang import fractional_agents
from models.staffing.erlang_kernels import compiled

if TYPE_CHECKING:
    from models.staffing.inbound import InboundLoad

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LONG_HANDLING = 1 / 3
"""From this share of an interval on, handling time counts as long against it."""

_ACCURACY = 1e-3  # of a service level, where agents are sought
_TRIES = 12


@compiled
def _advance(
    state: Floats, agents: float, rate: float, mu: float, theta: float, seconds: float, answered: Floats
) -> float:
    """Moves `state`, P(j in the system), on by `seconds`; returns the mean of `answered`[j] over that time.

    Births `rate`, deaths min(j, agents) mu + max(0, j - agents) theta per second. Uniformisation at a rate Λ that no state
    exceeds: the state after k jumps counts with the Poisson probability of k, and in the mean with that of more than k.
    """
    size = len(state)
    down = np.empty(size)
    for j in range(size):
        down[j] = min(float(j), agents) * mu + max(0.0, j - agents) * theta
    pace = rate + down.max()
    jumps = pace * seconds
    up = rate / pace
    down /= pace
    stay = 1.0 - up - down
    stay[size - 1] += up  # who finds the system full is turned away; it is made large enough
    last = int(jumps + 8.0 * math.sqrt(jumps) + 20.0)
    after = np.zeros(size)
    before, following = state.copy(), np.empty(size)
    mean, beyond = 0.0, 1.0
    for k in range(last + 1):
        weight = math.exp(k * math.log(jumps) - jumps - math.lgamma(k + 1.0))
        beyond = max(0.0, beyond - weight)
        if beyond > 0.0:
            mean += beyond * (before * answered).sum()
        after += weight * before
        following[0] = before[0] * stay[0] + before[1] * down[1]
        for j in range(1, size - 1):
            following[j] = before[j - 1] * up + before[j] * stay[j] + before[j + 1] * down[j + 1]
        following[size - 1] = before[size - 2] * up + before[size - 1] * stay[size - 1]
        before, following = following, before
    state[:] = after / after.sum()
    return float(mean / jumps)


def _answered(size: int, agents: float, aht: float, target: float, patience: float) -> Floats:
    """Chance to be served within `target` of who finds j = 0, …, size - 1 in the system."""
    ahead = np.arange(size) - agents
    waits = ahead > -1
    position = np.where(waits, ahead, 0.0) + 1.0
    if patience == math.inf:
        served = gammainc(position, max(agents, 1e-9) / aht * target)
    else:
        c = max(agents, 1e-9) * patience / aht
        served = c / (c + position) * (1.0 - betainc(c + 1.0, position, math.exp(-target / patience)))
    return np.where(waits, served, 1.0)


class _Queue:
    """The number in the system of one campaign, moved on interval by interval."""

    def __init__(self, largest: float, interval_seconds: float, target: float, patience: float) -> None:
        self.state = np.zeros(int(largest + 10 * math.sqrt(largest)) + 40)
        self.seconds, self.target, self.patience = interval_seconds, target, patience
        self.empty()

    def empty(self) -> None:
        self.state[:] = 0.0
        self.state[0] = 1.0

    def after(self, agents: float, volume: float, aht: float) -> tuple[float, Floats]:
        """Service level of an interval and the state at its end; the queue itself is not moved."""
        state = self.state.copy()
        theta = 0.0 if self.patience == math.inf else 1.0 / self.patience
        answered = _answered(len(state), agents, aht, self.target, self.patience)
        level = _advance(state, agents, volume / self.seconds, 1.0 / aht, theta, self.seconds, answered)
        return level, state


def needs_transient(aht_seconds: Floats, interval_seconds: float) -> bool:
    """Whether some handling time is long against the interval."""
    return bool((aht_seconds > LONG_HANDLING * interval_seconds).any())


def transient_levels(
    agents: Floats,
    volume: Floats,
    aht_seconds: Floats,
    is_open: Bools,
    interval_seconds: float,
    *,
    target_seconds: float,
    patience_seconds: float = math.inf,
) -> Floats:
    """Service level (answered within target / offered) of each slot at fractional `agents`. All arrays have shape (slots,).

    The system is empty at opening and emptied at closing; closed slots, and those without agents or handling time, have 0.
    Agents that leave at a slot's end hand their calls back to the queue, where real ones finish them first.
    """
    levels = np.zeros(len(volume))
    queue = _Queue(
        _largest(agents, volume, aht_seconds, interval_seconds), interval_seconds, target_seconds, patience_seconds
    )
    for slot in range(len(volume)):
        if not is_open[slot] or aht_seconds[slot] <= 0:
            queue.empty()
            continue
        levels[slot], queue.state = queue.after(agents[slot], volume[slot], aht_seconds[slot])
    return levels


def transient_surplus(queue: InboundLoad, arrivals: Arrivals, is_open: Bools, interval_seconds: float) -> Floats:
    """Agents per slot, >= 0, that the transient model asks for beyond the stationary formula, both at the mean forecast.

    Found slot by slot from opening on: the state that a slot hands on is the one under the agents found for it.
    """
    volume, aht = arrivals
    stationary = fractional_agents(
        queue.load, queue.aht, queue.level, queue.seconds, patience_seconds=queue.patience, max_occupancy=queue.cap
    ).agents
    surplus = np.zeros(len(volume))
    largest = 1.2 * _largest(stationary, volume, aht, interval_seconds)
    system = _Queue(largest, interval_seconds, queue.seconds, queue.patience)
    for slot in range(len(volume)):
        if not is_open[slot] or aht[slot] <= 0:
            system.empty()
            continue
        low = stationary[slot]
        level, state = system.after(low, volume[slot], aht[slot])
        if volume[slot] > 0 and level < queue.level - _ACCURACY:
            found, state = _raised(system, low, level, queue.level, volume[slot], aht[slot])
            surplus[slot] = found - low
        system.state = state
    return surplus


def _raised(
    system: _Queue, low: float, low_level: float, wanted: float, volume: float, aht: float
) -> tuple[float, Floats]:
    """More agents than `low` that reach `wanted`, by false position; and the state at the slot's end under them."""
    step = max(1.0, math.sqrt(low))
    high = low + step
    high_level, state = system.after(high, volume, aht)
    while high_level < wanted:
        low, low_level, high, step = high, high_level, high + step, 2 * step
        high_level, state = system.after(high, volume, aht)
    for _ in range(_TRIES):
        if high_level - wanted <= _ACCURACY:
            break
        share = (wanted + _ACCURACY / 2 - low_level) / (high_level - low_level)
        middle = low + min(0.95, max(0.05, share)) * (high - low)
        level, reached = system.after(middle, volume, aht)
        if level >= wanted:
            high, high_level, state = middle, level, reached
        else:
            low, low_level = middle, level
    return high, state


def _largest(agents: Floats, volume: Floats, aht: Floats, interval_seconds: float) -> float:
    """What the number in the system hardly ever exceeds, but for a few standard deviations."""
    return float(max(agents.max(initial=0.0), (volume * aht).max(initial=0.0) / interval_seconds))
