"""Workers killed, and stopped for longer than their lease, on each database: no job is lost, none is stored twice."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path

from sqlalchemy import func, select

from data.store.jobs import find_job
from data.store.tables import JobState, StoredCheckpoint, StoredJob, StoredPlan


def running(store):
    with store.read() as session:
        return dict(
            session.execute(select(StoredJob.id, StoredJob.attempt).where(StoredJob.state == JobState.RUNNING)).all()
        )


def all_ended(store):
    with store.read() as session:
        left = select(func.count()).where(StoredJob.state.in_([JobState.QUEUED, JobState.RUNNING]))
        return session.scalar(left) == 0


def assert_each_has_one_plan(store, ids):
    with store.read() as session:
        assert {find_job(session, job_id).state for job_id in ids} == {JobState.DONE}
        assert sorted(session.scalars(select(StoredPlan.job_id))) == sorted(ids)
        versions = sorted(session.scalars(select(StoredPlan.version)))
        assert versions == list(range(1, len(ids) + 1))
        assert session.scalar(select(func.count()).select_from(StoredCheckpoint)) == 0


def test_killed_workers_lose_no_job_and_none_is_stored_twice(store, queue, start_worker, wait_until):
    chance = random.Random(7)  # noqa: S311 - which worker is killed
    ids = queue(18, seconds=0.4)
    workers = [start_worker() for _ in range(3)]
    for _ in range(4):
        wait_until(lambda: running(store))
        victim = workers.pop(chance.randrange(3))
        os.kill(victim, signal.SIGKILL)
        workers.append(start_worker())
    wait_until(lambda: all_ended(store))
    assert_each_has_one_plan(store, ids)


def test_a_worker_that_slept_through_its_lease_stores_nothing(store, queue, start_worker, wait_until):
    """As on a machine that was suspended: it wakes up and finds its job done by another."""
    ids = queue(1, seconds=0.5, seed=13)
    sleeper = start_worker()
    wait_until(lambda: Path(f"/proc/{sleeper}/stat").read_text(encoding="utf-8").split()[2] == "T")
    start_worker()
    wait_until(lambda: all_ended(store))
    os.kill(sleeper, signal.SIGCONT)
    more = queue(2, seconds=0.1)
    wait_until(lambda: all_ended(store))
    assert_each_has_one_plan(store, [*ids, *more])
    with store.read() as session:
        assert (find_job(session, ids[0]).attempt, find_job(session, ids[0]).crashes) == (2, 1)
