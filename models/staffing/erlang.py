"""Erlang B, C and A: what a number of agents does to a load, and how many agents a target needs.

One queue, Poisson arrivals at rate λ, exponential handling times of mean `aht_seconds`, `agents` servers, first come first
served. The load is R = λ x AHT (erlangs). Patience is exponential of mean `patience_seconds`; infinity means that nobody
hangs up (Erlang C). All waits are in seconds. Nothing here is ever NaN; the one value that is inf is the wait of an
overloaded Erlang C queue, which has none. Formulas and their sources: `erlang_kernels`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.staffing.erlang_kernels import compiled, inverse_blocking, measures
from models.staffing.erlang_search import expected_levels, required_alike, required_all

Floats = NDArray[np.float64]

SERVICE_LEVEL_DEFINITION = "answered within target / offered"
"""The definition behind every service level of this module; other definitions differ by several points."""

ASA_DEFINITION = "mean wait of all offered contacts, those that hang up included"
"""The definition behind every mean wait of this module."""


class Performance(NamedTuple):
    """What callers and agents experience. Each field has the broadcast shape of the arguments."""

    service_level: Floats
    """Share of offered contacts answered within the target (SERVICE_LEVEL_DEFINITION)."""
    asa_seconds: Floats
    """Mean wait of all offered contacts, those that hang up included (ASA_DEFINITION)."""
    abandonment: Floats
    """Share of offered contacts that hang up."""
    occupancy: Floats
    """Share of the agents' time in contact."""


class Staffing(NamedTuple):
    """Fractional agents and the service level expected at them."""

    agents: Floats
    service_level: Floats


@compiled
def _measures_all(agents: NDArray[np.int64], table: Floats, out: Floats) -> None:
    for i in range(len(agents)):
        result = measures(agents[i], table[0, i], table[1, i], table[2, i], table[3, i])
        out[0, i], out[1, i], out[2, i], out[3, i] = result


def table_of(*values: ArrayLike) -> tuple[tuple[int, ...], Floats]:
    """The common shape of the arguments, and one row of float64 per argument (so that one signature is compiled)."""
    arrays = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in values))
    return arrays[0].shape, np.stack([array.reshape(-1) for array in arrays])


def blocking(agents: int, load: float) -> float:
    """Erlang B: share of contacts refused by `agents` >= 0 lines without a queue under a load of `load` >= 0 erlangs.

    Below 1e-300 it is given as 1e-300.
    """
    return 1.0 / inverse_blocking(int(agents), float(load)) if load > 0 else float(agents == 0)


def required_lines(load: float, most_refused: float) -> int:
    """Erlang B: fewest lines that refuse at most the share `most_refused` (0 < share < 1) of contacts."""
    if load <= 0:
        return 0
    low, high = -1, 1
    while blocking(high, load) > most_refused:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if blocking(middle, load) <= most_refused else (middle, high)
    return high


def performance(
    agents: ArrayLike,
    load: ArrayLike,
    aht_seconds: ArrayLike,
    target_seconds: ArrayLike,
    patience_seconds: ArrayLike = math.inf,
) -> Performance:
    """Erlang A (finite patience) or C (infinite) for whole `agents` >= 0. Arguments broadcast; `load` in erlangs >= 0."""
    shape, table = table_of(load, aht_seconds, target_seconds, patience_seconds, agents)
    out = np.empty((4, table.shape[1]))
    _measures_all(table[4].astype(np.int64), table, out)
    return Performance(*(row.reshape(shape) for row in out))


def required_agents(
    load: ArrayLike,
    aht_seconds: ArrayLike,
    service_level: ArrayLike,
    target_seconds: ArrayLike,
    *,
    patience_seconds: ArrayLike = math.inf,
    max_occupancy: ArrayLike = 1.0,
) -> NDArray[np.int64]:
    """Fewest whole agents that answer `service_level` (< 1) of offered contacts in time at occupancy <= `max_occupancy` (> 0).

    Arguments broadcast; no load needs no agent.
    """
    shape, table = table_of(aht_seconds, service_level, target_seconds, patience_seconds, max_occupancy, load)
    agents = np.empty(table.shape[1], dtype=np.int64)
    if len(agents) > 1 and (table[:5] == table[:5, :1]).all():
        required_alike(table[5], table[:5, 0].copy(), agents)
    else:
        agents, _ = _required(table[5][:, None], table)
    return agents.reshape(shape)


def fractional_agents(
    load: ArrayLike,
    aht_seconds: ArrayLike,
    service_level: ArrayLike,
    target_seconds: ArrayLike,
    *,
    patience_seconds: ArrayLike = math.inf,
    max_occupancy: ArrayLike = 1.0,
) -> Staffing:
    """As `required_agents`, but continuous in the load, so that a plan rounds once, at the roster, and not per interval.

    n - 1 + s agents stand for n agents during the share s of the time and n - 1 for the rest: service level and served load
    are linear between whole numbers. Lies in (n - 1, n] for the n of `required_agents`, so a thin queue needs about
    `service_level` of one agent, not a whole one. Arguments broadcast.
    """
    shape, table = table_of(aht_seconds, service_level, target_seconds, patience_seconds, max_occupancy, load)
    _, staffing = _required(table[5][:, None], table)
    return Staffing(*(row.reshape(shape) for row in staffing))


def expected_agents(
    loads: Floats,
    aht_seconds: ArrayLike,
    service_level: ArrayLike,
    target_seconds: ArrayLike,
    *,
    patience_seconds: ArrayLike = math.inf,
    max_occupancy: ArrayLike = 1.0,
) -> Staffing:
    """As `fractional_agents` for loads that are uncertain: `loads` (cells, scenarios), scenarios of equal probability.

    The service level is the expected number of contacts answered in time over the expected number offered, the occupancy
    the mean over scenarios. The other arguments broadcast to (cells,), and so do the results.
    """
    _, table = table_of(aht_seconds, service_level, target_seconds, patience_seconds, max_occupancy, loads[:, 0])
    _, staffing = _required(loads, table)
    return staffing


def expected_service(
    agents: Floats,
    loads: Floats,
    aht_seconds: ArrayLike,
    target_seconds: ArrayLike,
    *,
    patience_seconds: ArrayLike = math.inf,
) -> Floats:
    """Expected service level of fractional `agents` (cells,) for uncertain `loads` (cells, scenarios), as defined there.

    Linear between whole agents. A cell without load has 1.
    """
    _, table = table_of(aht_seconds, target_seconds, patience_seconds, agents)
    levels = np.empty(len(agents))
    expected_levels(np.ascontiguousarray(loads), table, levels)
    return levels


def _required(loads: Floats, table: Floats) -> tuple[NDArray[np.int64], Staffing]:
    agents, fractional, levels = np.empty(len(loads), dtype=np.int64), np.empty(len(loads)), np.empty(len(loads))
    required_all(np.ascontiguousarray(loads), table, agents, fractional, levels)
    return agents, Staffing(fractional, levels)
