"""The file of a tidy forecast: its columns to the letter, as CSV and as parquet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from data.export.tidy_forecast import HEADER, write_tidy_forecast

WALLS = np.array(["2026-11-29T00:00", "2026-11-29T00:30"], dtype="datetime64[m]")
QUANTILES = np.arange(26, dtype=np.float64).reshape(13, 2)
MADE = [("plain", WALLS, np.array([1.5, 0.0]), QUANTILES), ('a, "b"', WALLS, np.array([2.0, 0.25]), QUANTILES)]


def test_csv_has_thirteen_quantiles_and_local_times(tmp_path: Path) -> None:
    path = tmp_path / "new" / "forecast.csv"
    write_tidy_forecast(path, MADE)

    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "series,ds,mean,q0.025,q0.05,q0.1,q0.2,q0.3,q0.4,q0.5,q0.6,q0.7,q0.8,q0.9,q0.95,q0.975"
    assert lines[1] == "plain,2026-11-29 00:00:00,1.5,0,2,4,6,8,10,12,14,16,18,20,22,24"
    assert pd.read_csv(path)["series"].tolist() == ["plain", "plain", 'a, "b"', 'a, "b"']
    assert [file.name for file in path.parent.iterdir()] == ["forecast.csv"]


def test_parquet_holds_the_same(tmp_path: Path) -> None:
    write_tidy_forecast(tmp_path / "f.parquet", MADE)

    table = pd.read_parquet(tmp_path / "f.parquet")
    assert tuple(table.columns) == HEADER
    assert table["ds"].tolist()[:2] == [pd.Timestamp(wall) for wall in WALLS]
    assert table["q0.975"].tolist() == [24.0, 25.0, 24.0, 25.0]
