"""Cases, jobs and plans: the first version of the tables, before Alembic."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_STATES = ("queued", "running", "done", "failed", "cancelled")


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("content_hash", sa.String, nullable=False, unique=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False, index=True),
        sa.Column("document", sa.Text),
        sa.Column("histories", sa.LargeBinary),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("case_id", sa.String, sa.ForeignKey("cases.id"), nullable=False, index=True),
        sa.Column(
            "state",
            sa.Enum(*_STATES, name="jobstate", native_enum=False, create_constraint=True),
            nullable=False,
            index=True,
        ),
        sa.Column("parameters", sa.JSON, nullable=False),
        sa.Column("idempotency_key", sa.String, unique=True),
        sa.Column("stop_requested", sa.Boolean, nullable=False),
        sa.Column("progress", sa.JSON),
        sa.Column("problem", sa.JSON),
        sa.Column("created_at", sa.DateTime, nullable=False, index=True),
        sa.Column("started_at", sa.DateTime),
        sa.Column("finished_at", sa.DateTime),
    )
    op.create_table(
        "plans",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("case_id", sa.String, sa.ForeignKey("cases.id"), nullable=False, index=True),
        sa.Column("job_id", sa.String, sa.ForeignKey("jobs.id"), nullable=False, unique=True),
        sa.Column("case_name", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("stop_reason", sa.String, nullable=False),
        sa.Column("currency", sa.String, nullable=False),
        sa.Column("cost_cents", sa.Integer, nullable=False),
        sa.Column("bound_cents", sa.Integer, nullable=False),
        sa.Column("gap", sa.Double, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False, index=True),
        sa.Column("seconds", sa.JSON, nullable=False),
        sa.Column("forecast", sa.Text),
        sa.Column("requirement", sa.Text),
        sa.Column("plan", sa.Text),
    )
    op.create_table("schema_version", sa.Column("version", sa.Integer, primary_key=True))
