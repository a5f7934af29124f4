"""Versions of plans, never changed once published, and the log of what was purged. Money needs 64 bits in PostgreSQL.

A later step that makes the table of plans anew in SQLite drops its triggers, and must make them again.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_STATES = ("draft", "published", "superseded")
_CONTENT = (
    "id, case_id, job_id, case_name, version, inputs_hash, seed, versions, tzdata_version, status, stop_reason, currency, "
    "cost_cents, bound_cents, gap, created_at, seconds, forecast, requirement, plan"
)
_WRONG_STEP = """NOT (OLD.state = NEW.state OR (OLD.state = 'draft' AND NEW.state = 'published')
    OR (OLD.state = 'published' AND NEW.state = 'superseded' AND NEW.published_at = OLD.published_at))"""
_GUARDS = {
    "plan_content": f"UPDATE OF {_CONTENT} ON plans {{each}} WHEN (OLD.state <> 'draft')",
    "plan_state": f"UPDATE OF state ON plans {{each}} WHEN ({_WRONG_STEP})",
    "plan_times": """UPDATE OF published_at, superseded_at ON plans {each}
        WHEN (OLD.state = NEW.state AND OLD.state <> 'draft')""",
}
_REFUSAL = "a plan never changes once it is published"
_UNLOGGED = "NOT EXISTS (SELECT 1 FROM purge_log WHERE plan_id = OLD.id)"
_KEPT = "a plan once published is deleted only through the purge log"


def upgrade() -> None:
    op.drop_table("schema_version")
    op.create_table(
        "purge_log",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("purged_at", sa.DateTime, nullable=False, index=True),
        sa.Column("case_id", sa.String, nullable=False),
        sa.Column("inputs_hash", sa.String, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("plan_id", sa.String, index=True),
        sa.Column("version", sa.Integer),
        sa.Column("state", sa.String),
        sa.Column("archive", sa.String),
    )
    op.add_column("cases", sa.Column("last_day", sa.Date))
    state = sa.Enum(*_STATES, name="planstate", native_enum=False)
    for column in (
        sa.Column("version", sa.Integer),
        sa.Column("state", state, server_default="draft"),
        sa.Column("published_at", sa.DateTime),
        sa.Column("superseded_at", sa.DateTime),
        sa.Column("inputs_hash", sa.String),
        sa.Column("seed", sa.BigInteger),
        sa.Column("versions", sa.JSON),
        sa.Column("tzdata_version", sa.String),
    ):
        op.add_column("plans", column)
    _fill_cases()
    _fill_plans()
    with op.batch_alter_table("cases") as batch:
        batch.alter_column("last_day", existing_type=sa.Date, nullable=False)
        batch.alter_column("document", existing_type=sa.Text, nullable=False)
        batch.alter_column("histories", existing_type=sa.LargeBinary, nullable=False)
        batch.create_index("ix_cases_last_day", ["last_day"])
    with op.batch_alter_table("plans") as batch:
        for name in ("forecast", "requirement", "plan"):
            batch.alter_column(name, existing_type=sa.Text, nullable=False)
        for name in ("inputs_hash", "tzdata_version"):
            batch.alter_column(name, existing_type=sa.String, nullable=False)
        batch.alter_column("version", existing_type=sa.Integer, nullable=False)
        batch.alter_column("seed", existing_type=sa.BigInteger, nullable=False)
        batch.alter_column("versions", existing_type=sa.JSON, nullable=False)
        batch.alter_column("state", existing_type=state, nullable=False, server_default=None)
        for name in ("cost_cents", "bound_cents"):
            batch.alter_column(name, existing_type=sa.Integer, type_=sa.BigInteger, existing_nullable=False)
        batch.create_check_constraint("planstate", f"state IN {_STATES}")
        batch.create_check_constraint("plan_published_at", "(state = 'draft') = (published_at IS NULL)")
        batch.create_check_constraint("plan_superseded_at", "(state = 'superseded') = (superseded_at IS NOT NULL)")
        batch.create_unique_constraint("plan_version", ["case_id", "version"])
        batch.create_index("ix_plans_state", ["state"])
    published = sa.text("state = 'published'")
    op.create_index(
        "one_published_plan", "plans", ["case_id"], unique=True, sqlite_where=published, postgresql_where=published
    )
    guard_sqlite() if op.get_bind().dialect.name == "sqlite" else _guard_postgresql()


def _fill_cases() -> None:
    cases = sa.table("cases", sa.column("id"), sa.column("document"), sa.column("last_day", sa.Date))
    connection = op.get_bind()
    for case_id in connection.scalars(sa.select(cases.c.id)).all():
        case = json.loads(connection.scalars(sa.select(cases.c.document).where(cases.c.id == case_id)).one())
        last_day = date.fromisoformat(case["first_day"]) + timedelta(days=case["days"] - 1)
        connection.execute(cases.update().where(cases.c.id == case_id).values(last_day=last_day))


def _fill_plans() -> None:
    """Number the plans of each case in the order in which they were stored, and take out of each what it follows from."""
    names = ("id", "case_id", "created_at", "plan", "version", "inputs_hash", "seed", "tzdata_version")
    plans = sa.table("plans", *map(sa.column, names), sa.column("versions", sa.JSON))
    connection = op.get_bind()
    count: Counter[str] = Counter()
    in_order = sa.select(plans.c.id, plans.c.case_id).order_by(plans.c.created_at, plans.c.id)
    for plan_id, case_id in connection.execute(in_order).all():
        count[case_id] += 1
        plan: dict[str, Any] = json.loads(
            connection.scalars(sa.select(plans.c.plan).where(plans.c.id == plan_id)).one()
        )
        same = {name: plan[name] for name in ("seed", "versions", "tzdata_version")}
        values = same | {"version": count[case_id], "inputs_hash": plan["case_hash"]}
        connection.execute(plans.update().where(plans.c.id == plan_id).values(values))


def guard_sqlite() -> None:
    for name, when in _GUARDS.items():
        op.execute(f"CREATE TRIGGER {name} BEFORE {when.format(each='')} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END")
    op.execute(
        f"CREATE TRIGGER plan_kept BEFORE DELETE ON plans WHEN (OLD.state <> 'draft' AND {_UNLOGGED}) "
        f"BEGIN SELECT RAISE(ABORT, '{_KEPT}'); END"
    )


def _guard_postgresql() -> None:
    refuse = "RAISE EXCEPTION '{0}' USING ERRCODE = 'restrict_violation';"
    op.execute(
        f"""CREATE FUNCTION refuse_plan_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN {refuse.format(_REFUSAL)} END $$"""
    )
    for name, when in _GUARDS.items():
        each = when.format(each="FOR EACH ROW")
        op.execute(f"CREATE TRIGGER {name} BEFORE {each} EXECUTE FUNCTION refuse_plan_change()")
    op.execute(
        f"""CREATE FUNCTION keep_plan() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {_UNLOGGED} THEN {refuse.format(_KEPT)} END IF;
            RETURN OLD;
        END $$"""
    )
    op.execute(
        "CREATE TRIGGER plan_kept BEFORE DELETE ON plans FOR EACH ROW "
        "WHEN (OLD.state <> 'draft') EXECUTE FUNCTION keep_plan()"
    )
