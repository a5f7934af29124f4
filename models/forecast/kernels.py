"""Compiled loops over the days of one series; each day stands at its own index, days without a value weigh 0."""

from __future__ import annotations

import numpy as np
from numba import njit

from models.forecast.series import Floats


@njit(cache=True, nogil=True)
def smooth_ratio(y: Floats, expected: Floats, weight: Floats, width_days: float, step: int) -> Floats:
    """Sum of y / sum of expected around each day: weights x a Gaussian of `width_days`, over days `step` apart (7: the same
    weekday), cut off at three widths; 0 where nothing is near. All shapes (n,).
    """
    n = len(y)
    reach = int(3 * width_days / step)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * step / width_days) ** 2)
    ratio = np.zeros(n)
    for day in range(n):
        above = below = 0.0
        for j in range(-reach, reach + 1):
            other = day + j * step
            if 0 <= other < n and weight[other] > 0:
                above += kernel[j + reach] * weight[other] * y[other]
                below += kernel[j + reach] * weight[other] * expected[other]
        if below > 0:
            ratio[day] = above / below
    return ratio


@njit(cache=True, nogil=True)
def decayed_sums(values: Floats, half_life_days: float) -> Floats:
    """Exponentially weighted sums over what came before each day, and one more at the end. (n, k) -> (n + 1, k)."""
    n, width = values.shape
    keep = 0.5 ** (1 / half_life_days)
    sums = np.zeros((n + 1, width))
    for day in range(n):
        for column in range(width):
            sums[day + 1, column] = keep * sums[day, column] + values[day, column]
    return sums
