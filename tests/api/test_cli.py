"""The commands as a shell sees them: exit code, standard output, standard error."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from data.ingest.tables import TABLES


@pytest.fixture
def case_folder(tmp_path, small_case):
    folder = tmp_path / "case"
    folder.mkdir()
    for name, text in small_case.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_version_and_help(wfm):
    assert wfm("--version")[:2] == (0, "wfm 0.1.0\n")
    code, out, _ = wfm("--help")
    assert code == 0
    assert "Exit codes: 0 all well" in out


@pytest.mark.parametrize(
    "args",
    [
        ["nonsense"],
        ["plan"],
        ["plan", "case"],
        ["plan", "case", "--out", "x", "--time-limit", "-1"],
        ["generate", "--size", "XXL", "--out", "x"],
    ],
)
def test_wrong_usage(wfm, args):
    code, out, err = wfm(*args)

    assert (code, out) == (2, "")
    assert "Usage: " in err


def test_a_template_has_every_table_and_is_never_written_over_a_case(wfm, tmp_path):
    folder = tmp_path / "new"

    code, out, _ = wfm("template", folder)

    assert (code, out) == (0, "")
    assert {file.stem for file in folder.iterdir()} == {table.name for table in TABLES}
    code, _, err = wfm("template", folder)
    assert code == 1
    assert "exists already" in err


def test_a_good_case(wfm, case_folder):
    assert wfm("validate", case_folder) == (
        0,
        "Centre d'été: no problems (1 campaigns, 1 agents, 0 partners, 1 weeks from 2026-12-07)\n",
        "",
    )
    code, out, _ = wfm("validate", case_folder, "--json")
    assert code == 0
    assert json.loads(out)["status"] == "valid"


def test_a_bad_case_is_told_in_full_and_nothing_runs(wfm, case_folder, tmp_path):
    (case_folder / "markets.csv").unlink()
    (case_folder / "sites.csv").write_text("site,name\nrabat,Rabat\n", encoding="utf-8")
    out_folder = tmp_path / "plan"

    for args in (["validate", case_folder], ["plan", case_folder, "--out", out_folder], ["forecast", case_folder]):
        code, out, err = wfm(*args)

        assert (code, out) == (1, "")
        assert "markets" in err
        assert "sites" in err
    assert not out_folder.exists()


def test_a_bad_case_as_json(wfm, case_folder):
    (case_folder / "markets.csv").unlink()

    code, out, _ = wfm("validate", case_folder, "--json")

    told = json.loads(out)
    assert (code, told["status"]) == (1, "refused")
    assert "markets" in {problem["table"] for problem in told["problems"]}


def test_generate_writes_a_valid_case_and_overwrites_nothing(wfm, tmp_path):
    folder = tmp_path / "generated"

    assert wfm("generate", "--size", "S", "--seed", "3", "--out", folder)[0] == 0
    assert wfm("validate", folder)[0] == 0
    code, _, err = wfm("generate", "--size", "S", "--out", folder)
    assert code == 1
    assert "not an empty folder" in err


def test_a_case_from_a_history_refuses_bad_arguments_all_at_once(wfm, tmp_path):
    history = tmp_path / "history.csv"
    history.write_text("series,ds,y\n", encoding="utf-8")

    code, _, err = wfm("case", "from-history", history, "--agents", 0, "--partners", 9, "--out", tmp_path / "case")

    assert code == 1
    assert "agents" in err
    assert "partners" in err


def test_a_backtest_scores_the_forecast_beside_benchmarks(wfm, tmp_path):
    start = datetime(2026, 1, 5)  # noqa: DTZ001 - wall time
    walls = [start + timedelta(minutes=30 * step) for step in range(84 * 48)]
    lines = [
        f"{queue},{wall:%Y-%m-%d %H:%M},{size * wall.hour}"
        for queue, size in (("large", 2), ("small", 1))
        for wall in walls
    ]
    history = tmp_path / "history.csv"
    history.write_text("\n".join(["series,ds,y", *lines]), encoding="utf-8")

    code, out, _ = wfm("backtest", history, "--origins", 1, "--queues", 1, "--workers", 1, "--json")

    told = json.loads(out)
    assert code == 0
    assert told["origins"] == {"large": ["2026-03-02"]}
    assert {"wfm", "stock_prophet", "last_week"} <= {score["method"] for score in told["scores"]}


def test_a_history_alone_is_forecast_with_quantiles(wfm, tmp_path):
    start = datetime(2026, 1, 5)  # noqa: DTZ001 - wall time
    walls = [start + timedelta(hours=step) for step in range(60 * 24)]
    history = tmp_path / "history.csv"
    lines = [f"queue,{wall:%Y-%m-%d %H:%M},{20 * (8 <= wall.hour < 18)}" for wall in walls]
    history.write_text("\n".join(["series,ds,y", *lines]), encoding="utf-8")

    code, _, _ = wfm("forecast", history, "--horizon-days", 7, "--out", tmp_path / "forecast.csv")

    head, *rows = (tmp_path / "forecast.csv").read_text(encoding="utf-8").splitlines()
    assert code == 0
    assert head.startswith("series,ds,mean,q0.025,")
    assert len(rows) == 7 * 24
    assert rows[0] == "queue,2026-03-06 00:00:00,0,0,0,0,0,0,0,0,0,0,0,0,0,0"
    assert float(rows[12].split(",")[2]) == pytest.approx(20, rel=0.05)


def test_a_history_needs_a_file_and_a_case_no_horizon(wfm, case_folder, tmp_path):
    history = tmp_path / "history.csv"
    history.write_text("series,ds,y\nqueue,2026-01-05,3\n", encoding="utf-8")

    assert wfm("forecast", history)[0] == 2
    assert wfm("forecast", case_folder, "--horizon-days", 7)[0] == 2


def test_errors_of_the_file_system_are_messages(wfm, case_folder, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")

    code, _, err = wfm("generate", "--size", "S", "--out", tmp_path / "file" / "case")

    assert code == 1
    assert "file" in err
