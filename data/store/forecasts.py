"""Forecasts in the store: versions that never change. What a planner overrides makes the next version, and a case of its own."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.store.cases import lock_case, new_id
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


def list_forecasts(session: Session, limit: int) -> list[StoredForecast]:
    """Newest first."""
    rows = select(StoredForecast).order_by(StoredForecast.created_at.desc(), StoredForecast.id)
    return list(session.scalars(rows.limit(limit)))


def list_versions(session: Session, origin: str) -> list[StoredForecast]:
    """All versions of one forecast, the first first."""
    rows = select(StoredForecast).where(StoredForecast.origin == origin).order_by(StoredForecast.version)
    return list(session.scalars(rows))
