"""Jobs that any worker can take up where another left them, versions of forecasts, and webhooks.

What runs while this step is taken is taken up by the first worker: a lease that nobody holds has ended. In SQLite the columns
after a long text cost as much to read as the text: documents go to the end of their tables.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from data.migrations.versions.v0003_plan_versions_and_purge_log import guard_sqlite

revision = "0004"
down_revision = "0003"

_KINDS = ("plan", "forecast")
_CASES = ("id", "content_hash", "name", "created_at", "last_day", "document", "histories")
_PLANS = (
    "id", "case_id", "job_id", "case_name", "version", "state", "published_at", "superseded_at", "inputs_hash", "seed",
    "versions", "tzdata_version", "status", "stop_reason", "currency", "cost_cents", "bound_cents", "gap", "created_at",
    "seconds", "forecast", "requirement", "plan",
)  # fmt: skip


def upgrade() -> None:
    kind = sa.Enum(*_KINDS, name="jobkind", native_enum=False)
    for column in (
        sa.Column("kind", kind, nullable=False, server_default="plan"),
        sa.Column("revision", sa.Integer, nullable=False, server_default="0"),
        sa.Column("request_id", sa.String),
        sa.Column("attempt", sa.Integer, nullable=False, server_default="0"),
        sa.Column("crashes", sa.Integer, nullable=False, server_default="0"),
        sa.Column("worker", sa.String),
        sa.Column("lease_until", sa.DateTime),
    ):
        op.add_column("jobs", column)
    with op.batch_alter_table("jobs") as batch:
        batch.alter_column("kind", existing_type=kind, server_default=None)
        batch.create_check_constraint("jobkind", f"kind IN {_KINDS}")
        for name in ("revision", "attempt", "crashes"):
            batch.alter_column(name, existing_type=sa.Integer, server_default=None)
    if op.get_bind().dialect.name == "sqlite":
        _documents_last()
    op.create_table(
        "checkpoints",
        sa.Column("job_id", sa.String, sa.ForeignKey("jobs.id"), primary_key=True),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("saved_at", sa.DateTime, nullable=False),
        sa.Column("cost_cents", sa.BigInteger),
        sa.Column("bound_cents", sa.BigInteger),
        sa.Column("seconds", sa.JSON, nullable=False),
        sa.Column("searched", sa.Double, nullable=False),
        sa.Column("forecast", sa.Text, nullable=False),
        sa.Column("requirement", sa.Text),
        sa.Column("plan", sa.Text),
    )
    op.create_table(
        "forecasts",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("origin", sa.String, nullable=False, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("case_id", sa.String, sa.ForeignKey("cases.id"), nullable=False, index=True),
        sa.Column("job_id", sa.String, sa.ForeignKey("jobs.id"), unique=True),
        sa.Column("created_at", sa.DateTime, nullable=False, index=True),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("modelled", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.UniqueConstraint("origin", "version", name="forecast_version"),
    )
    op.create_table(
        "workers",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("seen_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("url", sa.String, nullable=False),
        sa.Column("secret", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("webhook_id", sa.String, sa.ForeignKey("webhooks.id"), nullable=False, index=True),
        sa.Column("event", sa.String, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False, index=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try_at", sa.DateTime, index=True),
        sa.Column("delivered_at", sa.DateTime),
        sa.Column("error", sa.String),
    )


def _documents_last() -> None:
    with op.batch_alter_table("cases", recreate="always", partial_reordering=[_CASES]):
        pass
    with op.batch_alter_table("plans", recreate="always", partial_reordering=[_PLANS]):
        pass
    guard_sqlite()
