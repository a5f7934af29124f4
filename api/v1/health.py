"""Whether the service works, and what its error codes mean."""

from __future__ import annotations

import importlib.metadata
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.problems import CODES
from api.services import Service
from data.store.jobs import count_jobs
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
    return Health(
        status="ok" if service.runner.is_alive else "degraded",
        version=importlib.metadata.version("wfm-planner"),
        tzdata_version=tzdata_version(),
        queued_jobs=queued,
        running_jobs=running,
    )


@router.get("/v1/problems")
def get_problems() -> list[ProblemKind]:
    """Every code that a problem can carry."""
    return [ProblemKind(code=code, status=status, title=title) for code, (status, title) in CODES.items()]
