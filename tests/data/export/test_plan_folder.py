"""The folder of a plan: round trip, nothing half-written, nothing foreign lost, every tampering found."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from data.export import plan_folder
from data.export.plan_folder import FILES, check_folder, read_plan_folder, write_plan_folder
from wfm.calendar import CalendarChange, Change
from wfm.errors import PlanError


@pytest.fixture
def folder(tmp_path, tiny_case, tiny_forecast, tiny_requirement, tiny_plan) -> Path:
    out = tmp_path / "plans" / "décembre"
    write_plan_folder(out, tiny_case, tiny_forecast, tiny_requirement, tiny_plan)
    return out


def names(path: Path) -> set[str]:
    return {entry.name for entry in path.iterdir()}


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_what_is_written_is_read_back_and_passes(folder, tiny_case, tiny_requirement, tiny_plan):
    assert names(folder) == set(FILES) - {"report.html"}
    assert read_plan_folder(folder) == (tiny_case, tiny_requirement, tiny_plan)
    assert check_folder(folder) == []


def test_a_document_s_hash_is_its_file_s(folder, tiny_plan):
    assert hashlib.sha256((folder / "plan.json").read_bytes()).hexdigest() == tiny_plan.content_hash()


def test_writing_again_replaces_the_plan_and_its_report(folder, tiny_case, tiny_forecast, tiny_requirement, make_plan):
    (folder / "report.html").write_text("of the old plan", encoding="utf-8")
    other = make_plan(tiny_case, [])
    write_plan_folder(folder, tiny_case, tiny_forecast, tiny_requirement, other)

    assert names(folder) == set(FILES) - {"report.html"}
    assert read_plan_folder(folder)[2] == other
    assert names(folder.parent) == {folder.name}


def test_an_empty_folder_is_taken(tmp_path, tiny_case, tiny_forecast, tiny_requirement, tiny_plan):
    write_plan_folder(tmp_path, tiny_case, tiny_forecast, tiny_requirement, tiny_plan)

    assert check_folder(tmp_path) == []


def test_files_of_others_are_never_replaced(folder, tiny_case, tiny_forecast, tiny_requirement, tiny_plan):
    (folder / "agents.csv").write_text("agent\n", encoding="utf-8")

    with pytest.raises(PlanError, match=r"agents\.csv"):
        write_plan_folder(folder, tiny_case, tiny_forecast, tiny_requirement, tiny_plan)
    assert (folder / "agents.csv").exists()


def test_a_file_is_no_folder(tmp_path, tiny_case, tiny_forecast, tiny_requirement, tiny_plan):
    (tmp_path / "out").write_text("", encoding="utf-8")

    with pytest.raises(PlanError, match="is a file"):
        write_plan_folder(tmp_path / "out", tiny_case, tiny_forecast, tiny_requirement, tiny_plan)


@pytest.mark.parametrize("fault", ["write", "swap"])
def test_a_failure_leaves_the_old_plan(
    folder, tiny_case, tiny_forecast, tiny_requirement, make_plan, *, monkeypatch, fault
):
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    real = {"write": Path.write_text, "swap": Path.rename}

    def full_disk(self, *arguments, **options):
        if self.name == "certificate.json":
            raise OSError(28, "No space left on device")
        return real["write"](self, *arguments, **options)

    def broken_rename(self, target):
        if ".new-" in self.name:
            raise OSError(5, "Input/output error")
        return real["swap"](self, target)

    if fault == "write":
        monkeypatch.setattr(Path, "write_text", full_disk)
    else:
        monkeypatch.setattr(Path, "rename", broken_rename)
    with pytest.raises(OSError, match=r"device|error"):
        write_plan_folder(folder, tiny_case, tiny_forecast, tiny_requirement, make_plan(tiny_case, []))
    monkeypatch.undo()

    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert names(folder.parent) == {folder.name}


@pytest.mark.parametrize(
    ("name", "old", "new", "where"),
    [
        ("roster.csv", "A2-2026-12-08", "A2-2026-12-09", "row"),
        ("capacity_requests.csv", ",2,2,incremental,10,8,", ",4,2,incremental,10,16,", "row 2"),
        ("requirement.csv", ",2.5,", ",2.4,", "row 18"),
        ("compliance.csv", "2004-06-08,15,0,A1,", "2004-06-08,15,0,A2,", "row 2"),
        ("compliance.csv", "MA-SMIG", "MA-SMIC", "row"),
        ("advice.csv", "kind,", "kinds,", "row 1"),
        ("certificate.json", '"gap": 0.', '"gap": 1.', "gap"),
    ],
)
def test_a_table_that_says_otherwise(folder, name, old, new, where):
    edit(folder / name, old, new)
    [violation] = check_folder(folder)

    assert (violation.rule, violation.subject) == ("EXPORT", name)
    assert violation.where.startswith(where)


DERIVED = [
    "roster.csv",
    "capacity_requests.csv",
    "requirement.csv",
    "compliance.csv",
    "advice.csv",
    "certificate.json",
]


@pytest.mark.parametrize("name", DERIVED)
def test_an_unreadable_file(folder, name):
    (folder / name).write_bytes(b"\xff\xfe")
    [violation] = check_folder(folder)

    assert (violation.rule, violation.subject) == ("EXPORT", name)
    assert violation.found.startswith("cannot be read")


@pytest.mark.parametrize("name", DERIVED)
def test_a_folder_without_a_file_is_not_complete(folder, name):
    """As one is that an older version wrote, which did not know of advice or compliance."""
    (folder / name).unlink()
    [violation] = check_folder(folder)

    assert (violation.rule, violation.subject, violation.found) == ("EXPORT", name, "missing")
    assert "plan again" in violation.limit


def test_advice_that_was_dropped_or_made_up(tmp_path, tiny_case, tiny_forecast, tiny_requirement, make_plan, tiny_plan):
    expected = CalendarChange(country="MA", feast="Élections", day=tiny_case.first_day, status=Change.ESTIMATED)
    case = tiny_case.model_copy(update={"calendar_changes": (expected,)})
    case_hash = case.content_hash()
    requirement = tiny_requirement.model_copy(update={"case_hash": case_hash})
    plan = make_plan(case, tiny_plan.shifts, requirement=requirement)
    write_plan_folder(tmp_path, case, tiny_forecast, requirement, plan)
    advice = tmp_path / "advice.csv"
    lines = advice.read_text(encoding="utf-8").splitlines(keepends=True)

    assert len(lines) > 2
    assert check_folder(tmp_path) == []
    for text in ("".join(lines[:-1]), "".join([*lines, lines[-1]])):
        advice.write_text(text, encoding="utf-8")
        assert [(entry.subject, entry.where[:3]) for entry in check_folder(tmp_path)] == [("advice.csv", "row")]


def test_rows_that_are_missing_or_too_many_are_told_up_to_a_few(folder):
    roster = folder / "roster.csv"
    roster.write_text(roster.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    violations = check_folder(folder)

    assert [violation.where for violation in violations] == [f"row {row}" for row in range(2, 7)]
    assert violations[0].found == "no row"


def test_a_certificate_that_is_no_object(folder):
    (folder / "certificate.json").write_text("[]", encoding="utf-8")

    assert [violation.found for violation in check_folder(folder)] == ["no JSON object"]


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        ("plan.json", '"total_cents":', '"total_cents":1', "BILL"),
        ("plan.json", '"activity":"sales"', '"activity":"service"', "SKILL"),
        ("plan.json", '"agent":"A1"', '"agent":"A7"', "REFERENCE"),
        ("requirement.json", '"work":2500', '"work":2400', "HASH"),
        ("case.json", '"hourly_cost":500', '"hourly_cost":501', "HASH"),
    ],
)
def test_a_document_that_was_edited(folder, name, old, new, rule):
    edit(folder / name, old, new)

    assert rule in {violation.rule for violation in check_folder(folder)}


@pytest.mark.parametrize("name", ["case.json", "requirement.json", "plan.json"])
def test_documents_that_are_missing_damaged_or_of_another_version(folder, name):
    file = folder / name
    document = json.loads(file.read_bytes())
    file.write_text(json.dumps(document | {"schema_version": 99}), encoding="utf-8")
    with pytest.raises(PlanError, match="schema_version"):
        read_plan_folder(folder)
    file.write_bytes(b'{"schema_version":')
    with pytest.raises(PlanError, match="damaged"):
        read_plan_folder(folder)
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(PlanError, match="Field required"):
        read_plan_folder(folder)
    file.unlink()
    with pytest.raises(PlanError, match="is missing"):
        read_plan_folder(folder)
    file.mkdir()
    with pytest.raises(PlanError, match="cannot be read"):
        read_plan_folder(folder)


def test_no_folder_at_all(tmp_path):
    with pytest.raises(PlanError, match="no such folder"):
        check_folder(tmp_path / "nowhere")


def test_every_file_has_its_place():
    assert plan_folder.CERTIFICATE in FILES
    assert len(set(FILES)) == len(FILES)
