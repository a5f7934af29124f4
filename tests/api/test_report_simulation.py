"""The section that `wfm simulate` puts into the report of `wfm plan`, and the file it leaves in the folder."""

from __future__ import annotations

import json

import pytest

from api.cli import main
from api.figures import PlanView
from api.report import render_report
from api.report_simulation import END, NAME, START, simulation_section, with_section
from data.export.plan_folder import check_folder, refuse_foreign, write_plan_folder
from data.export.simulation import SIMULATION


@pytest.fixture(scope="session")
def view(tiny_case, tiny_histories, tiny_forecast, tiny_requirement, tiny_plan):
    return PlanView(tiny_case, tiny_histories, tiny_forecast, tiny_requirement, tiny_plan)


@pytest.fixture
def folder(tmp_path, view):
    path = tmp_path / "plan"
    write_plan_folder(path, view.case, view.forecast, view.requirement, view.plan)
    return path


def simulate(folder, *args):
    with pytest.raises(SystemExit) as end:
        main(["simulate", str(folder), "--days", "14", *args])
    return end.value.code


def test_the_report_of_a_plan_says_how_to_simulate_it(view):
    page = render_report(view)

    assert page.count(START) == page.count(END) == 1
    assert "This plan was not simulated" in page
    assert f"figure-{NAME}" not in page


def test_simulating_adds_the_section_and_doing_it_again_replaces_it(folder, view, capsys):
    before = render_report(view)
    (folder / "report.html").write_text(before, encoding="utf-8")

    assert simulate(folder, "--seed", "4") == 0
    assert simulate(folder, "--seed", "5") == 0
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert page.count(f'id="figure-{NAME}"') == 1
    assert "This plan was not simulated" not in page
    assert "seed 5)" in page
    assert "seed 4)" not in page
    outside = [text.partition(START)[0] + text.partition(END)[2] for text in (before, page)]
    assert outside[0] == outside[1]
    assert "Promise and simulation" in capsys.readouterr().err


def test_who_does_not_get_what_was_promised_is_named(folder, view):
    (folder / "report.html").write_text(render_report(view), encoding="utf-8")
    simulate(folder)

    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Below their promise, by more than chance:" in page
    assert "<li>Mail, done in time: " in page


def test_the_folder_stays_a_plan_s_folder_and_passes_the_check(folder):
    assert simulate(folder) == 0

    report = json.loads((folder / SIMULATION).read_text(encoding="utf-8"))
    assert report["days"] == 14
    assert check_folder(folder) == []
    refuse_foreign(folder)


def test_a_simulation_of_another_plan_is_a_fault(folder):
    simulate(folder)
    file = folder / SIMULATION
    report = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(report | {"plan_hash": "0" * 64}), encoding="utf-8")

    [fault] = check_folder(folder)
    assert (fault.rule, fault.subject, fault.where, fault.found) == ("EXPORT", SIMULATION, "plan_hash", "0" * 64)
    file.write_text("{", encoding="utf-8")
    [fault] = check_folder(folder)
    assert "cannot be read" in fault.found


def test_planning_again_removes_the_simulation(folder, view):
    simulate(folder)
    write_plan_folder(folder, view.case, view.forecast, view.requirement, view.plan)

    assert not (folder / SIMULATION).exists()


def test_a_folder_without_report_and_one_of_an_older_version(folder, capsys):
    assert simulate(folder) == 0
    assert "there is no report.html" in capsys.readouterr().err
    (folder / "report.html").write_text("<html></html>", encoding="utf-8")
    assert simulate(folder) == 0
    assert "older version" in capsys.readouterr().err
    assert (folder / "report.html").read_text(encoding="utf-8") == "<html></html>"


def test_only_a_whole_place_is_replaced(view):
    section = simulation_section(view, None)

    assert with_section(f"a{section}b", f"{START}new{END}") == f"a{START}new{END}b"
    assert with_section(f"a{START}b", section) is None
