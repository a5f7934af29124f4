"""The transient queue: what an interval's agents do to those who are still there from the intervals before.

Stationary formulas, even at the modified offered load, are several points wrong just after a change of rate or staff. Here the
number in the system is followed through the day from empty at opening, and in every interval the chance of a caller who finds
j in the system to be served in time (`transient_kernels`). Agents who go off duty finish the contact in hand first.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.staffing.arrivals import Arrivals
from models.staffing.attendance import attended_service
from models.staffing.blended_queue import blended
from models.staffing.erlang import fractional_agents
from models.staffing.transient_kernels import advance, answered_by_position, in_hand

if TYPE_CHECKING:
    from models.staffing.inbound import InboundLoad

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_ACCURACY = 1e-3  # of a service level, where agents are sought
_TRIES = 12
_MOST_STATES = 4000
_GROUPS = 3


class _Queue:
    """The number in the system of one campaign, moved on interval by interval."""

    def __init__(self, states: int, interval_seconds: float, target: float, patience: float) -> None:
        self.state = np.zeros(states)
        self.seconds, self.target, self.patience = interval_seconds, target, patience
        self.empty()

    def empty(self) -> None:
        self.state[:] = 0.0
        self.state[0] = 1.0
        self.agents, self.leaving = 0.0, 0.0

    def after(
        self, agents: float, volume: float, aht: float, departures: float = 0.0, kept: float = -1.0
    ) -> tuple[float, Floats]:
        """Service level of an interval and the state at its end; the queue itself is not moved.

        At least `departures` agents of before go off duty, whoever takes their place. With `kept` >= 0 whoever is idle beyond so
        many does blended work, which counts as in the system.
        """
        state = self.state.copy()
        chance = answered_by_position(len(state) + 1, agents, aht, self.target, self.patience)
        leaving = self._going(agents, departures)
        idle = float(len(state)) if kept < 0 else kept
        level = advance(state, chance, agents, leaving, volume / self.seconds, aht, self.patience, self.seconds, idle)
        return level, state

    def move(self, agents: float, aht: float, state: Floats, departures: float = 0.0) -> None:
        """On to the next interval, with the state that `after` gave for these agents."""
        self.leaving = self._going(agents, departures) * math.exp(-self.seconds / aht)
        self.agents, self.state = agents, state

    def _going(self, agents: float, departures: float) -> float:
        """Busy agents off duty as the interval begins: those of before, and as many of those who leave now as are busy."""
        gone = min(self.agents, max(departures, self.agents - agents))
        if gone <= 0.0:
            return self.leaving
        busy = in_hand(self.state, self.agents + self.leaving) / (self.agents + self.leaving)
        return self.leaving + gone * busy


def transient_levels(
    agents: Floats,
    volume: Floats,
    aht_seconds: Floats,
    is_open: Bools,
    interval_seconds: float,
    *,
    target_seconds: float,
    patience_seconds: float = math.inf,
    departures: Floats | None = None,
    kept: Floats | None = None,
) -> Floats:
    """Service level (answered within target / offered) of each slot at fractional `agents`. All arrays have shape (slots,).

    `departures`: agents who go off duty as a slot begins, where others come for some of them; else as many as there are fewer.
    `kept`: as in `InboundLoad`; `aht_seconds` is the mean of all contacts in hand then.
    The system is empty at opening and emptied at closing; closed slots, and those without a handling time, have 0.
    """
    levels = np.zeros(len(volume))
    states = _states(agents, volume, aht_seconds, interval_seconds, patience_seconds)
    queue = _Queue(states, interval_seconds, target_seconds, patience_seconds)
    for slot in range(len(volume)):
        if not is_open[slot] or aht_seconds[slot] <= 0:
            queue.empty()
            continue
        gone = 0.0 if departures is None else float(departures[slot])
        free = -1.0 if kept is None else float(kept[slot])
        levels[slot], state = queue.after(agents[slot], volume[slot], aht_seconds[slot], gone, free)
        queue.move(agents[slot], aht_seconds[slot], state, gone)
    return levels


def transient_shift(
    queue: InboundLoad,
    agents: Floats,
    arrivals: Arrivals,
    is_open: Bools,
    interval_seconds: float,
    *,
    departures: Floats | None = None,
) -> Floats:
    """What the transient model adds to the stationary service level (offered contacts), expected over the forecast's rates at
    fractional `agents`. Shape (slots,).

    Taken at the means of groups of rates: the difference of two models is smoother than either.
    """
    volume, aht = arrivals
    factors = queue.expected
    if np.ptp(factors, axis=1).max(initial=0.0) > 0:
        factors = factors.reshape(len(factors), _GROUPS, -1).mean(axis=2)
    else:
        factors = factors[:, :1]
    shift = np.zeros(len(volume))
    for factor in factors.T:
        load = queue.load * factor
        moving = transient_levels(
            agents * queue.lines,
            volume * factor,
            aht if queue.kept is None else _in_hand(queue, queue.kept, agents, load, aht),
            is_open,
            interval_seconds,
            target_seconds=queue.seconds,
            patience_seconds=queue.patience,
            departures=None if departures is None else departures * queue.lines,
            kept=queue.kept,
        )
        still = attended_service(
            agents * queue.lines,
            load[:, None],
            queue.aht,
            queue.seconds,
            patience_seconds=queue.patience,
            absence=0.0,
            kept=-1.0 if queue.kept is None else queue.kept,
            other_seconds=queue.other_seconds,
        )
        shift += factor * (moving - still)
    return np.where(volume > 0, shift / factors.sum(axis=1), 0.0)


def _in_hand(queue: InboundLoad, kept: Floats, agents: Floats, load: Floats, aht: Floats) -> Floats:
    """Mean seconds of the contacts in hand, blended work included, with `kept` agents kept free. Shapes (slots,)."""
    mixed = aht.copy()
    for slot in np.flatnonzero((load > 0) & (kept >= 0)).tolist():
        mixed[slot] = blended(
            max(1, round(agents[slot])), load[slot], aht[slot], queue.seconds, queue.patience,
            int(kept[slot]), queue.other_seconds,
        )[2]  # fmt: skip
    return mixed


def transient_surplus(queue: InboundLoad, arrivals: Arrivals, is_open: Bools, interval_seconds: float) -> Floats:
    """Agents per slot, >= 0, that the transient model asks for beyond the stationary formula, both at the mean forecast.

    Found slot by slot from opening on: the state that a slot hands on is the one under the agents found for it.
    """
    volume, aht = arrivals
    stationary = fractional_agents(
        queue.load, queue.aht, queue.level, queue.seconds, patience_seconds=queue.patience, max_occupancy=queue.cap
    ).agents
    surplus = np.zeros(len(volume))
    states = _states(1.2 * stationary, volume, aht, interval_seconds, queue.patience)
    system = _Queue(states, interval_seconds, queue.seconds, queue.patience)
    for slot in range(len(volume)):
        if not is_open[slot] or aht[slot] <= 0:
            system.empty()
            continue
        found = stationary[slot]
        level, state = system.after(found, volume[slot], aht[slot])
        if volume[slot] > 0 and level < queue.level - _ACCURACY:
            found, state = _raised(system, found, level, queue.level, volume[slot], aht[slot])
            surplus[slot] = found - stationary[slot]
        system.move(found, aht[slot], state)
    return surplus / queue.lines


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


def _states(agents: Floats, volume: Floats, aht: Floats, interval_seconds: float, patience: float) -> int:
    """How many states hold practically all of the number in the system: what a fluid would fill, and its fluctuation."""
    most = content = 0.0
    for count, contacts, seconds in zip(agents.tolist(), volume.tolist(), aht.tolist(), strict=True):
        if seconds <= 0:
            content = 0.0
            continue
        rate, step = contacts / interval_seconds, min(seconds, patience) / 4
        for _ in range(math.ceil(interval_seconds / step)):
            left = min(content, count) / seconds + max(0.0, content - count) / patience
            content = max(0.0, content + step * (rate - left))
        most = max(most, content, contacts * seconds / interval_seconds if patience < math.inf else content)
    largest = max(most, float(agents.max(initial=0.0)))
    tail = 0.0
    if patience == math.inf:  # nobody hangs up: the queue's tail is geometric, of ratio load / agents
        busy = np.where(agents > 0, volume * aht / interval_seconds / np.maximum(agents, 1e-9), 0.0)
        tail = 14.0 / -math.log(min(float(busy.max(initial=0.0)), 0.98) + 1e-9)
    return min(_MOST_STATES, int(largest + 8 * math.sqrt(largest) + tail) + 30)
