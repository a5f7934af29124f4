"""Last year's course counts as far as courses came true before."""

from __future__ import annotations

import numpy as np
import pytest

from models.forecast.course import SHORTEST_DAYS, last_years_course
from models.forecast.series import Cleaned, Floats

FIRST = np.datetime64("2023-01-02")


def history(level: Floats, seed: int = 1) -> Cleaned:
    days = FIRST + np.arange(len(level))
    week = np.array([1.3, 1.1, 1.0, 1.0, 0.9, 0.4, 0.3])[np.arange(len(level)) % 7]
    y = np.random.default_rng(seed).poisson(level * week).astype(np.float64)
    return Cleaned(days, y, days[-1] + 1, np.ones(len(days), dtype=bool))


def summers(days: int) -> Floats:
    """Level 200, and 400 in a hump about day 200 of each year of 52 weeks."""
    return 200 + 200 * np.exp(-0.5 * ((np.arange(days) % 364 - 200) / 20) ** 2)


def test_a_summer_that_came_back_is_expected_again() -> None:
    end = 2 * 364 + 160  # both past summers known, the third about to begin
    ahead = FIRST + end + np.arange(28)
    expected = summers(end + 28)[end:] / summers(end)[-1]
    assert last_years_course(history(summers(end)), ahead) == pytest.approx(expected, rel=0.15)


def test_courses_that_never_came_true_change_nothing() -> None:
    rng = np.random.default_rng(2)
    wandering = 200 * np.exp(np.cumsum(rng.normal(0, 0.02, 2 * 364)))
    flat = np.full(2 * 364, 200.0)
    ahead = FIRST + 2 * 364 + np.arange(28)
    assert last_years_course(history(flat), ahead) == pytest.approx(np.ones(28), abs=0.02)
    seen = np.append(wandering[:364], flat[364:])
    assert last_years_course(history(seen), ahead) == pytest.approx(np.ones(28), abs=0.05)


def test_a_short_history_has_no_course() -> None:
    ahead = FIRST + SHORTEST_DAYS + np.arange(28)
    made = last_years_course(history(summers(SHORTEST_DAYS - 1)), ahead)
    assert made.tolist() == [1.0] * 28
    empty = Cleaned(ahead[:0], np.zeros(0), ahead[0], np.zeros(0, dtype=bool))
    assert last_years_course(empty, ahead).tolist() == [1.0] * 28


def test_days_beyond_what_earlier_years_tell_keep_the_level() -> None:
    known = history(summers(2 * 364))
    made = last_years_course(known, FIRST + 2 * 364 + np.array([0, 3000]))
    assert made[1] == 1.0
