"""Jobs: long work in the background, followed and stopped here."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, status
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, Field

from api.access import Caller
from api.auth import CalledBy
from api.paging import PageBy1
from api.problems import ProblemDetails, ProblemError, not_found
from api.services import Service, Services
from data.store.audit import record
from data.store.forecasts import find_forecast_of_job
from data.store.jobs import find_job, list_jobs
from data.store.plans import find_plan_of_job
from data.store.tables import JobKind, JobState, StoredForecast, StoredJob, StoredPlan

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])
POLL_SECONDS = 0.25


class JobProgress(BaseModel):
    """How far a job is."""

    stage: str = Field(description="forecast, requirement, plan, check or write.")
    fraction: float = Field(description="Share of the stage done, 0 to 1.")
    message: str = Field(description="What is being done, in words.")
    incumbent_cents: int | None = Field(description="Cost of the best plan so far, minor units of the case's currency.")
    bound_cents: int | None = Field(description="No plan costs less than this, minor units.")
    gap_cents: int | None = Field(
        description="Incumbent less bound: what a better plan could save at most, minor units."
    )
    gap: float | None = Field(description="That gap as a share of the incumbent.")


class Job(BaseModel):
    """A job. `queued`, `running`, then `done` (there is a plan, also after a stop), `failed` or `cancelled` (there is none)."""

    id: str
    case_id: str
    kind: JobKind = Field(description="What it makes: a plan, or a forecast alone.")
    state: JobState
    revision: int = Field(description="Counts its changes; the id of its events.")
    attempt: int = Field(description="How often a worker took it up: more than once when one vanished or was ended.")
    parameters: dict[str, Any] = Field(description="time_limit_seconds, seed and workers as sent.")
    stop_requested: bool = Field(description="Whether it was asked to end early.")
    progress: JobProgress | None = Field(description="Last progress told; null before the first.")
    plan_id: str | None = Field(description="The plan, once done.")
    forecast_id: str | None = Field(description="The forecast, once a job for one is done.")
    problem: ProblemDetails | None = Field(description="Why it failed.")
    created_at: datetime = Field(description="UTC.")
    started_at: datetime | None = Field(description="UTC.")
    finished_at: datetime | None = Field(description="UTC.")


def job_view(job: StoredJob, plan: StoredPlan | None, forecast: StoredForecast | None = None) -> Job:
    return Job(
        id=job.id, case_id=job.case_id, kind=job.kind, state=job.state, revision=job.revision, attempt=job.attempt,
        forecast_id=forecast.id if forecast else None, parameters=job.parameters, stop_requested=job.stop_requested,
        progress=_progress(job.progress), plan_id=plan.id if plan else None,
        problem=ProblemDetails.model_validate(job.problem) if job.problem else None,
        created_at=job.created_at, started_at=job.started_at, finished_at=job.finished_at,
    )  # fmt: skip


def read_job(service: Services, job_id: str) -> Job:
    """Raises ProblemError when there is no such job."""
    with service.store.read() as session:
        job = find_job(session, job_id)
        if job is None:
            raise not_found("job", job_id)
        return job_view(job, find_plan_of_job(session, job_id), find_forecast_of_job(session, job_id))


@router.get("", responses={422: {}})
def get_jobs(service: Service, page: PageBy1) -> list[Job]:
    """Jobs, newest first."""
    with service.store.read() as session:
        rows = page.cut(list_jobs(session, page.limit + 1, after_row=page.after), lambda row: (row.created_at, row.id))
        return [job_view(job, find_plan_of_job(session, job.id), find_forecast_of_job(session, job.id)) for job in rows]


@router.get("/{job_id}", responses={404: {}})
def get_job(job_id: str, service: Service) -> Job:
    """State and progress of a job."""
    return read_job(service, job_id)


def _known_job(job_id: str, service: Service) -> str:
    return read_job(service, job_id).id


@router.get("/{job_id}/events", response_class=EventSourceResponse, responses={404: {}})
async def get_events(
    job_id: Annotated[str, Depends(_known_job)],
    service: Service,
    last_event_id: Annotated[
        str | None, Header(description="The last event known; the job is told once it is newer.")
    ] = None,
) -> AsyncIterator[ServerSentEvent]:
    """The job as server-sent events: `progress` with the job at once and at every change, `end` with the ended job. Each is the
    whole job, so who comes back with `Last-Event-ID` misses nothing.

    The stream also ends when the service stops.
    """
    last = int(last_event_id) if last_event_id and re.fullmatch("[0-9]{1,18}", last_event_id) else -1
    while True:
        job = await run_in_threadpool(read_job, service, job_id)
        if job.state.is_final:
            yield ServerSentEvent(event="end", data=job, id=str(job.revision))
            return
        if job.revision != last:
            yield ServerSentEvent(event="progress", data=job, id=str(job.revision))
            last = job.revision
        if service.runner.is_closing:
            return
        await asyncio.sleep(POLL_SECONDS)


@router.post("/{job_id}/cancel", status_code=status.HTTP_202_ACCEPTED, responses={404: {}, 409: {}})
@router.delete("/{job_id}", status_code=status.HTTP_202_ACCEPTED, responses={404: {}, 409: {}})
def cancel_job(job_id: str, service: Service, caller: CalledBy) -> Job:
    """End a job early. A queued one is cancelled; a running one keeps and checks the best plan found so far."""
    before = read_job(service, job_id)
    if before.state.is_final:
        raise ProblemError("job-finished", f"Job {job_id} is {before.state.value} already; nothing can be stopped.")
    service.runner.stop(job_id)
    record_stop(service, caller, job_id)
    return read_job(service, job_id)


def record_stop(service: Services, caller: Caller, job_id: str) -> None:
    """Say in the audit log who asked a job to end."""
    with service.store.write(caller.actor) as session:
        record(session, "job.stopped", "job", job_id)


def _progress(stored: dict[str, Any] | None) -> JobProgress | None:
    if stored is None:
        return None
    cost, bound = stored["incumbent_cents"], stored["bound_cents"]
    gap_cents = None if cost is None or bound is None else cost - bound
    gap = gap_cents / cost if gap_cents is not None and cost else None
    return JobProgress(**stored, gap_cents=gap_cents, gap=gap)
