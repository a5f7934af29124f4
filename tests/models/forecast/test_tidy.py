"""Histories of which nothing is known but their rows: any order of rows, any number of workers, queues that ended."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from models.forecast import forecast
from models.forecast.series import DayTable, by_series
from models.forecast.tidy import ENDED, forecast_tidy

MONDAY = np.datetime64("2026-01-05")


def queue(name: str, level: float, days: int = 90) -> pd.DataFrame:
    ds = pd.date_range("2026-01-05", periods=days * 4, freq="6h")
    y = np.random.default_rng(int(level)).poisson(level, len(ds)).astype(np.float64)
    return pd.DataFrame({"series": name, "ds": ds, "y": y})


def test_rows_in_any_order_are_the_same_series() -> None:
    rows = pd.concat([queue("b", 5), queue("a", 9)])
    shuffled = rows.sample(frac=1, random_state=1)
    ordered, mixed = list(by_series(rows.sort_values(["series", "ds"]))), list(by_series(shuffled))
    assert [name for name, _, _ in mixed] == ["a", "b"]
    for (_, walls, y), (_, other_walls, other_y) in zip(ordered, mixed, strict=True):
        assert np.array_equal(walls, other_walls)
        assert np.array_equal(y, other_y)


def test_workers_in_other_processes_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecast, "CHUNK", 2)
    rows = pd.concat([queue(f"queue {n}", 6.0 + n) for n in range(4)])
    one, two = (list(forecast_tidy(rows, horizon_days=7, workers=workers)) for workers in (1, 2))
    assert [made.series for made in two] == [made.series for made in one]
    for mine, theirs in zip(one, two, strict=True):
        np.testing.assert_array_equal(mine.forecast.mean, theirs.forecast.mean)
        np.testing.assert_array_equal(mine.forecast.quantiles, theirs.forecast.quantiles)
        assert mine.forecast.method == theirs.forecast.method


def test_a_queue_silent_for_ten_weeks_has_ended_and_says_so() -> None:
    rows = pd.concat([queue("ended", 8, days=90), queue("alive", 8, days=165)])
    alive, ended = list(forecast_tidy(rows, horizon_days=7))
    assert alive.forecast.mean.sum() > 0
    assert not ended.forecast.mean.any()
    assert ended.forecast.method.startswith(ENDED)
    assert ENDED not in alive.forecast.method


def test_what_was_known_at_a_day_ends_the_day_before() -> None:
    table = DayTable(MONDAY, 720, np.arange(8.0).reshape(4, 2))
    assert table.before(MONDAY + 2).y.tolist() == [[0, 1], [2, 3]]
    later = table.before(MONDAY + 6)
    assert later.end == MONDAY + 6
    assert np.isnan(later.y[4:]).all()


def test_chunks_are_as_even_as_can_be() -> None:
    assert [len(chunk) for chunk in forecast.even_chunks(range(501))] == [167, 167, 167]
    assert forecast.even_chunks([]) == []
