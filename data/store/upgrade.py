"""Databases of earlier versions, brought up to date in the transaction that opens them."""

from __future__ import annotations

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.store.capacity_requests import add_requests
from data.store.cases import find_case, load_case
from data.store.tables import SCHEMA_VERSION, StoredPlan, StoredVersion
from wfm.errors import WfmError
from wfm.plan import Plan


def upgrade(session: Session, version: StoredVersion) -> bool:
    """Whether the rows are of SCHEMA_VERSION now. New tables are there already.

    Version 2 added API keys, and capacity requests, which are drawn here from the plans stored before. Raises WfmError when
    such a plan cannot be read; then nothing is changed.
    """
    if version.version == 1:
        for plan_id in list(session.scalars(select(StoredPlan.id))):
            _add_requests(session, plan_id)
        version.version = 2
    return version.version == SCHEMA_VERSION


def _add_requests(session: Session, plan_id: str) -> None:
    stored = session.get_one(StoredPlan, plan_id)
    stored_case = find_case(session, stored.case_id)
    assert stored_case is not None, "a foreign key holds the case"  # noqa: S101 - an invariant of the tables
    try:
        case, plan = load_case(stored_case), Plan.from_json(stored.plan)
    except ValidationError as error:
        raise WfmError(
            f"Plan {plan_id} in the database is of a form that this program cannot read, so the database cannot be brought "
            f"up to date: {error.errors()[0]['msg']}. Use the program that made it, or another data directory."
        ) from error
    add_requests(session, stored, case, plan)
