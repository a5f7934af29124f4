"""Scores of past forecasts by volume band, hour, condition and quantile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.forecast.accuracy_report import BANDS, PIT_BINS, BandScore, MemberScore
from models.forecast.metrics import BIG, ratio, tally
from models.forecast.series import Floats
from wfm.demand import QUANTILES


@dataclass(frozen=True, eq=False)
class Scored:
    """Intervals of all origins of one campaign that came: all arrays (n,) or (13, n). `day` counts days of all origins."""

    actual: Floats
    mean: Floats
    quantiles: Floats
    day: NDArray[np.int64]
    weekday: NDArray[np.int64]
    hour: NDArray[np.int64]

    def only(self, keep: NDArray[np.bool_]) -> Scored:
        columns = (self.actual[keep], self.mean[keep], self.quantiles[:, keep])
        return Scored(*columns, self.day[keep], self.weekday[keep], self.hour[keep])


@dataclass(frozen=True, eq=False)
class ScoredDays:
    """Days of all origins: all arrays (m,), quantiles (13, m). `condition[name]` (m,): which days it holds on."""

    actual: Floats
    mean: Floats
    quantiles: Floats
    members: Mapping[str, Floats]
    condition: Mapping[str, NDArray[np.bool_]]


def by_band(scored: Scored) -> tuple[BandScore, ...]:
    found = []
    for place, (low, high) in enumerate(BANDS):
        part = scored.only((scored.mean >= low) & (scored.mean < high))
        sums = tally(part.actual, part.mean, part.quantiles, part.day, seasonal_difference=0.0, cpu_seconds=0.0)
        if sums.intervals:
            found.append(
                BandScore(
                    band=place,
                    intervals=int(sums.intervals),
                    volume=sums.volume,
                    wape=ratio(sums.absolute, sums.volume),
                    bias=ratio(sums.error, sums.volume),
                    coverage_80=ratio(sums.inside_80, sums.intervals),
                    coverage_95=ratio(sums.inside_95, sums.intervals),
                )
            )
    return tuple(found)


def by_hour(scored: Scored, *, absolute: bool) -> tuple[tuple[float | None, ...], ...]:
    """Bias, or WAPE where `absolute`, of every hour of the week; None where nothing came. Shape (7, 24)."""
    error = scored.mean - scored.actual
    cells = scored.weekday * 24 + scored.hour
    sums = np.bincount(cells, weights=np.abs(error) if absolute else error, minlength=168)
    volume = np.bincount(cells, weights=scored.actual, minlength=168)
    rates = [ratio(float(part), float(whole)) for part, whole in zip(sums, volume, strict=True)]
    return tuple(tuple(rates[24 * day : 24 * day + 24]) for day in range(7))


def pit(actual: Floats, quantiles: Floats) -> tuple[float, ...]:
    """Shares of actuals by the quantile of their forecast (probability integral transform, Dawid 1984), in equal bins.

    Counts are whole, so an actual y stands for all from y - 1/2 to y + 1/2, as in Czado, Gneiting and Held (2009); levels that
    have the same count are spread over its width, and between levels the distribution is taken to be straight.
    """
    edges = np.linspace(0, 1, PIT_BINS + 1)
    shares = np.zeros(PIT_BINS)
    for y, row in zip(actual, quantiles.T, strict=True):
        _, where, group, size = np.unique(row, return_index=True, return_inverse=True, return_counts=True)
        rank = np.arange(len(row)) - where[group]
        x = row + np.where(size[group] > 1, (rank + 0.5) / size[group] - 0.5, 0.0)
        low, high = np.interp([y - 0.5, y + 0.5], x, QUANTILES, left=0.0, right=1.0)
        overlap = np.clip(np.minimum(high, edges[1:]) - np.maximum(low, edges[:-1]), 0, None)
        shares += overlap / (high - low) if high > low else np.histogram(low, edges)[0]
    return tuple((shares / max(len(actual), 1)).tolist())


def big_only(scored: Scored) -> Scored:
    """Intervals whose counts are large enough for quantiles to mean something."""
    return scored.only(scored.mean >= BIG)


def misses(days: ScoredDays, mean: Floats) -> tuple[float | None, ...]:
    """Sum |error| / sum of actuals per condition."""
    error = np.abs(mean - days.actual)
    return tuple(ratio(float(error[mask].sum()), float(days.actual[mask].sum())) for mask in days.condition.values())


def by_member(days: ScoredDays, weights: Mapping[str, float]) -> tuple[MemberScore, ...]:
    """Members that took part at every origin, the heaviest first."""
    volume = float(days.actual.sum())
    names = sorted(days.members, key=lambda name: (-weights.get(name, 0.0), name))
    return tuple(
        MemberScore(
            member=name,
            weight=weights.get(name, 0.0),
            day_wape=ratio(float(np.abs(days.members[name] - days.actual).sum()), volume),
            bias=ratio(float((days.members[name] - days.actual).sum()), volume),
            miss=misses(days, days.members[name]),
        )
        for name in names
    )
