"""Predictive distributions: a day effect learned from past misses, gamma noise between slots, and Poisson counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.forecast.series import Floats
from wfm.demand import QUANTILES

SAMPLES = 500


def day_effects(misses: Floats, mean: Floats, rng: np.random.Generator) -> Floats:
    """Random factors of mean 1 for each day. Shape (samples, days).

    Past misses contain Poisson noise, which is added later: they are shrunk by its share of their variance.
    """
    if len(misses) < 2:
        misses = np.array([-0.25, 0.25])  # without any evidence: a quarter up or down
    spread = misses - misses.mean()
    variance = float(spread.var())
    poisson = 1.0 / np.maximum(mean, 1.0)
    shrink = np.sqrt(np.clip(1.0 - poisson / max(variance, 1e-12), 0.0, 1.0))
    draws = rng.choice(spread, size=(SAMPLES, len(mean))) * shrink
    factors = np.exp(draws)
    expected = np.exp(spread[:, None] * shrink).mean(axis=0)
    return np.asarray(factors / expected)


def quantiles(
    mean: Floats, day: NDArray[np.int64], *, misses: Floats, overdispersion: float, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Quantiles of counts per slot and per day at the levels QUANTILES. Shapes (13, slots) and (13, days).

    `mean` per slot, `day[slot]` the index of its day, from 0 and without holes. Given the day's factor, a slot is a Poisson
    count whose rate carries gamma noise of variance `overdispersion`; that noise moves contacts within the day and does not
    change the day's rate.
    """
    per_slot, per_day = np.zeros((len(QUANTILES), len(mean))), np.zeros((len(QUANTILES), int(day.max(initial=-1)) + 1))
    active = np.flatnonzero(mean > 0)
    if not len(active):
        return per_slot, per_day
    rates, owner = mean[active], day[active]
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
    index = np.cumsum(np.r_[False, owner[1:] != owner[:-1]])
    totals = np.add.reduceat(rates, starts)
    drawn = np.broadcast_to(rates, (SAMPLES, len(rates)))
    if overdispersion > 1e-6:
        noisy = rates * rng.gamma(1.0 / overdispersion, overdispersion, size=drawn.shape)
        sums = np.add.reduceat(noisy, starts, axis=1)
        drawn = noisy * np.divide(totals, sums, out=np.ones_like(sums), where=sums > 0)[:, index]
    counts = rng.poisson(drawn * day_effects(misses, totals, rng)[:, index])
    ranks = [max(int(np.ceil(level * SAMPLES)) - 1, 0) for level in QUANTILES]
    per_slot[:, active] = np.sort(counts, axis=0)[ranks]
    per_day[:, owner[starts]] = np.sort(np.add.reduceat(counts, starts, axis=1), axis=0)[ranks]
    return per_slot, per_day
