"""Requirements in the store: the work that a stored forecast means. One of each forecast, and it never changes."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from data.store.audit import record
from data.store.cases import new_id
from data.store.place import Place
from data.store.tables import StoredForecast, StoredRequirement
from wfm.requirement import Requirement


def add_requirement(
    session: Session, forecast: StoredForecast, requirement: Requirement, versions: dict[str, str]
) -> tuple[StoredRequirement, bool]:
    """The stored requirement and whether it is new."""
    stored = StoredRequirement(
        id=new_id(),
        forecast_id=forecast.id,
        case_id=forecast.case_id,
        created_at=datetime.now(UTC),
        versions=versions,
        document=requirement.canonical_json(),
    )
    try:
        with session.begin_nested():
            session.add(stored)
    except IntegrityError:  # another request stored it meanwhile
        known = find_requirement_of(session, forecast.id)
        assert known is not None, "who was faster has stored it"  # noqa: S101 - forecasts have one
        return known, False
    record(session, "requirement.stored", "requirement", stored.id, forecast_id=forecast.id, versions=versions)
    return stored, True


def find_requirement(session: Session, requirement_id: str) -> StoredRequirement | None:
    return session.get(StoredRequirement, requirement_id)


def find_requirement_of(session: Session, forecast_id: str) -> StoredRequirement | None:
    return session.scalar(select(StoredRequirement).where(StoredRequirement.forecast_id == forecast_id))


def list_requirements(session: Session, limit: int, *, after_row: Place | None = None) -> list[StoredRequirement]:
    """Newest first. `after_row` is (created_at, id) of the last one seen."""
    table = StoredRequirement
    rows = select(table)
    if after_row is not None:
        rows = rows.where(tuple_(table.created_at, table.id) < after_row)
    return list(session.scalars(rows.order_by(table.created_at.desc(), table.id.desc()).limit(limit)))
