"""Quantiles of slots, of days and of any sum, against worlds whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from models.forecast.series import Floats
from models.forecast.uncertainty import LEVEL_FREEDOM, OPTIMISM, Spread, paths, quantiles
from wfm.demand import QUANTILES

CALM = Spread(np.zeros(1), 0.0, 0.0)
VARIANCE = LEVEL_FREEDOM / (LEVEL_FREEDOM - 2)
"""Of a t."""
LOW, HIGH = QUANTILES.index(0.1), QUANTILES.index(0.9)


def dice(seed: int = 3) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_without_noise_counts_are_poisson() -> None:
    made = quantiles(np.array([9.0, 0.0, 90.0]), CALM, slots=True, rng=dice())

    assert made[[LOW, 6, HIGH], 0] == pytest.approx([5, 9, 13])
    assert made[[LOW, HIGH], 2] == pytest.approx([78, 102], abs=1)
    assert not made[:, 1].any()


def test_quantiles_rise_with_the_level_and_with_the_mean() -> None:
    spread = Spread(dice().normal(0, 0.2, 60), 0.1, 0.05)

    made = quantiles(np.geomspace(0.01, 500, 200), spread, slots=True, rng=dice())

    assert (np.diff(made, axis=0) >= 0).all()
    assert (np.diff(made, axis=1) >= 0).all()
    assert (made == np.round(made)).all()


def back_tests(level: float, day: float, volume: float) -> tuple[list[Floats], list[Floats]]:
    rng = dice(5)
    rates = [volume * np.exp(rng.normal(0, level) + rng.normal(0, day, 28)) for _ in range(40)]
    came = [rng.poisson(rate).astype(np.float64) for rate in rates]
    return [np.log((volumes + 0.5) / (volume + 0.5)) for volumes in came], came


def test_levels_days_and_the_chance_of_counts_are_told_apart() -> None:
    spread = Spread.of(*back_tests(0.10, 0.15, 400.0), 0.0)

    assert spread.day.std() / OPTIMISM == pytest.approx(0.15, abs=0.015)
    assert spread.level * np.sqrt(VARIANCE) == pytest.approx(0.10, abs=0.03)


def test_an_outage_in_a_back_test_leaves_the_other_days_alone() -> None:
    misses, came = back_tests(0.0, 0.05, 10_000.0)
    misses[0][3] = -9.0

    spread = Spread.of(misses[:2], came[:2], 0.0)

    assert np.median(spread.day) == pytest.approx(0, abs=0.01)
    assert spread.day.min() > -0.4


def test_bands_hold_what_they_promise() -> None:
    truth = {"level": 0.08, "day": 0.12, "volume": 300.0}
    spread = Spread.of(*back_tests(**truth), 0.0)
    low, high = quantiles(np.full(1, truth["volume"]), spread, slots=False, rng=dice())[[LOW, HIGH], 0]

    came = np.concatenate(back_tests(**truth)[1])

    assert ((came >= low) & (came <= high)).mean() == pytest.approx(0.8, abs=0.04)


def test_sums_of_paths_keep_level_and_day_in_common() -> None:
    spread = Spread(dice(1).normal(0, 0.1, 80), 0.05, 0.05)
    mean, day = np.full(7 * 20, 50.0), np.repeat(np.arange(7), 20)

    drawn = paths(mean, day, spread, samples=4000, seed=1, series=2)

    assert drawn.mean() == pytest.approx(50, rel=0.02)
    one_day = quantiles(np.array([1000.0]), spread, slots=False, rng=dice())[:, 0]
    assert np.quantile(drawn[:, :20].sum(axis=1), [0.1, 0.9]) == pytest.approx(one_day[[LOW, HIGH]], rel=0.03)
    slot = quantiles(np.array([50.0]), spread, slots=True, rng=dice())[:, 0]
    assert np.quantile(drawn[:, 0], [0.1, 0.9]) == pytest.approx(slot[[LOW, HIGH]], abs=3)
    week = drawn.sum(axis=1)
    expected = np.sqrt((0.05**2 * VARIANCE + 0.1**2 / 7) + 1 / 7000)
    assert week.std() / week.mean() == pytest.approx(expected, rel=0.15)


def test_campaigns_share_the_days_they_are_compared_to() -> None:
    past = dice(1).normal(0, 0.2, 80)
    one = [
        paths(np.full(1, 1e5), np.zeros(1, dtype=np.int64), Spread(past, 0.0, 0.0), samples=500, seed=4, series=series)
        for series in (1, 2)
    ]

    assert np.corrcoef(one[0][:, 0], one[1][:, 0])[0, 1] > 0.95
    other = paths(np.full(1, 1e5), np.zeros(1, dtype=np.int64), Spread(past, 0.0, 0.0), samples=500, seed=5, series=1)
    assert abs(np.corrcoef(one[0][:, 0], other[:, 0])[0, 1]) < 0.2
