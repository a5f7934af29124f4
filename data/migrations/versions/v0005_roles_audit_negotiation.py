"""Roles with a site, names of keys, the audit log, and what becomes of capacity requests.

A later step that makes the table of the audit log anew in SQLite drops its triggers, and must make them again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_STATES = ("draft", "sent", "accepted", "countered", "declined", "locked", "withdrawn")
_KEPT_YEARS = 5
_KNOWN = "EXISTS (SELECT 1 FROM audit_events WHERE id = NEW.id)"
_UNCHANGED = "the audit log is never changed"
_KEPT = f"a line of the audit log is kept for {_KEPT_YEARS} years"


def upgrade() -> None:
    _keys()
    _requests()
    _audit()


def _keys() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("api_keys") as batch:
        if not on_sqlite:  # SQLite's table is made anew, without its unnamed or named checks
            batch.drop_constraint("partner_of_a_partner", type_="check")
        batch.add_column(sa.Column("site", sa.String))
        batch.add_column(sa.Column("name", sa.String))
        batch.create_check_constraint("partner_of_a_partner", "(role = 'partner') = (partner IS NOT NULL)")
        batch.create_check_constraint("site_of_a_site_manager", "(role = 'site_manager') = (site IS NOT NULL)")


def _requests() -> None:
    state = sa.Enum(*_STATES, name="requeststate", native_enum=False)
    with op.batch_alter_table("capacity_requests") as batch:
        batch.add_column(sa.Column("state", state, nullable=False, server_default="draft"))
        batch.add_column(sa.Column("revision", sa.Integer, nullable=False, server_default="1"))
        batch.add_column(sa.Column("answer", sa.JSON))
        batch.add_column(sa.Column("changed_at", sa.DateTime))
    # What published plans ask was on offer to its partners already.
    for plan_state, request_state in (("published", "sent"), ("superseded", "withdrawn")):
        op.execute(
            f"UPDATE capacity_requests SET state = '{request_state}' "  # noqa: S608 - two constants
            f"WHERE plan_id IN (SELECT id FROM plans WHERE state = '{plan_state}')"
        )
    with op.batch_alter_table("capacity_requests") as batch:
        batch.alter_column("state", existing_type=state, nullable=False, server_default=None)
        batch.alter_column("revision", existing_type=sa.Integer, nullable=False, server_default=None)
        batch.create_check_constraint("requeststate", f"state IN {_STATES}")
        batch.create_index("ix_capacity_requests_state", ["state"])


def _audit() -> None:
    op.create_table(
        "audit_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("at", sa.DateTime, nullable=False, index=True),
        sa.Column("actor", sa.String, nullable=False, index=True),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False, index=True),
        sa.Column("resource", sa.String, nullable=False),
        sa.Column("resource_id", sa.String, nullable=False, index=True),
        sa.Column("version", sa.Integer),
        sa.Column("request_id", sa.String),
        sa.Column("details", sa.JSON, nullable=False),
        sqlite_autoincrement=True,
    )
    _guard_sqlite() if op.get_bind().dialect.name == "sqlite" else _guard_postgresql()


def _guard_sqlite() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, '{0}'); END"
    op.execute(f"CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit_events {refuse.format(_UNCHANGED)}")
    # INSERT OR REPLACE deletes without asking the trigger of deletions.
    op.execute(
        f"CREATE TRIGGER audit_unreplaced BEFORE INSERT ON audit_events WHEN {_KNOWN} {refuse.format(_UNCHANGED)}"
    )
    op.execute(
        "CREATE TRIGGER audit_kept BEFORE DELETE ON audit_events "
        f"WHEN OLD.at >= datetime('now', '-{_KEPT_YEARS} years') {refuse.format(_KEPT)}"
    )


def _guard_postgresql() -> None:
    refuse = "RAISE EXCEPTION '{0}' USING ERRCODE = 'restrict_violation';"
    op.execute(
        f"""CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN {refuse.format(_UNCHANGED)} END $$"""
    )
    op.execute(
        f"""CREATE FUNCTION keep_audit() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.at >= (now() AT TIME ZONE 'UTC') - interval '{_KEPT_YEARS} years' THEN {refuse.format(_KEPT)} END IF;
            RETURN OLD;
        END $$"""
    )
    for name, when, function in (
        ("audit_unchanged", "UPDATE ON audit_events FOR EACH ROW", "refuse_audit_change"),
        ("audit_untruncated", "TRUNCATE ON audit_events FOR EACH STATEMENT", "refuse_audit_change"),
        ("audit_kept", "DELETE ON audit_events FOR EACH ROW", "keep_audit"),
    ):
        op.execute(f"CREATE TRIGGER {name} BEFORE {when} EXECUTE FUNCTION {function}()")
