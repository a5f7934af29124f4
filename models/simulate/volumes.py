"""How many contacts come: counts per slot, drawn so that days and slots have the distributions of the forecast."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from models.simulate.world import Floats, Ints
from wfm.demand import QUANTILES, CampaignForecast
from wfm.errors import WfmError

LEVELS = np.array(QUANTILES)


@dataclass(frozen=True, eq=False)
class Volumes:
    """The law of one campaign's counts. `mean` and `day` (index of the market's day) have shape (slots,), `day_quantiles`
    (levels, days); `noise` is the relative variance of a slot's share of its day.
    """

    mean: Floats
    day: Ints
    day_quantiles: Floats
    noise: float

    def known(self, rng: np.random.Generator) -> Ints:
        """Poisson counts at the mean. Shape (slots,)."""
        return rng.poisson(self.mean)

    def uncertain(self, rng: np.random.Generator) -> Ints:
        """A total per day from its predictive distribution, scaled to the forecast's mean, dealt out to the slots by their
        means times gamma noise. Shape (slots,).

        Given its total, contacts of a Poisson process with random rates fall independently of one another, so this is such
        a process; the forecast's quantiles, being of counts, hold the Poisson spread already.
        """
        counts = np.zeros(len(self.mean), dtype=np.int64)
        expected, _ = moments(self.day_quantiles)
        for day in np.unique(self.day[self.mean > 0]).tolist():
            slots = np.flatnonzero((self.day == day) & (self.mean > 0))
            shares = self.mean[slots]
            scale = shares.sum() / expected[day] if expected[day] > 0 else 0.0
            total = int(scale * draw(self.day_quantiles[:, day], rng) + rng.random())
            if self.noise > 0:
                noisy = shares * rng.gamma(1 / self.noise, self.noise, size=len(slots))
                shares = noisy if noisy.sum() > 0 else shares
            counts[slots] = rng.multinomial(total, shares / shares.sum())
        return counts


def volumes_of(forecast: CampaignForecast, walls: list[datetime]) -> Volumes:
    """The law behind a campaign's forecast; `walls` is the market's wall time of every slot. Raises WfmError when the forecast
    does not fit the grid.
    """
    mean = np.array(forecast.mean)
    index = {day: number for number, day in enumerate(forecast.days)}
    day = np.array([index.get(wall.date(), -1) for wall in walls], dtype=np.int64)
    if len(mean) != len(walls) or (mean[day < 0] > 0).any():
        raise WfmError(
            f"The forecast of campaign {forecast.campaign} does not cover the plan's grid. Plan the case again."
        )
    day_quantiles = np.array(forecast.day_quantiles)
    day = np.maximum(day, 0)  # a day without a forecast has no contacts, whichever day it is counted to
    return Volumes(mean, day, day_quantiles, _noise(mean, day, np.array(forecast.quantiles), day_quantiles))


def moments(quantiles: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of the distributions of `draw`, but for the cut at 0. Shapes (levels, n) to (n,)."""
    low, high = quantiles[:-1], quantiles[1:]
    width = np.diff(LEVELS)[:, None]
    first = (width * (low + high) / 2).sum(axis=0)
    second = (width * (low**2 + low * high + high**2) / 3).sum(axis=0)
    for edge, tail, share in (
        (quantiles[0], -_tail(quantiles[1], quantiles[0], LEVELS[1], LEVELS[0]), LEVELS[0]),
        (quantiles[-1], _tail(quantiles[-1], quantiles[-2], 1 - LEVELS[-2], 1 - LEVELS[-1]), 1 - LEVELS[-1]),
    ):
        first += share * (edge + tail)
        second += share * (edge**2 + 2 * edge * tail + 2 * tail**2)
    return first, np.maximum(second - first**2, 0.0)


def draw(quantiles: Floats, rng: np.random.Generator) -> float:
    """A value >= 0 of the distribution with the quantiles (levels,): linear between the levels, exponential beyond them with
    the slope of the last two.
    """
    level = rng.random()
    if level < LEVELS[0]:
        tail = float(_tail(quantiles[1], quantiles[0], LEVELS[1], LEVELS[0]))
        return max(0.0, float(quantiles[0]) - tail * float(np.log(LEVELS[0] / max(level, 1e-12))))
    if level > LEVELS[-1]:
        tail = float(_tail(quantiles[-1], quantiles[-2], 1 - LEVELS[-2], 1 - LEVELS[-1]))
        return float(quantiles[-1]) + tail * float(np.log((1 - LEVELS[-1]) / (1 - level)))
    return float(np.interp(level, LEVELS, quantiles))


def _tail(high: Floats, low: Floats, share_low: float, share_high: float) -> Floats:
    """Mean excess of an exponential tail through two quantiles, which `share_low` > `share_high` of all lie beyond."""
    return np.asarray((high - low) / np.log(share_low / share_high))


def _noise(mean: Floats, day: Ints, quantiles: Floats, day_quantiles: Floats) -> float:
    """Relative variance v of slots within their day, by moments over all slots.

    With total T of a day of mean M and variance V, and share p of a slot: Var = M p (1-p) + p² V without noise; gamma noise
    of variance v in the weights adds E[T (T-1)] p² v (1 - 2p + Σp²) to first order.
    """
    total = np.bincount(day, mean, minlength=day_quantiles.shape[1])
    _, spread = moments(day_quantiles)
    active = mean > 0
    share = mean[active] / total[day[active]]
    squares = np.bincount(day[active], share**2, minlength=len(total))
    expected, variance = total[day[active]], spread[day[active]]
    _, found = moments(quantiles[:, active])
    excess = found - expected * share * (1 - share) - share**2 * variance
    weight = share**2 * (expected**2 + variance - expected) * (1 - 2 * share + squares[day[active]])
    return max(float(excess.sum() / weight.sum()), 0.0) if weight.sum() > 0 else 0.0
