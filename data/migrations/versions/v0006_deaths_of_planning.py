"""Deaths of a job's planning process, counted apart from workers that vanished."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("jobs", sa.Column("deaths", sa.Integer, nullable=False, server_default="0"))
    with op.batch_alter_table("jobs") as batch:
        batch.alter_column("deaths", existing_type=sa.Integer, server_default=None)
