"""How far the true rate of contacts may be from its mean: read off a forecast's quantiles.

The quantiles are of counts. A queueing formula has the Poisson spread of counts within it, so that share of the variance is
taken out first: what is left is the uncertainty of the rate. It has two parts: the day's factor, shared by all slots of a
day and read off each day's quantiles, and noise from slot to slot, pooled over the campaign because single slots say little.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from wfm.demand import QUANTILES, CampaignForecast
from wfm.errors import WfmError

Floats = NDArray[np.float64]

SCENARIOS = 12
"""Rates of equal probability that stand for a distribution, each the mean of its twelfth. Against 512 points they change a
requirement by 0.02 % where days vary by 10 %, 0.3 % where they vary by 20 % (measured, Erlang A and C, 2 to 200 erlangs).
"""

_FINE = 8 * SCENARIOS  # points of equal probability at which variances and those means are taken
_LEAST = 0.02  # no rate falls below this share of its mean


class RateSpread(NamedTuple):
    """Uncertainty of the rates of one campaign. Shapes: `shape` (days, scenarios), `day_variance` (days,)."""

    shape: Floats
    """The day's factor less 1 over its standard deviation, at SCENARIOS points of equal probability; mean 0."""
    day_variance: Floats
    """Variance of the day's factor, whose mean is 1."""
    slot_variance: float
    """Variance of the noise of slots, whose mean is 1."""
    tail: Floats
    """The day's factor at the levels QUANTILES, standardised like `shape`. Shape (levels, days)."""


def rate_spread(forecast: CampaignForecast) -> RateSpread:
    """The spread of one campaign's rates; all of it 0 where the forecast's quantiles do not spread beyond Poisson.

    Raises WfmError when the forecast lacks quantiles.
    """
    day_counts, slot_counts = np.array(forecast.day_quantiles), np.array(forecast.quantiles)
    day_mean, slot_mean = np.array(forecast.day_mean), np.array(forecast.mean)
    levels = len(QUANTILES)
    if day_counts.shape != (levels, len(forecast.days)) or slot_counts.shape != (levels, len(slot_mean)):
        raise WfmError(
            f"The forecast of campaign {forecast.campaign} lacks quantiles: {levels} are needed for each of its intervals and "
            f"its {len(forecast.days)} days. Forecast again."
        )
    day_total, day_variance = _beyond_poisson(day_counts, day_mean)
    _, slot_total = _beyond_poisson(slot_counts, slot_mean, clip=False)
    weight, day_weight = slot_mean**2, day_mean**2
    both = float((slot_total * weight).sum() / max(weight.sum(), 1e-12))
    of_days = float((day_variance * day_weight).sum() / max(day_weight.sum(), 1e-12))
    noise = max(0.0, (1.0 + both) / (1.0 + of_days) - 1.0)

    centred = (day_counts - _at(day_counts, _middles(_FINE)).mean(axis=0)) / np.where(day_mean > 0, day_mean, 1.0)
    scale = np.sqrt(day_total)
    tail = np.where(scale > 1e-9, centred / np.maximum(scale, 1e-9), ndtri(QUANTILES)[:, None])
    points = _parts(_at(tail, _middles(_FINE)))
    return RateSpread(shape=(points - points.mean(axis=0)).T, day_variance=day_variance, slot_variance=noise, tail=tail)


def days_of(forecast: CampaignForecast, walls: Sequence[datetime]) -> NDArray[np.int64]:
    """Index in `forecast.days` of every slot's day; `walls` is the market's wall time per slot. Shape (slots,).

    A day that the forecast lacks has no contacts, whichever day it is counted to.
    """
    index = {day: position for position, day in enumerate(forecast.days)}
    return np.array([index.get(wall.date(), 0) for wall in walls], dtype=np.int64)


def expected_factors(spread: RateSpread, day: NDArray[np.int64]) -> Floats:
    """Factors of mean 1 on the rate of every slot, equally probable. Shape (slots, scenarios); `day[slot]` is its day."""
    total = (1.0 + spread.day_variance) * (1.0 + spread.slot_variance) - 1.0
    return _unit_mean(1.0 + spread.shape * np.sqrt(total)[:, None])[day]


def day_quantile_factors(spread: RateSpread, day: NDArray[np.int64], share: float) -> Floats:
    """The same when the day's factor is its quantile `share`, so that only slots still vary. Shape (slots, scenarios).

    Whoever meets a target at these rates meets it on about `share` of days.
    """
    quantile = 1.0 + _at(spread.tail, np.array([share]))[0] * np.sqrt(spread.day_variance)
    noise = _unit_mean(1.0 + _parts(ndtri(_middles(_FINE))[:, None]).T * np.sqrt(spread.slot_variance))
    return np.asarray((np.maximum(quantile, _LEAST)[:, None] * noise)[day])


def _beyond_poisson(counts: Floats, mean: Floats, *, clip: bool = True) -> tuple[Floats, Floats]:
    """Relative variance of counts, and of the rate behind them; 0 without volume. `counts` (levels, n), `mean` (n,)."""
    square = np.where(mean > 0, mean, 1.0) ** 2
    variance = _at(counts, _middles(_FINE)).var(axis=0)
    total, rate = variance / square, (variance - mean) / square
    known = mean > 0
    return np.where(known, total, 0.0), np.where(known, np.maximum(rate, 0.0) if clip else rate, 0.0)


def _parts(points: Floats) -> Floats:
    """Means of SCENARIOS groups of neighbours: (fine, n) -> (SCENARIOS, n)."""
    return np.asarray(points.reshape(SCENARIOS, -1, points.shape[1]).mean(axis=1))


def _middles(count: int) -> Floats:
    return (np.arange(count) + 0.5) / count


def _at(quantiles: Floats, levels: Floats) -> Floats:
    """Quantiles at other levels: linear in normal scores, beyond the outermost as between the last two.

    `quantiles` (13, n) -> (levels, n).
    """
    known, asked = ndtri(QUANTILES), ndtri(levels)
    right = np.clip(np.searchsorted(known, asked), 1, len(known) - 1)
    share = (asked - known[right - 1]) / (known[right] - known[right - 1])
    return np.asarray(quantiles[right - 1] + share[:, None] * (quantiles[right] - quantiles[right - 1]))


def _unit_mean(factors: Floats) -> Floats:
    """Kept positive, with mean 1 over the last axis."""
    positive = np.maximum(factors, _LEAST)
    return np.asarray(positive / positive.mean(axis=-1, keepdims=True))
