"""Who works which job: a lease with an end, renewed while its worker lives, and a number that only its holder knows.

A worker that is killed renews nothing; the first that looks after the lease's end takes the job up, with the next number. One
that was only slow finds its number outdated, and can store nothing any more: no job ends twice.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from socket import gethostname

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from data.store.cases import new_id
from data.store.now import store_now
from data.store.tables import JobState, StoredJob, StoredWorker
from wfm.errors import WfmError

LEASE = timedelta(seconds=6)
"""How long a worker may be silent; it renews every second. Waiting for SQLite's write lock, or for a processor that others
use, must fit in.
"""
GONE = timedelta(minutes=10)
"""A worker that was silent for so long is forgotten."""


class LeaseLostError(WfmError):
    """Another worker has taken the job up, or it has ended."""


def add_worker(session: Session) -> str:
    """Announce a worker; returns its id, which says where it runs: host, process, and what tells it from others there. Those
    long gone are forgotten.
    """
    now = store_now(session)
    session.execute(delete(StoredWorker).where(StoredWorker.seen_at < now - GONE))
    worker = StoredWorker(id=f"{gethostname()}-{os.getpid()}-{new_id()[:4]}", seen_at=now)
    session.add(worker)
    return worker.id


def see_worker(session: Session, worker: str) -> None:
    """Note that a worker is alive."""
    session.merge(StoredWorker(id=worker, seen_at=store_now(session)))


def remove_worker(session: Session, worker: str) -> None:
    session.execute(delete(StoredWorker).where(StoredWorker.id == worker))


def count_workers(session: Session) -> int:
    """Workers that were alive within a lease's length."""
    alive = StoredWorker.seen_at > store_now(session) - LEASE
    return session.scalar(select(func.count()).select_from(StoredWorker).where(alive)) or 0


def anything_to_claim(session: Session) -> bool:
    """Whether `claim_next_job` would find a job, without locking anything."""
    return bool(session.scalar(select(exists().where(_claimable(store_now(session))))))


def claim_next_job(session: Session, worker: str) -> StoredJob | None:
    """Take the oldest job that waits, or whose lease has ended; None when there is none. Nobody else gets the same one."""
    now = store_now(session)
    oldest = select(StoredJob).where(_claimable(now)).order_by(StoredJob.created_at, StoredJob.id)
    job = session.scalar(oldest.limit(1).with_for_update(skip_locked=True, key_share=True))
    if job is not None:
        if job.state is JobState.RUNNING:
            job.crashes += 1
        job.state = JobState.RUNNING
        job.started_at = job.started_at or datetime.now(UTC)
        job.attempt += 1
        job.revision += 1
        job.worker, job.lease_until = worker, now + LEASE
    return job


def hold_job(session: Session, job_id: str, attempt: int) -> StoredJob:
    """The job, locked, for whoever took it up as `attempt`. Raises LeaseLostError when it is somebody else's by now."""
    job = session.get(StoredJob, job_id, with_for_update={"key_share": True})
    if job is None or job.state is not JobState.RUNNING or job.attempt != attempt:
        raise LeaseLostError(f"Job {job_id} is no longer this worker's (attempt {attempt}).")
    return job


def is_stop_requested(session: Session, job_id: str, attempt: int) -> bool:
    """Whether the job is to end. Raises LeaseLostError like `hold_job`, and locks nothing."""
    columns = select(StoredJob.stop_requested, StoredJob.state, StoredJob.attempt).where(StoredJob.id == job_id)
    row = session.execute(columns).one_or_none()
    if row is None or row.state is not JobState.RUNNING or row.attempt != attempt:
        raise LeaseLostError(f"Job {job_id} is no longer this worker's (attempt {attempt}).")
    return bool(row.stop_requested)


def renew_lease(session: Session, job: StoredJob) -> None:
    """`job` as `hold_job` gives it."""
    job.lease_until = store_now(session) + LEASE


def release_job(job: StoredJob) -> None:
    """Give a job back, for the next worker to go on with at once."""
    job.state = JobState.QUEUED
    job.worker = job.lease_until = None
    job.revision += 1


def _claimable(now: datetime) -> ColumnElement[bool]:
    ended = or_(StoredJob.lease_until.is_(None), StoredJob.lease_until < now)
    return or_(StoredJob.state == JobState.QUEUED, and_(StoredJob.state == JobState.RUNNING, ended))
