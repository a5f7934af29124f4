"""`wfm purge`: what it tells and what it does; the rules of keeping are tested where they are."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, date, datetime

import pytest

from api.cli import main
from data.store.cases import add_case, list_cases
from data.store.database import SETTING, Store
from data.store.jobs import add_job, finish_job
from data.store.plans import add_plan, judge, publish_plan
from data.store.tables import JobState, StoredCase


@pytest.fixture
def old(tmp_path, tiny_case, tiny_forecast, tiny_requirement, tiny_plan):
    """A published plan that ended long ago, as far as the database knows; the folder of its archive."""
    with closing(Store(tmp_path)) as store, store.write() as session:
        case_id = add_case(session, tiny_case, {})[0].id
        job = add_job(session, case_id, {}, None)
        made = judge(tiny_case, forecast=tiny_forecast, requirement=tiny_requirement, plan=tiny_plan, seconds={})
        plan = add_plan(session, case_id, made, job=job)
        finish_job(job, JobState.DONE, None)
        publish_plan(session, plan.id)
        case = session.get_one(StoredCase, case_id)
        case.created_at, case.last_day = datetime(2020, 1, 1, tzinfo=UTC), date(2020, 2, 2)
    return f"{tiny_case.content_hash()[:12]}-v1"


@pytest.fixture
def purge(capsys, tmp_path):
    def run(*args):
        with pytest.raises(SystemExit) as ended:
            main(["purge", "--data", str(tmp_path), *args])
        out, err = capsys.readouterr()
        return ended.value.code or 0, out, err

    return run


def cases(tmp_path):
    with closing(Store(tmp_path)) as store, store.read() as session:
        return len(list_cases(session, 9))


def test_it_tells_then_deletes_then_finds_nothing(purge, old, tmp_path):
    told = {"dry_run": True, "cases": 1, "plans": 1, "archived": [old]}
    code, out, err = purge("--dry-run", "--json")
    assert (code, json.loads(out), cases(tmp_path)) == (0, told, 1)
    assert err.startswith("To delete: 1 case(s), 1 plan(s), 1 of them to the archive ")
    code, out, err = purge()
    assert (code, out, cases(tmp_path)) == (0, f"{old}\n", 0)
    assert err.startswith("Deleted: 1 case(s)")
    assert (tmp_path / "archive" / old / "roster.csv").exists()
    assert json.loads(purge("--json")[1]) == {"dry_run": False, "cases": 0, "plans": 0, "archived": []}


def test_the_archive_may_be_elsewhere(purge, old, tmp_path):
    assert purge("--archive", str(tmp_path / "elsewhere"))[0] == 0
    assert (tmp_path / "elsewhere" / old / "plan.json").exists()


def test_a_mistyped_folder_is_told(purge, monkeypatch):
    monkeypatch.delenv(SETTING, raising=False)
    code, _, err = purge()
    assert code == 1
    assert "There is no database" in err


def test_the_address_can_be_given_to_the_command(purge, postgres_server, old, tmp_path):
    code, out, _ = purge("--database", postgres_server, "--json")
    assert (code, json.loads(out)["cases"], cases(tmp_path)) == (0, 0, 1)
