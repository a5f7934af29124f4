"""Member "average": recent weekday shape x recent level."""

from __future__ import annotations

import numpy as np

from models.forecast.members import level_ratio
from models.forecast.series import Cleaned, Days, Floats, weekdays

SHAPE_WEEKS = 10
SHAPE_HALF_LIFE_DAYS = 28.0


def average(history: Cleaned, days: Days, seed: int) -> Floats | None:  # noqa: ARG001 - a Member
    """Needs no minimum of history. The level follows a shift within about two weeks (half-life 14 days)."""
    if not len(history.y):
        return None
    shape = _weekday_shape(history)
    return np.asarray(level_ratio(history, shape[weekdays(history.days)]) * shape[weekdays(days)])


def _weekday_shape(history: Cleaned) -> Floats:
    """Recency-weighted mean of normal days per weekday; a weekday never seen has the mean of all. Shape (7,)."""
    age = (history.end - history.days).astype(np.int64)
    weight = 0.5 ** (age / SHAPE_HALF_LIFE_DAYS) * history.normal
    if (weight * (age <= SHAPE_WEEKS * 7)).any():
        weight = weight * (age <= SHAPE_WEEKS * 7)
    elif not weight.any():
        weight = 0.5 ** (age / SHAPE_HALF_LIFE_DAYS)
    weekday = weekdays(history.days)
    weights = np.bincount(weekday, weights=weight, minlength=7)
    sums = np.bincount(weekday, weights=weight * history.y, minlength=7)
    everyday = float(sums.sum() / weights.sum())
    return np.asarray(np.divide(sums, weights, out=np.full(7, everyday), where=weights > 0))
