"""Member "smoothing": exponential smoothing of level, damped trend and weekday factors, over many speeds at once.

The recursions are Holt-Winters' with multiplicative weekdays and relative errors, cut off where an error is out of all
proportion. No single speed is picked: the forecasts of all are averaged by how well each did over past horizons.
"""

from __future__ import annotations

import itertools

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.forecast.series import Cleaned, Days, Floats, weekdays

LEVEL_SPEEDS = (0.02, 0.05, 0.1, 0.2, 0.35)
WEEKDAY_SPEEDS = (0.03, 0.08, 0.2)
TREND_SPEEDS = (0.0, 0.1)
SPEEDS = np.array(list(itertools.product(LEVEL_SPEEDS, WEEKDAY_SPEEDS, TREND_SPEEDS)))
DAMPING = 0.9
"""A trend is carried on for nine days' worth in all."""
START_DAYS = 28
HORIZON_DAYS = 28
LOSS_HALF_LIFE_DAYS = 180.0
POWER = 20.0
"""A speed 10 % worse than another weighs an eighth of it; most speeds are closer than that."""
FAR_OUT = 3.0


def smoothing(history: Cleaned, days: Days, seed: int) -> Floats | None:  # noqa: ARG001 - a Member
    """None below four weeks of open days."""
    if int(history.normal.sum()) < START_DAYS:
        return None
    first = history.days[0]
    size = int((history.end - first).astype(np.int64))
    where = (history.days - first).astype(np.int64)
    y, known = np.zeros(size), np.zeros(size, dtype=bool)
    y[where], known[where] = history.y, history.normal
    states, loss = _smooth(y, known, weekdays(first + np.arange(size)), SPEEDS)
    lead = (days - history.end).astype(np.int64) + 1
    trend = DAMPING * (1 - DAMPING**lead) / (1 - DAMPING)
    level = np.maximum(states[:, :1] + states[:, 1:2] * trend, 0.0)
    weight = (np.maximum(loss.min(), 1e-9) / np.maximum(loss, 1e-9)) ** POWER
    return np.asarray(weight @ (level * states[:, 2:][:, weekdays(days)]) / weight.sum())


@njit(cache=True, nogil=True, error_model="numpy")
def _smooth(y: Floats, known: NDArray[np.bool_], weekday: NDArray[np.int64], speeds: Floats) -> tuple[Floats, Floats]:
    """Final state (level, trend, seven weekday factors) of each row of `speeds` (level, weekday, trend), shape (k, 9), and its
    loss: recency-weighted absolute errors of forecasts made every week, the last ones over what there is of their horizon.

    Inner loops run over speeds, which the processor takes several at a time.
    """
    n, kinds = len(y), len(speeds)
    start, mean, first = _start(y, known, weekday)
    speed = speeds.T.copy()
    level, trend, spread = np.full(kinds, mean), np.zeros(kinds), np.full(kinds, 0.15)
    factor = np.empty((7, kinds))
    for day in range(7):
        factor[day] = first[day]
    loss, volume = np.zeros(kinds), 0.0
    for day in range(n):
        if day >= start and day % 7 == 0:
            weight = 0.5 ** ((n - day) / LOSS_HALF_LIFE_DAYS)
            carried = 0.0
            for later in range(day, min(day + HORIZON_DAYS, n)):
                carried += DAMPING ** (later - day + 1)
                if known[later]:
                    usual, came = factor[weekday[later]], y[later]
                    volume += weight * came
                    for k in range(kinds):
                        loss[k] += weight * abs(came - max(level[k] + trend[k] * carried, 0.0) * usual[k])
        if known[day]:
            _learn(y[day], speed, level, trend, spread, factor[weekday[day]])
        else:
            for k in range(kinds):
                level[k] += DAMPING * trend[k]
                trend[k] *= DAMPING
    states = np.empty((kinds, 9))
    states[:, 0], states[:, 1], states[:, 2:] = level, trend, factor.T
    return states, loss / max(volume, 1e-9)


@njit(cache=True, nogil=True)
def _start(y: Floats, known: NDArray[np.bool_], weekday: NDArray[np.int64]) -> tuple[int, float, Floats]:
    """How many days hold the first START_DAYS known ones, their mean, and weekday factors, shape (7,)."""
    sums, counts = np.zeros(7), np.zeros(7)
    start = 0
    while counts.sum() < START_DAYS:
        if known[start]:
            sums[weekday[start]] += y[start]
            counts[weekday[start]] += 1
        start += 1
    mean = max(sums.sum() / counts.sum(), 1e-6)
    return start, mean, np.maximum((sums + 0.5 * mean) / ((counts + 0.5) * mean), 0.01)


@njit(cache=True, nogil=True, error_model="numpy")
def _learn(came: float, speed: Floats, level: Floats, trend: Floats, spread: Floats, usual: Floats) -> None:
    """One known day, in place. Shapes (k,), `speed` (3, k): of level, weekday and trend; `usual`: factors of the weekday."""
    for k in range(len(level)):
        ahead = level[k] + DAMPING * trend[k]
        guess = max(ahead, 1e-6) * usual[k]
        limit = FAR_OUT * np.sqrt(spread[k] * spread[k] + 1 / max(guess, 1.0))
        error = min(max(came / max(guess, 1e-6) - 1, -limit), limit)
        spread[k] = max(0.98 * spread[k] + 0.02 * 1.25 * abs(error), 0.02)
        level[k] = max(ahead * (1 + speed[0, k] * error), 1e-6)
        trend[k] = DAMPING * trend[k] + speed[2, k] * (level[k] - ahead)
        usual[k] *= max(1 + speed[1, k] * error, 0.05)
