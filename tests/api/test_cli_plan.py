"""`wfm plan` and `wfm check`, with everything real except the chain and the case: a plan built by hand."""

from __future__ import annotations

import json
import os
import signal
import threading
from dataclasses import replace

import pytest

import data.ingest.case
import models.chain
from api.cli import main
from data.export.plan_folder import FILES
from data.ingest.case import LoadedCase
from wfm.errors import WfmError
from wfm.violation import Violation


@pytest.fixture
def planned(monkeypatch, capsys, tmp_path, chain, tiny_case, tiny_histories):
    """Runs `wfm plan` and returns exit code, standard output and standard error; the plan goes to `tmp_path / "plan"`."""
    monkeypatch.setattr(models.chain, "run", chain)
    monkeypatch.setattr(data.ingest.case, "read_case", lambda _: LoadedCase(tiny_case, tiny_histories))

    def run(*args):
        return ended(capsys, "plan", "any", "--out", str(tmp_path / "plan"), *args)

    return run


def ended(capsys, *args):
    with pytest.raises(SystemExit) as end:
        main([str(arg) for arg in args])
    out, err = capsys.readouterr()
    return end.value.code, out, err


def test_all_files_are_written_and_pass_the_check(planned, capsys, tmp_path):
    code, out, err = planned("--time-limit", "7", "--rounds", "9", "--seed", "5", "--workers", "1")

    assert code == 0
    assert {file.name for file in (tmp_path / "plan").iterdir()} == set(FILES)
    assert "proven: no plan costs less than" in out
    assert "report.html" in err
    assert ended(capsys, "check", tmp_path / "plan")[0] == 0


def test_the_arguments_reach_the_chain(planned, chain):
    planned("--time-limit", "7", "--rounds", "9", "--seed", "5", "--workers", "1")

    call = chain.calls[0]
    assert (call["time_limit"], call["rounds"], call["seed"], call["workers"]) == (7.0, 9, 5, 1)


def test_one_json_object(planned, tiny_plan):
    code, out, _ = planned("--json")

    told = json.loads(out)
    assert code == 0
    assert told["cost_cents"] == tiny_plan.certificate.cost_cents
    assert told["bound_cents"] == tiny_plan.certificate.bound_cents
    assert (told["status"], told["violations"], told["seed"]) == (tiny_plan.status, 0, tiny_plan.seed)
    assert {"gap", "seconds", "currency", "changeable_gap"} <= told.keys()


def test_an_earlier_plan_is_replaced_but_other_files_are_not(planned, chain, tmp_path):
    assert planned()[0] == 0
    assert planned()[0] == 0
    (tmp_path / "plan" / "notes.txt").write_text("mine", encoding="utf-8")

    code, _, err = planned()

    assert code == 1
    assert "notes.txt" in err
    assert len(chain.calls) == 2


def test_a_plan_with_violations_is_not_written(planned, chain, tmp_path):
    breach = Violation(rule="DAILY_REST", subject="A1", where="2026-12-08", found="9 h", limit="11 h")
    chain.result = replace(chain.result, violations=[breach])

    code, out, err = planned("--json")

    assert (code, json.loads(out)["violations"]) == (1, 1)
    assert "DAILY_REST: A1" in err
    assert not (tmp_path / "plan").exists()


def test_contradictory_rules_are_told(planned, chain):
    chain.error = WfmError("No plan exists: partner casa must deliver more than it has seats for.")

    code, out, err = planned()

    assert (code, out) == (1, "")
    assert "No plan exists" in err


def press_ctrl_c_once_started(chain):
    def press():
        assert chain.started.wait(20)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=press, daemon=True)
    thread.start()
    return thread


def test_ctrl_c_keeps_the_best_plan(planned, chain, tmp_path):
    chain.release.clear()
    thread = press_ctrl_c_once_started(chain)

    code, _, err = planned()

    thread.join()
    assert code == 130
    assert "Stopping; the best plan found so far is kept" in err
    assert (tmp_path / "plan" / "report.html").exists()


def test_ctrl_c_before_there_is_a_plan(planned, chain, tmp_path):
    chain.release.clear()
    chain.error = WfmError("Stopped before there was a plan.")
    thread = press_ctrl_c_once_started(chain)

    code, out, _ = planned("--json")

    thread.join()
    assert code == 130
    assert json.loads(out)["status"] == "stopped"
    assert not (tmp_path / "plan").exists()


def test_ctrl_c_works_as_before_afterwards(planned):
    before = signal.getsignal(signal.SIGINT)

    planned()

    assert signal.getsignal(signal.SIGINT) is before


def test_check_finds_what_was_changed(planned, capsys, tmp_path):
    planned()
    roster = tmp_path / "plan" / "roster.csv"
    roster.write_text(roster.read_text(encoding="utf-8").replace("A1", "A2"), encoding="utf-8")

    code, out, err = ended(capsys, "check", tmp_path / "plan", "--json")

    told = json.loads(out)
    assert (code, told["status"]) == (1, "violated")
    assert told["violations"] == len(told["details"]) > 0
    assert "roster.csv" in err


def test_check_against_another_case(planned, monkeypatch, capsys, tmp_path, tiny_case, tiny_histories):
    planned()
    other = tiny_case.model_copy(update={"name": "Other"})
    monkeypatch.setattr(data.ingest.case, "read_case", lambda _: LoadedCase(other, tiny_histories))

    code, _, err = ended(capsys, "check", tmp_path / "plan", "--case", "any")

    assert code == 1
    assert "HASH" in err


def test_check_of_nothing(capsys, tmp_path):
    code, _, err = ended(capsys, "check", tmp_path / "nothing")

    assert code == 1
    assert "no such folder" in err
