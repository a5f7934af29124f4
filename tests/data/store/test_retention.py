"""After 24 months: published plans to the archive, everything else gone, and the purge log tells of all of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from data.export.plan_folder import check_folder, read_plan_folder
from data.store.cases import add_case, find_case, list_cases
from data.store.drafts import add_draft
from data.store.forecasts import add_forecast
from data.store.idempotency import KeyReusedError, find_made, note_made
from data.store.jobs import add_job, finish_job, list_jobs
from data.store.leases import claim_next_job
from data.store.plans import add_plan, find_plan, judge, list_plans, publish_plan
from data.store.requirements import add_requirement
from data.store.retention import list_purged, months_before, purge
from data.store.tables import JobState, StoredCase
from wfm.errors import PlanError


@pytest.fixture
def ended(store, keep):
    """A case with a superseded plan, a published one and a draft, all jobs ended, stored in 2020."""
    plans = [keep() for _ in range(3)]
    with store.write() as session:
        for plan in plans[:2]:
            publish_plan(session, plan.id)
        for job in list_jobs(session, 9):
            finish_job(job, JobState.DONE, None)
        session.get_one(StoredCase, plans[0].case_id).created_at = datetime(2020, 1, 1, tzinfo=UTC)
    return plans


@pytest.fixture
def over(tiny_case):
    """The first day on which the time of the tiny case is over."""
    last = tiny_case.last_day
    assert (last.month, last.day) == (12, 13)
    return date(last.year + 2, 12, 14)


def left(store):
    with store.read() as session:
        return [len(rows(session, 9)) for rows in (list_cases, list_jobs, list_plans)]


def test_plans_once_published_are_archived_and_all_is_deleted(store, ended, over, tmp_path, tiny_case, tiny_plan):
    archive = tmp_path / "archive"
    assert purge(store, archive, over - timedelta(days=1)).cases == 0
    assert left(store) == [1, 3, 3]

    done = purge(store, archive, over)

    assert (done.cases, done.plans) == (1, 3)
    assert left(store) == [0, 0, 0]
    folders = [f"{tiny_case.content_hash()[:12]}-v{version}" for version in (1, 2)]
    assert sorted(path.name for path in archive.iterdir()) == list(done.archived) == folders
    for folder in folders:
        case, _, plan = read_plan_folder(archive / folder)
        assert (case, plan) == (tiny_case, tiny_plan)
        assert check_folder(archive / folder) == []
    with store.read() as session:
        assert session.scalar(text("SELECT count(*) FROM capacity_requests")) == 0
        log = {row.plan_id: row for row in list_purged(session)}
    assert {(row.case_id, row.inputs_hash, row.last_day) for row in log.values()} == {
        (ended[0].case_id, tiny_case.content_hash(), tiny_case.last_day)
    }
    assert {key: (row.version, row.state, row.archive) for key, row in log.items()} == {
        ended[0].id: (1, "superseded", folders[0]),
        ended[1].id: (2, "published", folders[1]),
        ended[2].id: (3, "draft", None),
        None: (None, None, None),
    }
    assert purge(store, archive, over).cases == 0


def test_a_dry_run_only_tells(store, ended, over, tmp_path):
    told = purge(store, tmp_path / "archive", over, dry_run=True)
    assert left(store) == [1, 3, 3]
    assert not (tmp_path / "archive").exists()
    with store.read() as session:
        assert list_purged(session) == []
    assert purge(store, tmp_path / "archive", over) == told


def test_a_case_of_long_ago_is_kept_from_when_it_was_stored(store, ended, over, tmp_path):
    with store.write() as session:
        session.get_one(StoredCase, ended[0].case_id).created_at = datetime(2028, 12, 15, tzinfo=UTC)
    assert purge(store, tmp_path / "archive", over).cases == 0
    assert purge(store, tmp_path / "archive", date(2030, 12, 15)).cases == 0
    assert purge(store, tmp_path / "archive", date(2030, 12, 16)).cases == 1


def test_a_case_that_is_being_planned_is_left(store, ended, over, tmp_path):
    with store.write() as session:
        add_job(session, ended[0].case_id, {}, None)
    assert purge(store, tmp_path / "archive", over).cases == 0
    with store.write() as session:
        job = claim_next_job(session, "w")
    assert purge(store, tmp_path / "archive", over).cases == 0
    with store.write() as session:
        finish_job(session.merge(job), JobState.CANCELLED, None)
    assert purge(store, tmp_path / "archive", over).cases == 1


def test_what_cannot_be_archived_is_not_deleted(store, ended, over, tmp_path, tiny_case):
    folder = tmp_path / "archive" / f"{tiny_case.content_hash()[:12]}-v2"
    folder.mkdir(parents=True)
    (folder / "photo.jpg").touch()
    with pytest.raises(PlanError, match=r"photo\.jpg"):
        purge(store, tmp_path / "archive", over)
    assert left(store) == [1, 3, 3]
    (folder / "photo.jpg").unlink()
    assert purge(store, tmp_path / "archive", over).cases == 1  # over the first plan's folder, which is there already


def test_a_case_without_plans_goes_too(store, stored_case, odd_histories, over, tmp_path):
    with store.write() as session:
        add_case(session, stored_case, odd_histories)[0].created_at = datetime(2020, 1, 1, tzinfo=UTC)
    assert purge(store, tmp_path / "archive", over).plans == 0
    assert left(store) == [0, 0, 0]


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2028, 12, 14), 24, date(2026, 12, 14)),
        (date(2028, 2, 29), 24, date(2026, 2, 28)),
        (date(2026, 1, 31), 2, date(2025, 11, 30)),
        (date(2026, 12, 1), 12, date(2025, 12, 1)),
    ],
)
def test_months_before(day, months, before):
    assert months_before(day, months) == before


def test_drafts_requirements_changed_plans_and_old_keys_go_too(
    store, ended, over, tmp_path, tiny_case, tiny_forecast, tiny_requirement, tiny_plan
):
    made = judge(tiny_case, forecast=tiny_forecast, requirement=tiny_requirement, plan=tiny_plan, seconds={})
    with store.write() as session:
        base = find_plan(session, ended[2].id)
        add_plan(session, base.case_id, made, base=base)
        add_draft(session, find_case(session, base.case_id))
        forecast = add_forecast(session, base.case_id, modelled=tiny_forecast, document=tiny_forecast)
        add_requirement(session, forecast, tiny_requirement, {})
        note_made(session, "anybody", "key", "hash", "made")
        assert find_made(session, "anybody", "key", "hash") == "made"
        with pytest.raises(KeyReusedError):
            find_made(session, "anybody", "key", "other")
        assert find_made(session, "somebody", "key", "other") is None
    assert purge(store, tmp_path / "archive", over).plans == 4
    assert left(store) == [0, 0, 0]
    with store.read() as session:
        for table in ("drafts", "requirements", "forecasts", "idempotency_keys"):
            assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 0  # noqa: S608 - from above
