"""Jobs in the store: the queue is a table, worked oldest first (`data.store.leases`)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, select, text, tuple_
from sqlalchemy.orm import Session, object_session

from data.store.cases import new_id
from data.store.place import Place
from data.store.tables import JobKind, JobState, StoredCheckpoint, StoredJob
from data.store.webhooks import tell_of_job


def add_job(
    session: Session,
    case_id: str,
    parameters: dict[str, Any],
    idempotency_key: str | None,
    *,
    kind: JobKind = JobKind.PLAN,
    request_id: str | None = None,
) -> StoredJob:
    """Queue a job. The case must exist. `request_id` is the request's in the logs."""
    job = StoredJob(
        id=new_id(),
        case_id=case_id,
        state=JobState.QUEUED,
        kind=kind,
        request_id=request_id,
        parameters=parameters,
        idempotency_key=idempotency_key,
        created_at=datetime.now(UTC),
    )
    session.add(job)
    session.flush()
    return job


def find_job(session: Session, job_id: str, *, lock: bool = False) -> StoredJob | None:
    """`lock`: nobody else changes the job until this transaction ends; for all that change it."""
    return session.get(StoredJob, job_id, with_for_update={"key_share": True} if lock else None)


def find_job_by_key(session: Session, idempotency_key: str) -> StoredJob | None:
    """The job that the key belongs to. Without one, nobody else can use the key until this transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": idempotency_key})
    return session.scalar(select(StoredJob).where(StoredJob.idempotency_key == idempotency_key))


def list_jobs(session: Session, limit: int, *, after_row: Place | None = None) -> list[StoredJob]:
    """Newest first. `after_row` is (created_at, id) of the last one seen."""
    rows = select(StoredJob)
    if after_row is not None:
        rows = rows.where(tuple_(StoredJob.created_at, StoredJob.id) < after_row)
    return list(session.scalars(rows.order_by(StoredJob.created_at.desc(), StoredJob.id.desc()).limit(limit)))


def count_jobs(session: Session, state: JobState) -> int:
    return session.scalar(select(func.count()).select_from(StoredJob).where(StoredJob.state == state)) or 0


def oldest_wait_seconds(session: Session) -> float:
    """How long the job has waited that has waited longest; 0 when none waits."""
    created = session.scalar(select(func.min(StoredJob.created_at)).where(StoredJob.state == JobState.QUEUED))
    return 0.0 if created is None else max(0.0, (datetime.now(UTC) - created).total_seconds())


def request_stop(job: StoredJob) -> None:
    """Ask a job to end: one that never ran is cancelled at once, another keeps the best plan that it has."""
    job.stop_requested = True
    job.revision += 1
    if job.state is JobState.QUEUED and job.attempt == 0:
        finish_job(job, JobState.CANCELLED, problem=None)


def finish_job(job: StoredJob, state: JobState, problem: dict[str, Any] | None) -> None:
    """End a job: its checkpoint goes, and webhooks are told, all in the job's own transaction."""
    job.state = state
    job.problem = problem
    job.finished_at = datetime.now(UTC)
    job.lease_until = None
    job.revision += 1
    session = object_session(job)
    assert session is not None, "a job is changed in a transaction"  # noqa: S101 - callers' contract
    session.flush()
    session.execute(delete(StoredCheckpoint).where(StoredCheckpoint.job_id == job.id))
    tell_of_job(session, job)
