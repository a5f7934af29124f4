"""Estimates over simulated days, with their confidence."""

from __future__ import annotations

import math

from scipy.special import ndtri, stdtrit

from models.simulate.world import Bools, Floats
from wfm.simulation import Estimate

CONFIDENCE = 0.95


def ratio(numerator: Floats, denominator: Floats, *, most: float = math.inf) -> Estimate | None:
    """Sum over sum; both of shape (runs, days of the plan). None where the denominator is 0.

    The interval is that of a ratio estimator (linearised, Student's t). Days of the plan differ by design, not by chance: each
    is a stratum of its own, so only differences between runs count. With one run there is nothing else to compare than its
    days, and the interval is wider. It is cut to [0, most].
    """
    total = float(denominator.sum())
    if total <= 0:
        return None
    value = float(numerator.sum()) / total
    half = _half_width(numerator - value * denominator) / total
    return Estimate(value=value, low=max(value - half, 0.0), high=min(value + half, most))


def mean_per_run(amount: Floats) -> Estimate:
    """Mean over the runs of the sum over days; shape (runs, days of the plan)."""
    runs = len(amount)
    value, half = float(amount.sum()) / runs, _half_width(amount) / runs
    return Estimate(value=value, low=max(value - half, 0.0), high=value + half)


def share(met: Bools) -> Estimate | None:
    """Share of days, shape (n,), with Wilson's interval, which is honest near 0 and 1 too; None for no days."""
    days = len(met)
    if days == 0:
        return None
    value, z = float(met.mean()), float(ndtri((1 + CONFIDENCE) / 2))
    centre = (value + z * z / (2 * days)) / (1 + z * z / days)
    half = z * math.sqrt(value * (1 - value) / days + (z / (2 * days)) ** 2) / (1 + z * z / days)
    return Estimate(value=value, low=max(centre - half, 0.0), high=min(centre + half, 1.0))


def _half_width(amount: Floats) -> float:
    """Half the interval of the sum of independent amounts, shape (runs, days of the plan)."""
    runs, days = amount.shape
    if runs > 1:
        variance, degrees = runs * float(amount.var(axis=0, ddof=1).sum()), days * (runs - 1)
    elif days > 1:
        variance, degrees = days * float(amount.var(ddof=1)), days - 1
    else:
        return math.inf
    return float(stdtrit(degrees, (1 + CONFIDENCE) / 2)) * math.sqrt(variance)
