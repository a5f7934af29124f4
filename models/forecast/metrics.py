"""Accuracy of forecasts. Every score is a ratio of sums, so tallies of many origins and series add up to pooled scores."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from models.forecast.series import Floats
from wfm.demand import QUANTILES

BIG = 5.0
"""Coverage is also counted where the mean forecast is at least this: below, whole numbers alone make bands too wide."""
HUGE = 20.0
"""And where it is at least this: there, what matters is whether days and levels were told."""


@dataclass(frozen=True)
class Tally:
    """Sums over scored intervals. `scaled` is the sum over `scalings` origins of mean |error| / mean |seasonal difference|."""

    intervals: float = 0.0
    volume: float = 0.0
    absolute: float = 0.0
    error: float = 0.0
    day_absolute: float = 0.0
    scaled: float = 0.0
    scalings: float = 0.0
    pinball: float = 0.0
    inside_80: float = 0.0
    inside_95: float = 0.0
    big: float = 0.0
    big_inside_80: float = 0.0
    big_inside_95: float = 0.0
    huge: float = 0.0
    huge_inside_80: float = 0.0
    huge_inside_95: float = 0.0
    chance: float = 0.0
    holiday_volume: float = 0.0
    holiday_absolute: float = 0.0
    cpu_seconds: float = 0.0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))


def tally(
    actual: Floats,
    mean: Floats,
    quantiles: Floats | None,
    day: NDArray[np.int64],
    *,
    holiday: NDArray[np.bool_] | None = None,
    seasonal_difference: float,
    cpu_seconds: float,
) -> Tally:
    """Score one origin of one series. `actual`, `mean`: (n,); `quantiles`: (13, n) at QUANTILES or None for a point forecast;
    `day[i]`: day of interval i, `holiday[i]`: whether that is a public holiday (None: none is told apart);
    `seasonal_difference`: mean |y_t - y_(t - 7 days)| of the training data (MASE, Hyndman and Koehler 2006).
    """
    error = mean - actual
    special = np.zeros(len(actual), dtype=bool) if holiday is None else holiday
    scaled = float(np.abs(error).mean()) / seasonal_difference if seasonal_difference > 0 else 0.0
    big, huge = mean >= BIG, mean >= HUGE
    inside_80, inside_95 = _inside(actual, quantiles, 0.1, 0.9), _inside(actual, quantiles, 0.025, 0.975)
    return Tally(
        intervals=len(actual),
        volume=float(actual.sum()),
        absolute=float(np.abs(error).sum()),
        error=float(error.sum()),
        day_absolute=float(np.abs(np.bincount(day, weights=error)).sum()),
        scaled=scaled,
        scalings=float(seasonal_difference > 0),
        pinball=np.nan if quantiles is None else pinball(actual, quantiles),
        inside_80=float(inside_80.sum()),
        inside_95=float(inside_95.sum()),
        big=float(big.sum()),
        big_inside_80=float(inside_80[big].sum()),
        big_inside_95=float(inside_95[big].sum()),
        huge=float(huge.sum()),
        huge_inside_80=float(inside_80[huge].sum()),
        huge_inside_95=float(inside_95[huge].sum()),
        chance=float(poisson_deviation(mean).sum()),
        holiday_volume=float(actual[special].sum()),
        holiday_absolute=float(np.abs(error[special]).sum()),
        cpu_seconds=cpu_seconds,
    )


def poisson_deviation(mean: Floats) -> Floats:
    """Mean absolute deviation of Poisson counts from their mean m: 2 m^(k+1) e^-m / k! with k = floor(m) (Crow 1958). Were the
    forecast the true rate, this is what would still be missed. Shape as `mean`.
    """
    m = np.maximum(mean, 1e-12)
    k = np.floor(m)
    return np.asarray(2 * np.exp((k + 1) * np.log(m) - m - gammaln(k + 1)))


def pinball(actual: Floats, quantiles: Floats) -> float:
    """Sum over intervals of the mean over the 13 levels of 2 x pinball loss. Divided by the volume: weighted quantile loss."""
    level = np.array(QUANTILES)[:, None]
    miss = actual - quantiles
    return float((2 * np.maximum(level * miss, (level - 1) * miss)).mean(axis=0).sum())


def _inside(actual: Floats, quantiles: Floats | None, low: float, high: float) -> Floats:
    """1 where the actual lies in the band, rounded outward to whole contacts, else 0; NaN for a point forecast."""
    if quantiles is None:
        return np.full(len(actual), np.nan)
    lower, upper = np.floor(quantiles[QUANTILES.index(low)]), np.ceil(quantiles[QUANTILES.index(high)])
    return np.where((actual >= lower) & (actual <= upper), 1.0, 0.0)


def ratio(part: float, whole: float) -> float | None:
    """None where there is nothing to divide by, or no such figure."""
    return None if whole <= 0 or np.isnan(part) else part / whole
