"""Prophet's own model fitted without Stan: the same likelihood and priors, its maximum found exactly, in a millisecond.

Prophet with linear trend and additive seasons (Taylor and Letham 2018) is, given the noise, linear regression with Gaussian
priors on level, slope and seasons and Laplace priors on the changes of slope. Its mode is found by alternating between the
noise, which has a closed form, and a lasso over the changes of slope (feature-sign search, Lee et al. 2007), the rest being
eliminated. `tests/models/forecast/test_prophet_map.py` holds it equal to stock Prophet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.forecast.series import Days, Floats

CHANGEPOINTS = 25
CHANGEPOINT_RANGE = 0.8
CHANGEPOINT_PRIOR_SCALE = 0.05
TREND_PRIOR_SCALE = 5.0
NOISE_PRIOR_SCALE = 0.5
"""Prophet's defaults."""
ROUNDS = 100
TOLERANCE = 1e-8
MOST_STEPS = 400


@dataclass(frozen=True)
class Season:
    """Sines and cosines up to `order` over `period_days`; `prior_scale` as in Prophet, in units of the scaled series."""

    period_days: float
    order: int
    prior_scale: float

    def waves(self, days: Days) -> Floats:
        """Shape (days, 2 order): sine and cosine of each order in turn."""
        number = days.astype(np.int64)
        first = int(number.min())
        return _waves(self, first, int(number.max()))[number - first]


@lru_cache(maxsize=64)
def _waves(season: Season, first: int, last: int) -> Floats:
    """Those of all days from `first` to `last`, counted from 1970: many series have the same. Shape (days, 2 order)."""
    days = np.arange(first, last + 1, dtype=np.float64)
    phase = 2 * np.pi * days[:, None] * np.arange(1, season.order + 1) / season.period_days
    return np.asarray(np.stack([np.sin(phase), np.cos(phase)], axis=2).reshape(len(days), -1))


@dataclass(frozen=True, eq=False)
class Fit:
    """The mode, in Prophet's scaled units: `slope`, `offset`, changes of slope `delta` at `changes`, season weights `beta`,
    `noise`. `first`, `span_days` and `height` are the scales of time and volume.
    """

    first: np.datetime64
    span_days: float
    height: float
    changes: Floats
    seasons: tuple[Season, ...]
    slope: float
    offset: float
    delta: Floats
    beta: Floats
    noise: float

    def trend(self, days: Days) -> Floats:
        """Shape (days,), in the units of the series."""
        t = (days - self.first).astype(np.float64) / self.span_days
        bends = np.maximum(t[:, None] - self.changes, 0.0) @ self.delta
        return np.asarray((self.offset + self.slope * t + bends) * self.height)

    def season(self, days: Days) -> Floats:
        """Sum of all seasons. Shape (days,), in the units of the series."""
        if not self.seasons:
            return np.zeros(len(days))
        waves = np.concatenate([season.waves(days) for season in self.seasons], axis=1)
        return np.asarray(waves @ self.beta * self.height)


def fit_map(days: Days, y: Floats, seasons: Sequence[Season]) -> Fit | None:
    """Fit to `y` on ascending `days`, both of shape (n,), n >= 3. None when the search did not settle."""
    span, height = float((days[-1] - days[0]).astype(np.int64)), float(np.abs(y).max()) or 1.0
    t = (days - days[0]).astype(np.float64) / span
    changes = t[_change_rows(len(t))]
    trend = np.column_stack([np.ones(len(t)), t])
    waves = [season.waves(days) for season in seasons]
    smooth = np.concatenate([trend, *waves], axis=1)
    prior = np.array([TREND_PRIOR_SCALE] * 2 + [s.prior_scale for s in seasons for _ in range(2 * s.order)])
    bends = np.maximum(t[:, None] - changes, 0.0)
    scaled = y / height
    made = _mode(
        smooth.T @ smooth, smooth.T @ bends, bends.T @ bends, smooth.T @ scaled, bends.T @ scaled,
        float(scaled @ scaled), len(y), prior**-2.0, float(scaled.std()),
    )  # fmt: skip
    weight, delta, noise, settled = made
    if not settled or not np.isfinite(weight).all():
        return None
    return Fit(days[0], span, height, changes, tuple(seasons), weight[1], weight[0], delta, weight[2:], noise)


def _change_rows(n: int) -> NDArray[np.int64]:
    """Rows at whose days the slope may change, placed as Prophet does."""
    size = int(np.floor(n * CHANGEPOINT_RANGE))
    count = min(CHANGEPOINTS, size - 1)
    return np.asarray(np.linspace(0, size - 1, count + 1).round().astype(np.int64)[1:])


@njit(cache=True, nogil=True)
def _mode(
    smooth2: Floats,
    cross: Floats,
    bends2: Floats,
    smooth_y: Floats,
    bends_y: Floats,
    y2: float,
    n: int,
    precision: Floats,
    noise: float,
) -> tuple[Floats, Floats, float, bool]:
    """Weights of smooth columns, changes of slope, noise, and whether it settled, from cross-products of the columns."""
    delta, weight = np.zeros(len(bends_y)), np.zeros(len(smooth_y))
    variance = max(noise * noise, 1e-8)
    settled = False
    for _ in range(ROUNDS):
        inner = smooth2 + np.diag(variance * precision)
        explained, base = np.linalg.solve(inner, cross), np.linalg.solve(inner, smooth_y)
        ok = _feature_sign(
            bends2 - cross.T @ explained, bends_y - cross.T @ base, variance / CHANGEPOINT_PRIOR_SCALE, delta
        )
        weight = base - explained @ delta
        misfit = float(
            y2
            - 2 * (smooth_y @ weight + bends_y @ delta)
            + weight @ (smooth2 @ weight)
            + 2 * (weight @ (cross @ delta))
            + delta @ (bends2 @ delta)
        )
        # The noise that maximises the density: n / s = misfit / s^3 - s / NOISE_PRIOR_SCALE^2.
        prior = NOISE_PRIOR_SCALE * NOISE_PRIOR_SCALE
        found = prior / 2 * float(np.sqrt(n * n + 4 * max(misfit, 1e-9 * n) / prior) - n)
        moved = abs(found - variance)
        variance = found
        if ok and moved <= TOLERANCE * variance:
            settled = True
            break
    return weight, delta, np.sqrt(variance), settled


@njit(cache=True, nogil=True)
def _feature_sign(gram: Floats, target: Floats, penalty: float, x: Floats) -> bool:
    """Minimise x'Gx/2 - c'x + penalty |x|_1 in place, from where `x` is. Whether the optimum was reached."""
    small = 1e-10 * (penalty + np.abs(target).max())
    for _ in range(MOST_STEPS):
        gradient = gram @ x - target
        sign = np.sign(x)
        if (np.abs(gradient + penalty * sign) * np.abs(sign)).max() <= 1e3 * small:
            # Those in use are in balance: the one that pulls most enters, if any pulls more than the penalty.
            pull = np.abs(gradient) * (x == 0)
            worst = int(pull.argmax())
            if pull[worst] <= penalty + small:
                return True
            sign[worst] = -np.sign(gradient[worst])
        _step(gram, target, penalty, x, sign)
    return False


@njit(cache=True, nogil=True)
def _step(gram: Floats, target: Floats, penalty: float, x: Floats, sign: Floats) -> None:
    """Move `x` towards the optimum given the signs of those in use, as far as no sign changes; what reaches zero leaves."""
    rows = np.flatnonzero(sign)
    inner, wanted = np.empty((len(rows), len(rows))), target[rows] - penalty * sign[rows]
    for i, row in enumerate(rows):
        inner[i] = gram[row][rows]
        inner[i, i] += 1e-12
    aim = np.linalg.solve(inner, wanted)
    reach, leaves = 1.0, -1
    for i, row in enumerate(rows):
        if x[row] != 0 and aim[i] * x[row] <= 0:
            part = x[row] / (x[row] - aim[i])
            if part < reach:
                reach, leaves = part, int(row)
    for i, row in enumerate(rows):
        moved = x[row] + reach * (aim[i] - x[row])
        x[row] = moved if moved * sign[row] > 0 else 0.0
    if leaves >= 0:
        x[leaves] = 0.0
