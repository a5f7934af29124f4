"""Intervals hold the truth as often as they say."""

from __future__ import annotations

import math

import numpy as np
import pytest

from models.simulate.estimate import mean_per_run, ratio, share


@pytest.mark.parametrize("runs", [1, 2, 10])
def test_a_ratio_s_interval_covers_the_truth(runs):
    rng = np.random.default_rng(0)
    hits = 0
    for _ in range(600):
        offered = rng.poisson(200, size=(runs, 14)).astype(float)
        good = rng.binomial(offered.astype(int), 0.8).astype(float)
        estimate = ratio(good, offered)
        hits += estimate.low <= 0.8 <= estimate.high
    assert 0.92 <= hits / 600 <= 0.98


def test_days_that_differ_by_design_do_not_widen_the_interval():
    """Sundays of half the service level, every time the same."""
    offered = np.full((5, 7), 100.0)
    good = np.broadcast_to([90.0] * 6 + [45.0], (5, 7))

    estimate = ratio(good, offered)

    assert estimate.value == pytest.approx(585 / 700)
    assert estimate.high - estimate.low == pytest.approx(0)


def test_shares_stay_shares():
    good = np.array([[99.0, 100.0], [100.0, 80.0]])
    assert ratio(good, np.full((2, 2), 100.0), most=1.0).high == 1.0


def test_nothing_gives_no_estimate():
    assert ratio(np.zeros((2, 7)), np.zeros((2, 7))) is None
    assert share(np.zeros(0, dtype=bool)) is None


def test_wilson_s_interval_as_published():
    """8 of 10: E. B. Wilson (1927), as in any table: 0.490 to 0.943."""
    estimate = share(np.arange(10) < 8)
    assert (estimate.value, round(estimate.low, 3), round(estimate.high, 3)) == (0.8, 0.490, 0.943)


def test_mean_per_run():
    amount = np.array([[1.0, 2.0], [3.0, 4.0]])
    estimate = mean_per_run(amount)
    assert estimate.value == 5
    # Each day has variance 2, the mean of two runs of both days 2; Student's t with 2 degrees of freedom is 4.303.
    assert estimate.high - 5 == pytest.approx(4.3027 * math.sqrt(2), rel=1e-4)
