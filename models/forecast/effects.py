"""Effects of the calendar on a series, learned once for all members: holidays, the days around them, the month, events.

A regression of daily counts on what `effect_columns` holds, around a local level and weekday shape. Counts are Poisson with a
spread of their own (variance m + c² m²), so the fit is right in the mean and an empty day does no harm. Effects are shrunk:
their variance is learned per kind by expectation-maximisation, as in a mixed model (Laird and Ware 1982), so a kind that does
nothing in this series ends up doing nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.forecast.calendar import Calendar
from models.forecast.effect_columns import PRIOR_VARIANCE, WIDE, EffectColumns
from models.forecast.kernels import smooth_ratio
from models.forecast.series import Daily, Days, Floats

ROUNDS = 6
LEVEL_WIDTH_DAYS = 10.0
SHAPE_WIDTH_DAYS = 35.0
SPECIAL_WEIGHT = 0.02
"""Holidays and events hardly count in the local level."""
FAR_OUT = 3.0
"""Normal days are cut off at so many standard deviations: a freak must not become an effect of its day of month."""
SMALLEST_FACTOR = 0.05
"""A day that keeps less than this of its usual volume tells little about the level."""


@dataclass(frozen=True, eq=False)
class Effects:
    """`log[i]`: log effect of column i; empty without any history. `known`: factors of the days learned from, shape (n,)."""

    columns: EffectColumns
    log: Floats
    known: Floats

    def factors(self, days: Days) -> Floats:
        """What each day's usual volume is multiplied by. Shape (days,)."""
        if not len(days) or not len(self.log):
            return np.ones(len(days))
        matrix, _ = self.columns.matrix(days, self.columns.calendar.tags(days))
        return np.asarray(np.exp(matrix @ self.log))


def learn_effects(daily: Daily, calendar: Calendar) -> Effects:
    """Fit by penalised iterative reweighting; the local level is smoothed anew in each round with the effects taken out."""
    tags = calendar.tags(daily.days)
    columns = EffectColumns.of(calendar, daily.days, tags)
    if not len(daily.days):
        return Effects(columns, np.zeros(0), np.ones(0))
    matrix, kinds = columns.matrix(daily.days, tags)
    of_kind = {kind: np.array([other == kind for other in kinds]) for kind in dict.fromkeys(kinds)}
    variance = np.array([PRIOR_VARIANCE[kind] for kind in kinds])
    near = np.isin(kinds, ("holiday", "named holiday", "around holidays"))
    special = ~tags.normal | (matrix[:, near] != 0).any(axis=1)
    log, spread = np.zeros(len(kinds)), 0.02
    for _ in range(ROUNDS):
        linear = matrix @ log
        mean = np.maximum(_local(daily, np.asarray(np.exp(linear)), tags.normal) * np.exp(linear), 0.5)
        miss = daily.y / mean - 1
        limit = FAR_OUT * np.sqrt(1 / mean + spread)
        miss = np.where(special, miss, np.clip(miss, -limit, limit))
        if not special.all():
            spread = float(np.clip((miss**2 - 1 / mean)[~special].mean(), 0.0005, 0.2))
        weight = 1 / (1 / mean + spread)
        root = np.sqrt(weight)
        weighted = matrix.T * root
        # A matrix times its own transpose is half the work.
        covariance = np.linalg.inv(weighted @ weighted.T + np.diag(1 / variance))
        log = covariance @ (weighted @ (root * (linear + np.clip(miss, -0.9, 2.0))))
        second_moment = log**2 + np.diag(covariance)
        for kind, mine in of_kind.items():
            if kind not in WIDE:
                variance[mine] = max(float(second_moment[mine].mean()), 1e-6)
    return Effects(columns, log, np.exp(matrix @ log))


def _local(daily: Daily, factors: Floats, normal: NDArray[np.bool_]) -> Floats:
    """Level x weekday shape around each day, from both sides. Shape (n,)."""
    where = (daily.days - daily.days[0]).astype(np.int64)

    def spread_out(values: Floats) -> Floats:
        grid = np.zeros(int(where[-1]) + 1)
        grid[where] = values
        return grid

    y, factor = spread_out(daily.y), spread_out(factors)
    weight = spread_out(normal.astype(np.float64) + SPECIAL_WEIGHT)
    shape = np.ones(len(y))
    for _ in range(2):
        level = smooth_ratio(y, factor * shape, weight, LEVEL_WIDTH_DAYS, 1)
        shape = smooth_ratio(y, factor * level, weight, SHAPE_WIDTH_DAYS, 7)
    return np.asarray((level * shape)[where])
