"""Databases of every earlier version are brought forwards with all that is in them; of a later one, refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import column, create_engine, insert, inspect, table, text

from data.export.capacity_requests import capacity_requests
from data.store.arrays import pack_histories
from data.store.capacity_requests import list_requests, load_request
from data.store.cases import find_case, load_case, load_histories
from data.store.database import FILE_NAME, Store, database_url
from data.store.jobs import find_job
from data.store.keys import any_key
from data.store.migrate import configuration, migrate
from data.store.plans import find_plan, list_plans, publish_plan
from data.store.tables import Base, JobState, PlanState
from wfm.case import hash_histories
from wfm.errors import WfmError
from wfm.plan import Plan

VERSION_1 = (Path(__file__).parent / "version_1.sql").read_text(encoding="utf-8")
HASH = "0" * 64
_FUNCTIONS = ("refuse_plan_change", "keep_plan", "refuse_audit_change", "keep_audit")
CREATED = datetime(2026, 1, 5, 8, 30, 0, 123456)  # noqa: DTZ001 - kept without zone, meaning UTC


@pytest.fixture
def engine(tmp_path, database):
    """The database of `open_store`, before anything opens it."""
    (tmp_path / "données").mkdir(exist_ok=True)
    engine = create_engine(database_url(tmp_path / "données", database))
    yield engine
    engine.dispose()


@pytest.fixture
def version_1(engine, stored_case, odd_histories, tiny_plan, make_plan, tiny_forecast, tiny_requirement):
    """A database of the first version that holds a case, three jobs and the plans of two of them."""
    plan = tiny_plan.model_copy(update={"case_hash": stored_case.content_hash(), "versions": {"rules MA": "2026.1"}})
    script = VERSION_1
    if engine.dialect.name == "postgresql":
        for ours, theirs in {"DATETIME": "TIMESTAMP", "BLOB": "BYTEA", " DOUBLE ": " DOUBLE PRECISION "}.items():
            script = script.replace(ours, theirs)
    with engine.begin() as connection:
        for statement in script.split(";")[:-1]:
            connection.execute(text(statement))
        add(
            connection, "cases", id="c1", content_hash=stored_case.content_hash(), name=stored_case.name,
            created_at=CREATED, document=stored_case.canonical_json(), histories=pack_histories(odd_histories),
        )  # fmt: skip
        for number, state in enumerate(("done", "done", "failed")):
            add(
                connection, "jobs", id=f"j{number}", case_id="c1", state=state, parameters='{"seed": 7}',
                idempotency_key=f"clé {number}", stop_requested=False, problem='{"code": "no-plan"}', created_at=CREATED,
            )  # fmt: skip
        for number in (1, 0):  # stored in another order than they were made in
            add(
                connection, "plans", id=f"p{number}", case_id="c1", job_id=f"j{number}", case_name="Équipe ✓",
                status="optimal", stop_reason="proven", currency="EUR", cost_cents=2**31 - 1, bound_cents=1, gap=0.25,
                created_at=CREATED + timedelta(hours=number), seconds='{"plan": 1.5}',
                forecast=tiny_forecast.canonical_json(), requirement=tiny_requirement.canonical_json(),
                plan=plan.canonical_json(),
            )  # fmt: skip
    return plan


def add(connection, into, /, **values):
    rows = table(into, *map(column, values))
    connection.execute(insert(rows).values(values))


def tables(engine):
    """All that the database itself knows of its tables, in an order of its own."""
    found = inspect(engine)
    return {
        name: {
            "columns": [
                (column["name"], str(column["type"]), column["nullable"], column["default"])
                for column in sorted(found.get_columns(name), key=lambda column: column["name"])
            ],
            "key": found.get_pk_constraint(name)["constrained_columns"],
            "unique": sorted(tuple(entry["column_names"]) for entry in found.get_unique_constraints(name)),
            "foreign": sorted(
                (entry["constrained_columns"], entry["referred_table"]) for entry in found.get_foreign_keys(name)
            ),
            "checks": sorted(str(entry["name"]) for entry in found.get_check_constraints(name)),
            "indexes": sorted(
                (entry["name"], bool(entry["unique"]))
                for entry in found.get_indexes(name)
                if not entry.get("duplicates_constraint")
            ),
        }
        for name in found.get_table_names()
        if name != "alembic_version"
    }


def test_the_steps_end_at_the_tables_of_the_program(store, engine):
    with engine.connect() as connection:
        command.check(configuration(connection))
    stepped = tables(engine)
    with engine.begin() as connection:
        for name in [*stepped, "alembic_version"]:
            connection.execute(text(f"DROP TABLE {name}{' CASCADE' if engine.dialect.name == 'postgresql' else ''}"))
        Base.metadata.create_all(connection)
    assert stepped == tables(engine)


def test_a_database_of_version_1_is_brought_forwards(version_1, engine, open_store, stored_case, odd_histories):
    for _ in range(2):  # the second finds nothing to do
        store = open_store()
        with store.read() as session:
            case = find_case(session, "c1")
            assert (load_case(case), case.last_day) == (stored_case, stored_case.last_day)
            assert case.created_at == CREATED.replace(tzinfo=UTC)
            assert hash_histories(load_histories(case)) == hash_histories(odd_histories)
            assert (find_job(session, "j2").state, find_job(session, "j2").parameters) == (JobState.FAILED, {"seed": 7})
            assert [(plan.id, plan.version, plan.state) for plan in list_plans(session, 9)] == [
                ("p1", 2, PlanState.DRAFT),
                ("p0", 1, PlanState.DRAFT),
            ]
            plan = find_plan(session, "p0")
            assert Plan.from_json(plan.plan) == version_1
            assert (plan.inputs_hash, plan.seed, plan.versions, plan.tzdata_version) == (
                version_1.case_hash, version_1.seed, version_1.versions, version_1.tzdata_version,
            )  # fmt: skip
            assert (plan.cost_cents, plan.gap, plan.seconds) == (2**31 - 1, 0.25, {"plan": 1.5})
            requests = list_requests(session, None, 9)
            assert [load_request(request) for request in requests] == capacity_requests(stored_case, version_1) * 2
            assert {request.created_at for request in requests} == {plan.created_at for plan in list_plans(session, 9)}
            assert not any_key(session)
    with store.write() as session:
        assert publish_plan(session, "p1").state is PlanState.PUBLISHED


def test_its_tables_are_those_of_a_new_database(version_1, engine, open_store):
    open_store()
    old = tables(engine)
    with engine.begin() as connection:
        for name in [*old, "alembic_version"]:
            connection.execute(text(f"DROP TABLE {name}{' CASCADE' if engine.dialect.name == 'postgresql' else ''}"))
        for function in _FUNCTIONS if engine.dialect.name == "postgresql" else ():
            connection.execute(text(f"DROP FUNCTION {function}"))
    open_store()
    assert old == tables(engine)


def test_a_database_of_version_2_keeps_its_keys_and_requests(engine, open_store, version_1):
    with engine.begin() as connection:  # as the program of version 2 left it
        connection.execute(text("DELETE FROM plans"))
    migrate(engine, "the test's", "0002")
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
        connection.execute(text("UPDATE schema_version SET version = 2"))
        add(connection, "api_keys", id="k", secret_hash=HASH, role="planner", created_at=CREATED, expires_at=CREATED)
    with open_store().read() as session:
        assert any_key(session)
    assert "schema_version" not in inspect(engine).get_table_names()


def test_a_plan_that_cannot_be_read_is_told_and_nothing_is_changed(version_1, engine, open_store):
    with engine.begin() as connection:
        connection.execute(text("UPDATE plans SET plan = '{}' WHERE id = 'p1'"))
    before = tables(engine)
    for _ in range(2):
        with pytest.raises(WfmError, match="Plan p1 in the database is of a form"):
            open_store()
        assert tables(engine) == before
        assert "alembic_version" not in inspect(engine).get_table_names()


def test_rows_that_refer_to_nothing_are_told(tmp_path):
    """Only SQLite, whose keys bind nobody who does not ask for it, can hold such rows."""
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        connection.executescript(VERSION_1)
        connection.execute(
            "INSERT INTO jobs VALUES ('j', 'no case', 'done', '{}', NULL, 0, NULL, NULL, '2026', NULL, NULL)"
        )
        connection.commit()
    with pytest.raises(WfmError, match="holds rows that refer to missing ones"):
        Store(tmp_path)


@pytest.mark.parametrize("revision", ["0099", "abc"])
def test_a_newer_database_is_refused(store, engine, open_store, revision):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
    with pytest.raises(WfmError, match=f"holds tables of revision {revision}.*a newer program made them"):
        open_store()


def test_a_newer_number_of_before_is_refused(version_1, engine, open_store):
    with engine.begin() as connection:
        connection.execute(text("UPDATE schema_version SET version = 99"))
    with pytest.raises(WfmError, match=r"holds tables of revision \(number 99\)"):
        open_store()
