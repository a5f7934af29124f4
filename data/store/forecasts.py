"""Forecasts in the store: versions that never change. What a planner overrides makes the next version, and a case of its own."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from data.store.cases import lock_case, new_id
from data.store.place import Place
from data.store.tables import StoredForecast
from wfm.demand import Forecast


def add_forecast(
    session: Session,
    case_id: str,
    *,
    modelled: Forecast,
    document: Forecast,
    job_id: str | None = None,
    after: StoredForecast | None = None,
) -> StoredForecast:
    """Keep a forecast of a case as version 1, made by a job, or as the next version of the row that `after` belongs to."""
    new = new_id()
    origin, version = new, 1
    if after is not None:
        lock_case(session, after.case_id)
        last = session.scalar(select(func.max(StoredForecast.version)).where(StoredForecast.origin == after.origin))
        origin, version = after.origin, (last or 0) + 1
    stored = StoredForecast(
        id=new,
        origin=origin,
        version=version,
        case_id=case_id,
        job_id=job_id,
        seed=document.seed,
        created_at=datetime.now(UTC),
        modelled=modelled.canonical_json(),
        document=document.canonical_json(),
    )
    session.add(stored)
    session.flush()
    return stored


def find_forecast(session: Session, forecast_id: str) -> StoredForecast | None:
    return session.get(StoredForecast, forecast_id)


def find_forecast_of_job(session: Session, job_id: str) -> StoredForecast | None:
    return session.scalar(select(StoredForecast).where(StoredForecast.job_id == job_id))


def list_forecasts(session: Session, limit: int, *, after_row: Place | None = None) -> list[StoredForecast]:
    """Newest first. `after_row` is (created_at, id) of the last one seen."""
    table = StoredForecast
    rows = select(table)
    if after_row is not None:
        rows = rows.where(tuple_(table.created_at, table.id) < after_row)
    return list(session.scalars(rows.order_by(table.created_at.desc(), table.id.desc()).limit(limit)))


def list_versions(session: Session, origin: str) -> list[StoredForecast]:
    """All versions of one forecast, the first first."""
    rows = select(StoredForecast).where(StoredForecast.origin == origin).order_by(StoredForecast.version)
    return list(session.scalars(rows))
