"""The audit log: a line with every change, in the same transaction, that nobody can alter."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from data.store.audit import COMMAND_LINE, Actor, AuditFilter, list_events, purge_events, record
from data.store.keys import add_key
from data.store.plans import publish_plan
from data.store.tables import AuditEvent, Role

ANNA = Actor("key 1", "planner", "request 7")


@pytest.fixture
def events(store):
    def events(limit=100, after=None, **wanted):
        with store.read() as session:
            return list_events(session, AuditFilter(**wanted), limit, after)

    return events


def test_a_plan_says_all_that_it_follows_from(store, keep, events):
    plan = keep()
    with store.write(by=ANNA) as session:
        publish_plan(session, plan.id)
    assert [line.action for line in events(resource="plan")] == ["plan.published", "plan.stored"]
    line = events(resource="plan")[0]
    assert (line.actor, line.role, line.request_id) == ("key 1", "planner", "request 7")
    assert (line.resource, line.resource_id, line.version) == ("plan", plan.id, 1)
    assert abs(datetime.now(UTC) - line.at) < timedelta(minutes=5)
    same = {
        name: getattr(plan, name)
        for name in ("case_id", "job_id", "base_id", "inputs_hash", "seed", "versions", "tzdata_version")
    }
    assert line.details == same
    assert line.details["versions"]


def test_there_is_no_line_without_its_change(store, events):
    with store.write() as session:
        add_key(session, Role.PLANNER, None, datetime.now(UTC))
        session.rollback()
    assert events() == []


def test_lines_are_found_by_who_what_and_when(store, events):
    with store.write(by=COMMAND_LINE) as session:
        for number in range(3):
            record(session, "thing.made", "thing", str(number))
    with store.write(by=ANNA) as session:
        record(session, "thing.broken", "thing", "1", version=2)
    assert [line.resource_id for line in events()] == ["1", "2", "1", "0"]
    assert [line.resource_id for line in events(2)] == ["1", "2"]
    assert [line.resource_id for line in events(2, (events(2)[-1].at, str(events(2)[-1].id)))] == ["1", "0"]
    assert [line.action for line in events(resource_id="1")] == ["thing.broken", "thing.made"]
    assert [line.resource_id for line in events(actor="key 1", action="thing.broken")] == ["1"]
    at = events()[0].at
    assert len(events(since=at, until=at + timedelta(microseconds=1))) >= 1
    assert len(events(until=at)) <= 3


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_events SET actor = 'somebody else'",
        "UPDATE audit_events SET at = '2001-01-01 00:00:00'",
        "DELETE FROM audit_events",
        "TRUNCATE audit_events",
        "INSERT OR REPLACE INTO audit_events SELECT * FROM audit_events",
    ],
)
def test_the_database_refuses_to_alter_it(store, events, database, change):
    if ("TRUNCATE" in change) != (database is not None) and ("TRUNCATE" in change or "REPLACE" in change):
        change = "DELETE FROM audit_events WHERE true"  # the statement is not of this database's language
    with store.write() as session:
        record(session, "thing.made", "thing", "1")
    with pytest.raises(DBAPIError, match="audit log"), store.write() as session:
        session.execute(text(change))
    assert [(line.actor, line.resource_id) for line in events()] == [("service", "1")]


def test_a_line_goes_when_its_time_is_over(store, events):
    today = datetime.now(UTC).date()
    with store.write() as session:
        record(session, "thing.made", "thing", "new")
        for days in (1, 5 * 365, 5 * 366 + 40):
            old = {"at": datetime.now(UTC) - timedelta(days=days), "actor": "a", "role": "r", "action": "thing.made"}
            session.execute(insert(AuditEvent).values(resource="thing", resource_id=str(days), details={}, **old))
    with store.write() as session:
        assert purge_events(session, today) == 1
    assert {line.resource_id for line in events()} == {"new", "1", str(5 * 365)}
    with store.write() as session:
        assert purge_events(session, date(today.year - 1, 3, 31)) == 0
