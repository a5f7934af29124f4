"""Plans that no job made, but a person from another plan; and requirements by themselves.

SQLite's table is made anew, with the documents at its end, and its triggers with it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from data.migrations.versions.v0003_plan_versions_and_purge_log import guard_sqlite

revision = "0008"
down_revision = "0007"

_ORDER = (
    "id", "case_id", "job_id", "base_id", "case_name", "version", "state", "published_at", "superseded_at", "inputs_hash",
    "seed", "versions", "tzdata_version", "status", "stop_reason", "currency", "cost_cents", "bound_cents", "gap",
    "created_at", "seconds", "forecast", "requirement", "plan",
)  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("plans", partial_reordering=[_ORDER]) as batch:
        batch.alter_column("job_id", existing_type=sa.String, nullable=True)
        batch.add_column(sa.Column("base_id", sa.String))
        batch.create_foreign_key("plan_base", "plans", ["base_id"], ["id"])
        batch.create_check_constraint("plan_made_by", "(job_id IS NULL) = (base_id IS NOT NULL)")
    changed = "BEFORE UPDATE OF base_id ON plans"
    if op.get_bind().dialect.name == "sqlite":
        guard_sqlite()
        refuse = "BEGIN SELECT RAISE(ABORT, 'a plan never changes once it is published'); END"
        op.execute(f"CREATE TRIGGER plan_base {changed} WHEN (OLD.state <> 'draft') {refuse}")
    else:
        refuse = "EXECUTE FUNCTION refuse_plan_change()"
        op.execute(f"CREATE TRIGGER plan_base {changed} FOR EACH ROW WHEN (OLD.state <> 'draft') {refuse}")
    op.create_table(
        "requirements",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("forecast_id", sa.String, sa.ForeignKey("forecasts.id"), nullable=False, unique=True),
        sa.Column("case_id", sa.String, sa.ForeignKey("cases.id"), nullable=False, index=True),
        sa.Column("created_at", sa.DateTime, nullable=False, index=True),
        sa.Column("versions", sa.JSON, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
