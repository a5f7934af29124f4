"""`wfm accuracy` and the choice of an engine, as a shell sees them."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest


@pytest.fixture
def long_case(tmp_path, small_case):
    """The small case with nine weeks of history."""
    days = [day for back in range(63) if (day := date(2026, 9, 21) + timedelta(days=back)).isoweekday() < 6]
    rows = [f"service,{day}T{hour:02}:00,{hour % 5 + 6},,300\n" for day in days for hour in range(9, 18)]
    folder = tmp_path / "case"
    folder.mkdir()
    for name, text in (
        small_case | {"history.csv": "campaign,interval_start,volume,handled,aht_seconds\n" + "".join(rows)}
    ).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_page_per_campaign_with_json_and_csv(wfm, long_case, tmp_path):
    code, out, _ = wfm(
        "accuracy", long_case, "--out", tmp_path / "out", "--origins", 1, "--workers", 1, "--lang", "fr", "--json"
    )

    assert code == 0
    report = json.loads(out)
    assert report == json.loads((tmp_path / "out" / "accuracy.json").read_text(encoding="utf-8"))
    assert report["origins"] == ["2026-10-26"]
    assert (tmp_path / "out" / "accuracy.csv").read_text(encoding="utf-8").startswith("campaign,time_zone,unit,")
    assert "Précision des prévisions" in (tmp_path / "out" / "service.html").read_text(encoding="utf-8")
    assert (tmp_path / "out" / "plotly.min.js").exists()


def test_an_address_belongs_to_ray(wfm, long_case):
    for command in ("forecast", "backtest"):
        code, _, err = wfm(command, long_case, "--engine-address", "127.0.0.1:1")
        assert code == 1
        assert "--engine ray" in err
