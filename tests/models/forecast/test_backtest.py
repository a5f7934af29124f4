"""The back-test from end to end, on a small series of our own and on a real one when it is there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.forecast.backtest import BacktestResult, backtest
from wfm.errors import WfmError
from wfm.progress import Progress

AXA = Path(__file__).parents[4] / "shared/data/forecasting/axa_france_30min_2011_2012.parquet"
METHODS = {"wfm", "stock_prophet", "last_week", "four_week_mean"}


def frame(days: int) -> pd.DataFrame:
    ds = pd.date_range("2026-01-05", periods=days * 24, freq="h")
    ds = ds[(ds.hour >= 8) & (ds.hour < 18)]
    rate = np.where(ds.day_of_week < 5, 20.0, 0.0) * (1 + (ds.hour == 10))
    return pd.DataFrame({"series": "café", "ds": ds, "y": np.random.default_rng(5).poisson(rate)})


@pytest.fixture(scope="module")
def seen() -> list[Progress]:
    return []


@pytest.fixture(scope="module")
def result(seen: list[Progress]) -> BacktestResult:
    return backtest(frame(112), horizon_days=14, origins=2, seed=3, on_progress=seen.append)


def test_every_method_is_scored_per_series_and_pooled(result: BacktestResult) -> None:
    assert {(score.series, score.method) for score in result.scores} == {
        (s, m) for s in ("café", "all") for m in METHODS
    }
    assert [str(day) for day in result.origins["café"]] == ["2026-03-30", "2026-04-13"]
    assert {score.intervals for score in result.scores} == {280}


def test_ours_comes_close_to_what_chance_allows(result: BacktestResult) -> None:
    ours = result.scores[0]
    assert ours.method == "wfm"
    assert ours.wape is not None
    assert ours.wape < 0.19  # Poisson noise alone: about 0.17
    assert ours.bias == pytest.approx(0, abs=0.03)
    assert ours.big_coverage_80 == pytest.approx(0.82, abs=0.08)
    assert ours.quantile_loss is not None
    assert ours.quantile_loss < ours.wape


def test_point_forecasts_have_no_bands(result: BacktestResult) -> None:
    points = [score for score in result.scores if score.method in {"last_week", "four_week_mean"}]
    assert all(score.quantile_loss is None and score.coverage_80 is None for score in points)


def test_result_survives_json_and_prints_as_a_table(result: BacktestResult, seen: list[Progress]) -> None:
    assert BacktestResult.from_json(result.canonical_json()) == result
    assert len(str(result).splitlines()) == 1 + 8
    assert [progress.fraction for progress in seen] == [0.0, 0.5, 1.0]


def test_workers_change_nothing_but_the_time(result: BacktestResult) -> None:
    again = backtest(frame(112), horizon_days=14, origins=2, seed=3, workers=2)
    timeless = {"cpu_seconds": 0.0}
    assert [s.model_copy(update=timeless) for s in again.scores] == [
        s.model_copy(update=timeless) for s in result.scores
    ]


def test_stock_prophet_can_be_left_out(result: BacktestResult) -> None:
    quick = backtest(frame(112), horizon_days=14, origins=2, seed=3, stock=False)
    assert {score.method for score in quick.scores} == METHODS - {"stock_prophet"}
    assert quick.scores[0].wape == result.scores[0].wape


def test_too_short_a_history_is_refused() -> None:
    with pytest.raises(WfmError, match="42 days"):
        backtest(frame(40), horizon_days=14)


@pytest.mark.skipif(not AXA.exists(), reason="the evaluation data lies beside the project only where it was delivered")
def test_ours_beats_stock_prophet_on_a_real_queue() -> None:
    history = pd.read_parquet(AXA)
    scores = backtest(history[history["series"] == "Tech. Axa"], origins=2, country="FR").scores
    wape = {score.method: score.wape for score in scores if score.series == "all"}
    assert wape["wfm"] is not None
    assert wape["stock_prophet"] is not None
    assert wape["wfm"] < 0.9 * wape["stock_prophet"]
