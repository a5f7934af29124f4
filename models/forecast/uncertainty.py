"""Predictive distributions: what whole weeks, days and slots missed in back-tests, and the chance of counts on top.

A slot counts Poisson around mean x level x day x slot, three independent factors of mean 1: the level is shared by all days of
the horizon (log-t), the day is one of the misses of past days about their level ("day-block conformal": no distribution is
assumed), the slot is gamma noise as the profile missed later days. Sums of slots keep level and day in common, so `paths`
gives quantiles of any sum; those of single slots and days are read off a table over their mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from models.forecast.series import Floats
from wfm.demand import QUANTILES

SAMPLES = 1000
GRID = 16
"""Means at which quantiles are computed; between them they run in proportion."""
LEVEL_SHARE = 0.9
"""A level not known from back-tests varies by this share of what single days do."""
PSEUDO_TRIALS = 2.0
UNKNOWN = 0.2
"""Without any back-test, days are off by a fifth."""
LEVEL_FREEDOM = 4.0
OPTIMISM = 1.15
"""Back-tests use effects and weights that were learned from their own days too: later days miss by so much more."""
MOST_DAYS = 400
FAR_OUT = 4.0
FIRST_VARIANCE = 0.01
ROUNDS = 6
"""From a tenth of volume, the spread of days settles in so many rounds."""
NORMAL_MEDIAN = 0.6745
"""Median absolute deviation of the standard normal distribution."""
MEDIAN_VARIANCE = np.pi / 2
"""Of a median, against that of a mean."""


@dataclass(frozen=True, eq=False)
class Spread:
    """`day`: log factors of past days about their level, in order, each as likely as any other, shape (n,); `level`: scale of the
    log level; `slot`: variance of a slot beyond Poisson, relative to its squared mean, given its day.
    """

    day: Floats
    level: float
    slot: float

    @classmethod
    def of(cls, misses: Sequence[Floats], volumes: Sequence[Floats], slot: float) -> Spread:
        """From log ratios actual / forecast of the days of each back-test, and the volumes of those days.

        The chance of counts, added later, is taken out of both: each day is shrunk by what chance does to a volume like its
        own, and counts in medians and variances by how much it can tell. A level known from few back-tests leans on LEVEL_SHARE.
        """
        tried = [
            (miss, 1 / np.maximum((volume + 0.5) * np.exp(-miss), 1.0))
            for miss, volume in zip(misses, volumes, strict=True)
            if len(miss) > 1
        ]
        if not tried:
            return cls(np.array([-UNKNOWN, UNKNOWN]), UNKNOWN * LEVEL_SHARE, slot)
        chance = np.concatenate([mine for _, mine in tried])
        variance, about, levels = FIRST_VARIANCE, np.zeros(len(chance)), np.zeros(len(tried))
        for _ in range(ROUNDS):
            # Medians: an outage must not make every other day of its back-test a surprise. Each took one degree of freedom.
            levels = np.array([_median(miss, 1 / (variance + mine)) for miss, mine in tried])
            about = np.concatenate(
                [
                    (miss - level) * np.sqrt(len(miss) / (len(miss) - 1))
                    for (miss, _), level in zip(tried, levels, strict=True)
                ]
            )
            total = np.sqrt(variance + chance)
            limit = FAR_OUT * total * max(float(np.median(np.abs(about / total))) / NORMAL_MEDIAN, 1e-6)
            about = np.clip(about, -limit, limit)
            telling = 1 / total**4
            variance = max(float(telling @ (about**2 - chance) / telling.sum()), 1e-8)
        day = OPTIMISM * about * np.sqrt(variance / (variance + chance))
        spread = float(day.std())
        noise = np.array([MEDIAN_VARIANCE / float((1 / (OPTIMISM**2 * variance + mine)).sum()) for _, mine in tried])
        squares = float(np.maximum(levels**2 - noise, 0.0).sum()) + PSEUDO_TRIALS * (LEVEL_SHARE * spread) ** 2
        level = squares / (len(tried) + PSEUDO_TRIALS)
        return cls(day[-MOST_DAYS:], float(np.sqrt(level * (LEVEL_FREEDOM - 2) / LEVEL_FREEDOM)), slot)

    def factors(self, rng: np.random.Generator, size: int) -> Floats:
        """Level x day, of mean 1, spread as evenly over both as `size` allows. Shape (size,)."""
        even = (np.arange(size) + 0.5) / size
        level = self.level * student.ppf(rng.permutation(even), LEVEL_FREEDOM)
        day = np.sort(self.day)[(even * len(self.day)).astype(np.int64)]
        made = np.exp(level + day)
        return np.asarray(made / made.mean())


def _median(values: Floats, weight: Floats) -> float:
    """The weighted median."""
    order = np.argsort(values, kind="stable")
    sums = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(sums, sums[-1] / 2)])


def quantiles(mean: Floats, spread: Spread, *, slots: bool, rng: np.random.Generator) -> Floats:
    """Quantiles of counts with these means, of slots or else of whole days, at the levels QUANTILES. Shape (13, n)."""
    made = np.zeros((len(QUANTILES), len(mean)))
    active = mean > 0
    if not active.any():
        return made
    asked = mean[active]
    grid = np.geomspace(asked.min(), asked.max(), GRID if np.ptp(asked) > 0 else 1)
    factors = spread.factors(rng, SAMPLES)
    if slots and spread.slot > 1e-6:
        factors = factors * rng.gamma(1 / spread.slot, spread.slot, SAMPLES)
    counts = rng.poisson(grid[:, None] * factors)
    ranks = [max(int(np.ceil(level * SAMPLES)) - 1, 0) for level in QUANTILES]
    for level, row in enumerate(np.partition(counts, ranks, axis=1)[:, ranks].T):
        made[level, active] = np.round(np.interp(asked, grid, np.maximum.accumulate(row)))
    return made


def paths(
    mean: Floats, day: NDArray[np.int64], spread: Spread, *, samples: int, seed: int, series: int
) -> NDArray[np.int64]:
    """Whole courses of counts per slot, shape (samples, slots): their sums over any slots have the right quantiles.

    `mean` per slot, `day[slot]` the index of its day from 0. `seed` chooses the past days that days to come will be like, the
    same ones for all series with one seed, so that campaigns whose histories cover the same days keep what they have in common;
    `series` is a seed of the series' own, for its level, slots and counts.
    """
    rng = np.random.default_rng(series)
    days = int(day.max(initial=-1)) + 1
    picks = np.random.default_rng(seed).random((samples, days))
    level = spread.level * student.rvs(LEVEL_FREEDOM, size=(samples, 1), random_state=rng)
    factors = np.exp(level + spread.day[(picks * len(spread.day)).astype(np.int64)])
    rates = mean * (factors / np.maximum(factors.mean(axis=0), 1e-12))[:, day]
    if spread.slot > 1e-6:
        noisy = rates * rng.gamma(1 / spread.slot, spread.slot, size=rates.shape)
        # Noise of slots moves contacts within the day and leaves its total alone.
        for index in range(days):
            mine = day == index
            total = noisy[:, mine].sum(axis=1, keepdims=True)
            expected = rates[:, mine].sum(axis=1, keepdims=True)
            rates[:, mine] = noisy[:, mine] * np.divide(expected, total, out=np.ones_like(total), where=total > 0)
    return np.asarray(rng.poisson(rates), dtype=np.int64)
