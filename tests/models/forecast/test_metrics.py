"""Scores against figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from models.forecast.metrics import Tally, pinball, poisson_deviation, ratio, tally
from wfm.demand import QUANTILES

ACTUAL = np.array([10.0, 0.0, 6.0, 4.0])
MEAN = np.array([8.0, 1.0, 6.0, 7.0])
DAY = np.array([0, 0, 1, 1])
HOLIDAY = DAY == 1


def bands(low: float, high: float) -> np.ndarray:
    """`low` below the median, `high` from it on, for each of the four intervals."""
    return np.array([[low if level < 0.5 else high] * 4 for level in QUANTILES])


def test_ratios_of_sums() -> None:
    scored = tally(ACTUAL, MEAN, None, DAY, holiday=HOLIDAY, seasonal_difference=3.0, cpu_seconds=0.5)
    assert scored.absolute / scored.volume == pytest.approx(6 / 20)
    assert scored.error / scored.volume == pytest.approx(2 / 20)
    assert scored.day_absolute / scored.volume == pytest.approx((1 + 3) / 20)
    assert scored.scaled == pytest.approx(1.5 / 3)
    assert scored.holiday_volume == ACTUAL[HOLIDAY].sum()
    assert scored.holiday_absolute == np.abs(MEAN - ACTUAL)[HOLIDAY].sum()
    assert ratio(scored.pinball, scored.volume) is None
    assert ratio(scored.inside_80, scored.intervals) is None


def test_pinball_of_one_number_is_absolute_error_times_level_means() -> None:
    point = np.array([[5.0]] * 13)
    # The levels are symmetric, so the mean of 2 x level x 3 above and of 2 x (1 - level) x 3 below are both 3.
    assert pinball(np.array([8.0]), point) == pytest.approx(3.0)
    assert pinball(np.array([2.0]), point) == pytest.approx(3.0)
    low_only = np.where(np.array(QUANTILES) == 0.1, 2.0, 5.0)[:, None]
    assert pinball(np.array([5.0]), low_only) == pytest.approx(2 * 0.1 * 3 / 13)


def test_coverage_is_rounded_outward_and_counted_apart_for_big_forecasts() -> None:
    scored = tally(ACTUAL, MEAN, bands(3.9, 6.1), DAY, holiday=HOLIDAY, seasonal_difference=1.0, cpu_seconds=0)
    assert scored.inside_80 == 2  # 6 and 4 lie in [3, 7]
    assert scored.big == 3
    assert scored.big_inside_95 == 2


def test_tallies_add_up() -> None:
    one = tally(ACTUAL, MEAN, bands(0, 9), DAY, holiday=HOLIDAY, seasonal_difference=1.0, cpu_seconds=0.25)
    two = one + one + Tally()
    assert (two.volume, two.absolute, two.scalings, two.cpu_seconds) == (40.0, 12.0, 2.0, 0.5)


def test_nothing_to_divide_by() -> None:
    assert ratio(1.0, 0.0) is None


@pytest.mark.parametrize("mean", [0.3, 1.0, 7.4, 300.0])
def test_the_floor_is_the_mean_deviation_of_counts(mean: float) -> None:
    counts = np.random.default_rng(1).poisson(mean, 200_000)
    assert poisson_deviation(np.array([mean]))[0] == pytest.approx(np.abs(counts - mean).mean(), rel=0.01)
    assert poisson_deviation(np.zeros(1))[0] == pytest.approx(0, abs=1e-9)
