"""Jobs in the store: the queue is a table, worked oldest first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from data.store.cases import new_id
from data.store.tables import JobState, StoredJob


def add_job(session: Session, case_id: str, parameters: dict[str, Any], idempotency_key: str | None) -> StoredJob:
    """Queue a job. The case must exist."""
    job = StoredJob(
        id=new_id(),
        case_id=case_id,
        state=JobState.QUEUED,
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


def list_jobs(session: Session, limit: int) -> list[StoredJob]:
    """Newest first."""
    return list(session.scalars(select(StoredJob).order_by(StoredJob.created_at.desc(), StoredJob.id).limit(limit)))


def count_jobs(session: Session, state: JobState) -> int:
    return session.scalar(select(func.count()).select_from(StoredJob).where(StoredJob.state == state)) or 0


def claim_next_job(session: Session) -> StoredJob | None:
    """Take the oldest queued job and mark it running; None when the queue is empty. Nobody takes the same one."""
    oldest = select(StoredJob).where(StoredJob.state == JobState.QUEUED).order_by(StoredJob.created_at, StoredJob.id)
    job = session.scalar(oldest.limit(1).with_for_update(skip_locked=True, key_share=True))
    if job is not None:
        job.state = JobState.RUNNING
        job.started_at = datetime.now(UTC)
    return job


def request_stop(job: StoredJob) -> None:
    """Ask a job to end: a queued one is cancelled at once, a running one keeps the best plan that it has."""
    job.stop_requested = True
    if job.state is JobState.QUEUED:
        finish_job(job, JobState.CANCELLED, problem=None)


def finish_job(job: StoredJob, state: JobState, problem: dict[str, Any] | None) -> None:
    job.state = state
    job.problem = problem
    job.finished_at = datetime.now(UTC)


def fail_running_jobs(session: Session, problem: dict[str, Any]) -> int:
    """End jobs that a dead service left running; returns how many there were."""
    left = list(session.scalars(select(StoredJob).where(StoredJob.state == JobState.RUNNING)))
    for job in left:
        finish_job(job, JobState.FAILED, problem)
    return len(left)
