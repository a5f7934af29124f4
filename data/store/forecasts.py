"""Forecasts in the store that were asked for by themselves."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.store.cases import new_id
from data.store.tables import StoredForecast, StoredJob
from wfm.demand import Forecast


def add_forecast(session: Session, job: StoredJob, forecast: Forecast) -> StoredForecast:
    """Keep what a job made."""
    stored = StoredForecast(
        id=new_id(),
        case_id=job.case_id,
        job_id=job.id,
        created_at=datetime.now(UTC),
        seed=forecast.seed,
        document=forecast.canonical_json(),
    )
    session.add(stored)
    return stored


def find_forecast(session: Session, forecast_id: str) -> StoredForecast | None:
    return session.get(StoredForecast, forecast_id)


def find_forecast_of_job(session: Session, job_id: str) -> StoredForecast | None:
    return session.scalar(select(StoredForecast).where(StoredForecast.job_id == job_id))


def list_forecasts(session: Session, limit: int) -> list[StoredForecast]:
    """Newest first."""
    rows = select(StoredForecast).order_by(StoredForecast.created_at.desc(), StoredForecast.id)
    return list(session.scalars(rows.limit(limit)))
