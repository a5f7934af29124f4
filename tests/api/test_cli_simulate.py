"""`wfm simulate` on the folder of the tiny plan, with nothing replaced."""

from __future__ import annotations

import json

import pytest

from api.cli import main
from data.export.plan_folder import write_plan_folder


@pytest.fixture
def simulated(capsys, tmp_path, tiny_case, tiny_forecast, tiny_requirement, tiny_plan):
    """Runs `wfm simulate` and returns exit code, standard output and standard error."""
    folder = tmp_path / "plan"
    write_plan_folder(folder, tiny_case, tiny_forecast, tiny_requirement, tiny_plan)

    def run(*args):
        with pytest.raises(SystemExit) as end:
            main(["simulate", str(folder), *args])
        return end.value.code, *capsys.readouterr()

    run.folder = folder
    return run


def test_one_json_object(simulated, tiny_plan):
    code, out, _ = simulated("--days", "30", "--seed", "9", "--json")

    report = json.loads(out)
    assert code == 0
    assert (report["days"], report["runs"], report["seed"]) == (35, 5, 9)
    assert report["plan_hash"] == tiny_plan.content_hash()
    assert (report["rates"], report["handling"], report["routing"]) == ("uncertain", "exponential", "rostered")
    [service] = report["inbound"]
    assert (
        0 < service["service_level"]["low"] < service["service_level"]["value"] < service["service_level"]["high"] < 1
    )


def test_a_table_for_people(simulated):
    code, out, _ = simulated("--days", "14", "--rates", "known", "--handling", "log-normal", "--routing", "pooled")

    assert code == 0
    assert "14 days in 2 runs of the plan; known rates, log-normal handling times, pooled routing" in out
    assert "Service level: answered within target / offered" in out
    for name in ("service", "sales", "mail"):
        assert any(line.startswith(name) for line in out.splitlines())


def test_a_folder_without_forecast_cannot_be_simulated(simulated):
    (simulated.folder / "forecast.json").unlink()
    code, _, err = simulated()

    assert code == 1
    assert "forecast.json is missing" in err
