"""Erlang B, C and A: what a number of agents does to a load, and how many agents a target needs.

One queue, Poisson arrivals at rate λ, exponential handling times of mean `aht_seconds`, `agents` servers, first come first
served. The load is R = λ x AHT (erlangs). Patience is exponential of mean `patience_seconds`; infinity means that nobody
hangs up (Erlang C). All waits are in seconds. Nothing here is ever NaN; the wait of an overloaded Erlang C queue is inf.

The kernels stay in this one file because numba's cache does not see a change in another.

Sources: A. K. Erlang (1917); C. Palm (1957); A. Mandelbaum and S. Zeltyn, "Service engineering in action: the
Palm/Erlang-A queue" (2007), with their integrals written as series of positive terms.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

SERVICE_LEVEL_DEFINITION = "answered within target / offered"
"""The definition behind every service level of this module; other definitions differ by several points."""

_F = TypeVar("_F", bound=Callable[..., object])

_TINY = 1e-17  # a term this small against its sum no longer changes it
_LARGE = 1e250  # sums are scaled down before they overflow
_LOG_LARGE = 250 * math.log(10)
_MOST_PATIENT = (
    1e7  # mean patience is cut to 1e7 inter-arrival times: the series' length, never a real queue's patience
)


def _compiled(function: _F) -> _F:
    """Compile on first use and keep the result on disk, without losing the function's type."""
    return cast("_F", njit(cache=True)(function))


class Performance(NamedTuple):
    """What callers and agents experience. Each field has the broadcast shape of the arguments."""

    service_level: Floats
    """Share of offered contacts answered within the target (SERVICE_LEVEL_DEFINITION)."""
    asa_seconds: Floats
    """Mean wait of all offered contacts, those that hang up included."""
    abandonment: Floats
    """Share of offered contacts that hang up."""
    occupancy: Floats
    """Share of the agents' time in contact."""


class Staffing(NamedTuple):
    """Fractional agents and the service level expected at them."""

    agents: Floats
    service_level: Floats


@_compiled
def _log_inverse_blocking(agents: int, load: float) -> float:
    """ln(1 / B(n, R)), 1 / B = sum over k of n! / (n-k)! R^-k; load > 0."""
    term = total = 1.0
    shift = 0.0
    for left in range(agents, 0, -1):
        term *= left / load
        total += term
        if left - 1 < load and term < _TINY * total:
            break
        if total > _LARGE:
            term /= _LARGE
            total /= _LARGE
            shift += _LOG_LARGE
    return math.log(total) + shift


@_compiled
def _series(c: float, y: float) -> tuple[float, float]:
    """Logarithms of S(c, y) = sum over k >= 0 of y^k / (c (c+1) … (c+k)) and of S(c, y) - S(c+1, y).

    The difference is summed as terms x (k+1) / (c+k+1), which are positive, so nothing cancels. c > 0, y >= 0.
    """
    term = total = 1.0 / c
    difference = term / (c + 1.0)
    shift = 0.0
    k = 0.0
    while True:
        k += 1.0
        term *= y / (c + k)
        gain = term * (k + 1.0) / (c + k + 1.0)
        total += term
        difference += gain
        if c + k > y and gain <= _TINY * difference and term <= _TINY * total:
            return math.log(total) + shift, math.log(difference) + shift
        if total > _LARGE:
            term /= _LARGE
            total /= _LARGE
            difference /= _LARGE
            shift += _LOG_LARGE


@_compiled
def _erlang_c(agents: int, load: float, aht: float, target: float) -> tuple[float, float, float, float]:
    """P(wait) = 1 / ((1-ρ)/B + ρ); SL = 1 - P(wait) e^(-(n-R) t / AHT); ASA = P(wait) AHT / (n-R)."""
    spare = agents - load
    if spare <= 0.0:
        return 0.0, math.inf, 0.0, 1.0
    occupancy = load / agents
    log_inverse = _log_inverse_blocking(agents, load)
    wait = 0.0
    if log_inverse < 700.0:  # beyond it P(wait) is below 1e-300
        wait = 1.0 / (spare / agents * math.exp(log_inverse) + occupancy)
    return 1.0 - wait * math.exp(-spare * target / aht), wait * aht / spare, 0.0, occupancy


@_compiled
def _erlang_a(
    agents: int, load: float, aht: float, target: float, patience: float
) -> tuple[float, float, float, float]:
    """With θ = 1 / patience, c = n μ / θ, x = λ / θ and D = 1 / B(n-1, R) + x S(c, x), all in logarithms:

    P(abandon) = x (S(c, x) - S(c+1, x)) / D; mean wait = P(abandon) / θ;
    SL = (1 / B(n-1, R) + x S(c+1, x) - x S(c+1, x e^-θt) e^(x (1 - e^-θt) - (c+1) θt)) / D.
    """
    patience = min(patience, _MOST_PATIENT * aht / load)
    if agents == 0:
        return 0.0, patience, 1.0, 1.0
    x = load * patience / aht
    c = agents * patience / aht
    elapsed = target / patience
    decay = math.exp(-elapsed)
    log_x = math.log(x)
    log_idle = _log_inverse_blocking(agents - 1, load)
    log_all, log_lost = _series(c, x)
    log_served, _ = _series(c + 1.0, x)
    log_late, _ = _series(c + 1.0, x * decay)
    log_late += -x * math.expm1(-elapsed) - (c + 1.0) * elapsed
    high = max(log_idle, log_x + log_all)
    log_total = high + math.log(math.exp(log_idle - high) + math.exp(log_x + log_all - high))
    abandonment = min(1.0, math.exp(log_x + log_lost - log_total))
    level = math.exp(log_idle - log_total) + math.exp(log_x + log_served - log_total)
    level -= math.exp(log_x + log_late - log_total)
    occupancy = min(1.0, load * (1.0 - abandonment) / agents)
    return min(1.0, max(0.0, level)), abandonment * patience, abandonment, occupancy


@_compiled
def _evaluate(
    agents: int, load: float, aht: float, target: float, patience: float
) -> tuple[float, float, float, float]:
    """(service level, ASA, abandonment, occupancy); no load: everybody is answered at once."""
    if load <= 0.0:
        return 1.0, 0.0, 0.0, 0.0
    if patience == math.inf:
        return _erlang_c(agents, load, aht, target)
    return _erlang_a(agents, load, aht, target, patience)


@_compiled
def _required(load: float, aht: float, level: float, target: float, patience: float, cap: float) -> int:
    """Fewest whole agents that reach `level` at occupancy <= cap. Both improve with every agent, so bisection is valid."""
    if load <= 0.0:
        return 0
    low, high, step = 0, math.ceil(load) + 1, int(math.sqrt(load)) + 1
    while True:
        reached, _, _, occupancy = _evaluate(high, load, aht, target, patience)
        if reached >= level and occupancy <= cap:
            break
        low, high, step = high, high + step, 2 * step
    while high - low > 1:
        middle = (low + high) // 2
        reached, _, _, occupancy = _evaluate(middle, load, aht, target, patience)
        if reached >= level and occupancy <= cap:
            high = middle
        else:
            low = middle
    return high


@_compiled
def _fractional(
    load: float, aht: float, level: float, target: float, patience: float, cap: float
) -> tuple[float, float]:
    """(agents, service level) with service level and served load linear between whole agents."""
    high = _required(load, aht, level, target, patience, cap)
    if high == 0:
        return 0.0, 1.0
    low = high - 1
    level_low, _, lost_low, _ = _evaluate(low, load, aht, target, patience)
    level_high, _, lost_high, _ = _evaluate(high, load, aht, target, patience)
    share = 0.0
    if level_low < level:
        share = (level - level_low) / (level_high - level_low)
    # Busy agents at share s: load x (1 - lost_low + s x (lost_low - lost_high)) = cap x (low + s).
    excess = load * (1.0 - lost_low) - cap * low
    if excess > 0.0:
        share = max(share, excess / (cap - load * (lost_low - lost_high)))
    share = min(1.0, share)
    return low + share, level_low + share * (level_high - level_low)


@_compiled
def _evaluate_all(agents: NDArray[np.int64], table: Floats, out: Floats) -> None:
    for i in range(len(agents)):
        result = _evaluate(agents[i], table[0, i], table[1, i], table[2, i], table[3, i])
        out[0, i], out[1, i], out[2, i], out[3, i] = result


@_compiled
def _required_all(table: Floats, out: NDArray[np.int64]) -> None:
    for i in range(len(out)):
        out[i] = _required(table[0, i], table[1, i], table[2, i], table[3, i], table[4, i], table[5, i])


@_compiled
def _fractional_all(table: Floats, out: Floats) -> None:
    for i in range(out.shape[1]):
        out[0, i], out[1, i] = _fractional(table[0, i], table[1, i], table[2, i], table[3, i], table[4, i], table[5, i])


def _table(*values: ArrayLike) -> tuple[tuple[int, ...], Floats]:
    """The common shape of the arguments, and one row of float64 per argument (so that one signature is compiled)."""
    arrays = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in values))
    return arrays[0].shape, np.stack([array.reshape(-1) for array in arrays])


def blocking(agents: int, load: float) -> float:
    """Erlang B: share of contacts refused by `agents` >= 0 lines without a queue under a load of `load` >= 0 erlangs."""
    return math.exp(-_log_inverse_blocking(int(agents), float(load))) if load > 0 else float(agents == 0)


def performance(
    agents: ArrayLike,
    load: ArrayLike,
    aht_seconds: ArrayLike,
    target_seconds: ArrayLike,
    patience_seconds: ArrayLike = math.inf,
) -> Performance:
    """Erlang A (finite patience) or C (infinite) for whole `agents` >= 0. Arguments broadcast; `load` in erlangs >= 0."""
    shape, table = _table(load, aht_seconds, target_seconds, patience_seconds, agents)
    out = np.empty((4, table.shape[1]))
    _evaluate_all(table[4].astype(np.int64), table, out)
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
    shape, table = _table(load, aht_seconds, service_level, target_seconds, patience_seconds, max_occupancy)
    out = np.empty(table.shape[1], dtype=np.int64)
    _required_all(table, out)
    return out.reshape(shape)


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
    shape, table = _table(load, aht_seconds, service_level, target_seconds, patience_seconds, max_occupancy)
    out = np.empty((2, table.shape[1]))
    _fractional_all(table, out)
    return Staffing(*(row.reshape(shape) for row in out))
