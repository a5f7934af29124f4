"""Draft, published, superseded: one plan of a case is in force, and what was published never changes."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from data.store.cases import add_case
from data.store.jobs import add_job
from data.store.plans import add_plan, find_plan, find_published_plan, judge, publish_plan
from data.store.tables import PlanState
from wfm.errors import WfmError


def states(store):
    with store.read() as session:
        rows = session.execute(text("SELECT version, state FROM plans ORDER BY created_at, version"))
        return [tuple(row) for row in rows]


def publish(store, plan_id):
    with store.write() as session:
        return publish_plan(session, plan_id)


def test_a_new_plan_is_the_next_version_and_a_draft(store, keep, tiny_plan):
    first, second = keep(), keep()
    assert [(plan.version, plan.state, plan.published_at) for plan in (first, second)] == [
        (1, PlanState.DRAFT, None),
        (2, PlanState.DRAFT, None),
    ]
    assert (first.inputs_hash, first.seed) == (tiny_plan.case_hash, tiny_plan.seed)
    assert (first.versions, first.tzdata_version) == (tiny_plan.versions, tiny_plan.tzdata_version)


def test_versions_count_within_a_case(store, keep, tiny_case, tiny_plan, tiny_forecast, tiny_requirement):
    keep_case = keep().case_id
    other = tiny_case.model_copy(update={"name": "Another"})
    requirement = tiny_requirement.model_copy(update={"case_hash": other.content_hash()})
    hashes = {"case_hash": other.content_hash(), "requirement_hash": requirement.content_hash()}
    plan = tiny_plan.model_copy(update={"case_name": other.name, **hashes})
    with store.write() as session:
        job = add_job(session, add_case(session, other, {})[0].id, {}, None)
        made = judge(other, forecast=tiny_forecast, requirement=requirement, plan=plan, seconds={})
        assert add_plan(session, job.case_id, made, job=job).version == 1
        with pytest.raises(WfmError, match="not that of case"):
            add_plan(session, keep_case, made, job=job)


def test_publishing_supersedes_the_plan_before(store, keep):
    first, second, third = keep(), keep(), keep()
    assert publish(store, second.id).state is PlanState.PUBLISHED
    assert states(store) == [(1, "draft"), (2, "published"), (3, "draft")]
    published = publish(store, first.id)
    with store.read() as session:
        before = find_plan(session, second.id)
        assert before.superseded_at == published.published_at >= before.published_at
        assert find_published_plan(session, first.case_id).id == first.id
    assert states(store) == [(1, "published"), (2, "superseded"), (3, "draft")]
    publish(store, third.id)
    assert states(store) == [(1, "superseded"), (2, "superseded"), (3, "published")]


def test_publishing_again_changes_nothing_and_a_superseded_plan_stays_so(store, keep):
    first, second = keep(), keep()
    at = publish(store, first.id).published_at
    assert publish(store, first.id).published_at == at
    publish(store, second.id)
    assert publish(store, first.id).state is PlanState.SUPERSEDED
    assert states(store) == [(1, "superseded"), (2, "published")]
    assert publish(store, "none") is None


def test_the_database_refuses_to_change_what_was_published(store, keep):
    for plan in (keep(), keep()):
        publish(store, plan.id)
    before = states(store)
    assert before == [(1, "superseded"), (2, "published")]
    for version in (1, 2):
        for change in (
            "plan = '{}'", "requirement = '{}'", "forecast = '{}'", "cost_cents = 0", "version = 9", "seed = 9",
            "versions = '{}'", "inputs_hash = ''", "tzdata_version = ''", "case_name = ''", "id = 'x'",
            "base_id = id", "state = 'draft', published_at = NULL, superseded_at = NULL", "published_at = '2020-01-01 00:00:00'",
            "state = 'superseded', superseded_at = '2020-01-01 00:00:00', published_at = '2020-01-01 00:00:00'",
        ):  # fmt: skip
            with pytest.raises(IntegrityError, match="a plan never changes once it is publ"), store.write() as session:
                session.execute(text(f"UPDATE plans SET {change} WHERE version = {version}"))  # noqa: S608 - from above
    assert states(store) == before


def test_the_database_refuses_to_delete_what_was_published(store, keep):
    publish(store, keep().id)
    with store.write() as session:
        session.execute(text("DELETE FROM capacity_requests"))
    with pytest.raises(IntegrityError, match="deleted only through the purge log"), store.write() as session:
        session.execute(text("DELETE FROM plans"))
    assert states(store) == [(1, "published")]


def test_a_draft_takes_no_other_step(store, keep):
    keep()
    for change in (
        "state = 'superseded', published_at = '2026-01-01 00:00:00', superseded_at = '2026-01-01 00:00:00'",
        "state = 'published'",
        "published_at = '2026-01-01 00:00:00'",
        "state = 'other'",
    ):
        with pytest.raises(IntegrityError), store.write() as session:
            session.execute(text(f"UPDATE plans SET {change}"))  # noqa: S608 - from above
    assert states(store) == [(1, "draft")]


def test_the_database_refuses_a_second_plan_in_force(store, keep):
    publish(store, keep().id)
    keep()
    with pytest.raises(IntegrityError), store.write() as session:
        session.execute(text("UPDATE plans SET state = 'published', published_at = created_at WHERE version = 2"))
    assert states(store) == [(1, "published"), (2, "draft")]
