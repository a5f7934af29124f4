"""Whether the service works, and what its error codes mean."""

from __future__ import annotations

import importlib.metadata
from typing import Literal

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError

from api.problems import CODES, ProblemError
from api.services import Service
from data.store.jobs import count_jobs
from data.store.leases import count_workers
from data.store.tables import JobState
from wfm.clock import tzdata_version

router = APIRouter(tags=["service"])


class Health(BaseModel):
    """State of the service."""

    status: Literal["ok", "degraded"] = Field(description="degraded: requests are answered but no job is worked.")
    version: str = Field(description="Version of the planner.")
    tzdata_version: str = Field(description="Version of the time zone database in use.")
    queued_jobs: int
    running_jobs: int
    workers: int = Field(description="Workers of this database that were heard of lately.")


class Alive(BaseModel):
    """Said by a process that answers."""

    status: Literal["ok"] = "ok"


class ProblemKind(BaseModel):
    """A kind of problem."""

    code: str = Field(description="Machine code, stable.")
    status: int = Field(description="HTTP status it usually comes with.")
    title: str


@router.get("/health")
def get_health(service: Service) -> Health:
    """Whether the service answers, reaches its database and works jobs."""
    with service.store.read() as session:
        queued, running = (count_jobs(session, state) for state in (JobState.QUEUED, JobState.RUNNING))
        workers = count_workers(session)
    return Health(
        status="ok" if workers else "degraded",
        version=importlib.metadata.version("wfm-planner"),
        tzdata_version=tzdata_version(),
        queued_jobs=queued,
        running_jobs=running,
        workers=workers,
    )


@router.get("/health/live")
def get_live() -> Alive:
    """Whether the process answers. When it does not, start it anew."""
    return Alive()


@router.get("/health/ready", responses={503: {}})
def get_ready(service: Service) -> Alive:
    """Whether to send requests here: 503 while the database is out of reach, and from when the service is told to end."""
    if service.runner.is_closing:
        raise ProblemError("not-ready", "This service is about to end. Ask another, or ask again when it is back.")
    try:
        with service.store.read() as session:
            count_jobs(session, JobState.QUEUED)
    except DBAPIError as error:
        raise ProblemError("not-ready", "The database is out of reach. Ask again later.") from error
    return Alive()


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def get_metrics(service: Service) -> PlainTextResponse:
    """Metrics in Prometheus' text format: requests of this process; jobs, workers and deliveries of the database."""
    return PlainTextResponse(service.metrics.text(), media_type=CONTENT_TYPE_LATEST)


@router.get("/v1/problems")
def get_problems() -> list[ProblemKind]:
    """Every code that a problem can carry."""
    return [ProblemKind(code=code, status=status, title=title) for code, (status, title) in CODES.items()]
