"""Any tidy history is read, whatever its intervals; what is wrong in it is told cell by cell."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from data.ingest.tidy import read_tidy
from wfm.errors import CaseError


def written(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "history.csv"
    path.write_text("\n".join(["series,ds,y", *rows]), encoding="utf-8")
    return path


@pytest.mark.parametrize("ds", ["2026-01-05", "2026-01-05 13:00", "2026-01-05T13:15:00", "2026-01-05 13:05"])
def test_days_hours_and_minutes_are_intervals(tmp_path: Path, ds: str) -> None:
    assert read_tidy(written(tmp_path, f"a,{ds},3"))["ds"].tolist() == [pd.Timestamp(ds)]


def test_rows_come_sorted_and_those_not_recorded_fall_away(tmp_path: Path) -> None:
    path = written(tmp_path, "b,2026-01-05,1", "a,2026-01-06,2.5", "a,2026-01-05,", "a,2026-01-04,0")

    assert read_tidy(path).to_numpy().tolist() == [
        ["a", pd.Timestamp("2026-01-04"), 0.0],
        ["a", pd.Timestamp("2026-01-06"), 2.5],
        ["b", pd.Timestamp("2026-01-05"), 1.0],
    ]


def test_the_hour_put_back_may_come_twice_but_no_other(tmp_path: Path) -> None:
    night = ["a,2026-10-25 02:30,3", "a,2026-10-25 02:30,4"]
    assert len(read_tidy(written(tmp_path, *night))) == 2

    with pytest.raises(CaseError, match="twice"):
        read_tidy(written(tmp_path, *night, "a,2026-10-26 02:30,3", "a,2026-10-26 02:30,4"))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("a,2026-01-05 08:30+01:00,1", "not a local date and time"),
        ("a,2026-01-05 08:31,1", "not the start of an interval"),
        ("a,2026-01-05,-1", "negative"),
        ("a,2026-01-05,inf", "not a number"),
        (",2026-01-05,1", "empty"),
    ],
)
def test_a_bad_cell_is_refused_with_its_row(tmp_path: Path, row: str, reason: str) -> None:
    with pytest.raises(CaseError, match=reason) as caught:
        read_tidy(written(tmp_path, "a,2026-01-04,1", row))

    assert [problem.row for problem in caught.value.problems] == [3]
