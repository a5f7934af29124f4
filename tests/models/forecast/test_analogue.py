"""A young campaign borrows the weeks of its likest peer at its own level, and says so."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from models.forecast.analogue import LOW_HISTORY, with_analogues
from models.forecast.members import level_ratio
from models.forecast.series import Cleaned, DayTable
from models.forecast.tidy import forecast_tidy

MONDAY = np.datetime64("2026-01-05")


def table(days: int, morning: float, evening: float) -> DayTable:
    """Ends where all end; two slots a day, closed on Sundays."""
    first = MONDAY + (140 - days)
    y = np.tile(np.array([morning, evening], dtype=np.float64), (days, 1))
    y[(first + np.arange(days)).astype(np.int64) % 7 == 3] = np.nan  # 1970-01-04, day 3, was a Sunday
    return DayTable(first, 720, y)


def test_the_likest_week_is_borrowed_at_the_young_ones_level() -> None:
    tables = {"early": table(140, 300, 100), "late": table(140, 20, 80), "young": table(5, 30, 10)}

    made, notes = with_analogues(tables)

    assert list(notes) == ["young"]
    assert notes["young"].startswith(f"{LOW_HISTORY}: 4 days of its own")
    assert "early" in notes["young"]
    assert made["early"] is tables["early"]
    assert len(made["young"].y) == 140
    assert np.nanmean(made["young"].y, axis=0) == pytest.approx([30, 10])
    assert np.array_equal(made["young"].y[-5:], tables["young"].y, equal_nan=True)


def test_without_a_peer_it_is_only_told() -> None:
    tables = {"young": table(10, 30, 10), "empty": table(10, 0, 0)}

    made, notes = with_analogues(tables)

    assert made == tables
    assert notes == {"young": f"{LOW_HISTORY}: 9 days of its own"}


def test_three_days_of_a_campaign_are_enough_for_its_weekend() -> None:
    ds = pd.date_range("2026-01-05", periods=120 * 24, freq="h")
    y = np.where((ds.hour >= 8) & (ds.hour < 18), np.where(ds.day_of_week < 5, 40.0, 10.0), 0.0)
    old = pd.DataFrame({"series": "old", "ds": ds, "y": np.random.default_rng(1).poisson(y).astype(float)})
    young = old[ds >= ds[-1] - pd.Timedelta(days=2)].assign(series="young", y=lambda rows: rows["y"] / 2)

    made = {one.series: one.forecast for one in forecast_tidy(pd.concat([old, young]), horizon_days=7)}

    assert made["young"].method.startswith(LOW_HISTORY)
    assert made["young"].day_mean == pytest.approx(made["old"].day_mean / 2, rel=0.15)


@pytest.mark.parametrize("factor", [3.0, 0.3])
def test_a_jump_is_believed_within_ten_days_and_noise_is_not(factor: float) -> None:
    days = MONDAY + np.arange(100)
    rng = np.random.default_rng(2)
    usual = 100 * rng.gamma(100, 0.01, 100)
    jumped = usual * np.where(np.arange(100) < 90, 1, factor)
    normal = np.ones(100, dtype=bool)

    assert level_ratio(Cleaned(days, usual, days[-1] + 1, normal), np.full(100, 100.0)) == pytest.approx(1, abs=0.05)
    after = level_ratio(Cleaned(days, jumped, days[-1] + 1, normal), np.full(100, 100.0))
    assert np.log(after) == pytest.approx(np.log(factor), abs=0.35)
