"""Keys of the API, and capacity requests: those of the plans stored before are drawn from them."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op
from pydantic import ValidationError

from data.export.capacity_requests import CapacityRequest, capacity_requests
from wfm.case import Case
from wfm.errors import WfmError
from wfm.plan import Plan

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("secret_hash", sa.String, nullable=False, unique=True),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("partner", sa.String),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False),
        sa.Column("revoked_at", sa.DateTime),
        sa.CheckConstraint("(role = 'partner') = (partner IS NOT NULL)", name="partner_of_a_partner"),
    )
    requests = op.create_table(
        "capacity_requests",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("plan_id", sa.String, sa.ForeignKey("plans.id"), nullable=False, index=True),
        sa.Column("partner", sa.String, nullable=False, index=True),
        sa.Column("campaign", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False, index=True),
        sa.Column("document", sa.Text, nullable=False),
    )
    cases = sa.table("cases", sa.column("id"), sa.column("document"))
    plans = sa.table(
        "plans", sa.column("id"), sa.column("case_id"), sa.column("created_at", sa.DateTime), sa.column("plan")
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(plans.c.id, plans.c.created_at)).all():
        wanted = sa.select(plans.c.plan, cases.c.document).join(cases, cases.c.id == plans.c.case_id)
        texts = connection.execute(wanted.where(plans.c.id == row.id)).one()
        for request in _requests(row.id, texts.document, texts.plan):
            values = {"partner": request.partner, "campaign": request.campaign, "document": request.canonical_json()}
            new = values | {"id": secrets.token_hex(8), "plan_id": row.id, "created_at": row.created_at}
            connection.execute(requests.insert().values(new))


def _requests(plan_id: str, case: str, plan: str) -> list[CapacityRequest]:
    try:
        return capacity_requests(Case.from_json(case), Plan.from_json(plan))
    except ValidationError as error:
        raise WfmError(
            f"Plan {plan_id} in the database is of a form that this program cannot read, so the database cannot be brought "
            f"up to date: {error.errors()[0]['msg']}. Use the program that made it, or another data directory."
        ) from error
