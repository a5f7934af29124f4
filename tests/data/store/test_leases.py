"""Whose a job is: one worker's at a time, until it is done or silent for too long."""

from datetime import timedelta

import pytest

from data.store import leases
from data.store.cases import add_case
from data.store.checkpoints import load_checkpoint, save_checkpoint
from data.store.jobs import add_job, find_job, finish_job, request_stop
from data.store.leases import (
    LeaseLostError,
    add_worker,
    anything_to_claim,
    claim_next_job,
    count_workers,
    hold_job,
    is_stop_requested,
    release_job,
    remove_worker,
    renew_lease,
    see_worker,
)
from data.store.now import store_now
from data.store.tables import JobState, StoredCheckpoint
from wfm.checkpoint import Checkpoint


@pytest.fixture
def queue(store, tiny_case):
    """Queues so many jobs of the tiny case; gives their ids."""

    def queue(count=1):
        with store.write() as session:
            case, _ = add_case(session, tiny_case, {})
            return [add_job(session, case.id, {"seed": seed}, None).id for seed in range(count)]

    return queue


@pytest.fixture
def claim(store):
    """Takes the next job up; None when there is none."""

    def claim(worker="w"):
        with store.write() as session:
            return claim_next_job(session, worker)

    return claim


@pytest.fixture
def later(monkeypatch):
    """Moves the database's clock on, for leases."""

    def later(seconds):
        monkeypatch.setattr(leases, "store_now", lambda session: store_now(session) + timedelta(seconds=seconds))

    return later


def test_jobs_are_worked_oldest_first(queue, claim, store):
    ids = queue(3)
    with store.read() as session:
        assert anything_to_claim(session)
    assert [job and job.id for job in (claim() for _ in range(4))] == [*ids, None]
    with store.read() as session:
        assert not anything_to_claim(session)


def test_a_silent_worker_loses_its_job_and_can_store_nothing_more(queue, claim, store, later):
    (job_id,) = queue()
    first = claim()
    later(5.9)
    assert claim() is None
    later(6.1)
    second = claim("other")
    assert (second.id, second.attempt, second.crashes, second.worker) == (job_id, 2, 1, "other")
    assert second.started_at == first.started_at
    with store.write() as session, pytest.raises(LeaseLostError):
        hold_job(session, job_id, first.attempt)
    with store.read() as session, pytest.raises(LeaseLostError):
        is_stop_requested(session, job_id, first.attempt)
    with store.write() as session:
        finish_job(hold_job(session, job_id, second.attempt), JobState.DONE, None)
    with store.write() as session, pytest.raises(LeaseLostError):
        hold_job(session, job_id, second.attempt)


def test_a_renewed_lease_is_kept(queue, claim, store, later):
    (job_id,) = queue()
    job = claim()
    later(5)
    with store.write() as session:
        renew_lease(session, hold_job(session, job_id, job.attempt))
    later(10.9)
    assert claim() is None
    later(11.1)
    assert claim().id == job_id


def test_a_job_given_back_is_anybodys_at_once(queue, claim, store):
    (job_id,) = queue()
    with store.write() as session:
        release_job(hold_job(session, job_id, claim().attempt))
    again = claim()
    assert (again.id, again.attempt, again.crashes) == (job_id, 2, 0)


def test_a_job_without_a_lease_is_anybodys(queue, claim, store):
    """As the version before left what it was at."""
    (job_id,) = queue()
    with store.write() as session:
        find_job(session, job_id, lock=True).state = JobState.RUNNING
    assert claim().id == job_id


def test_a_wish_to_stop_cancels_what_never_ran_and_is_heard_by_who_runs(queue, claim, store):
    running, queued = queue(2)
    attempt = claim().attempt
    with store.write() as session:
        for job_id in (running, queued):
            request_stop(find_job(session, job_id, lock=True))
    with store.read() as session:
        assert is_stop_requested(session, running, attempt)
        assert find_job(session, running).state is JobState.RUNNING
        assert find_job(session, queued).state is JobState.CANCELLED
        assert find_job(session, queued).finished_at is not None


def test_a_stopped_job_that_waits_with_a_plan_is_ended_by_a_worker(queue, claim, store):
    (job_id,) = queue()
    with store.write() as session:
        job = hold_job(session, job_id, claim().attempt)
        release_job(job)
        request_stop(job)
    with store.read() as session:
        assert find_job(session, job_id).state is JobState.QUEUED
    assert claim().stop_requested


def test_a_checkpoint_never_gets_worse(queue, claim, store, tiny_forecast, tiny_requirement, tiny_plan):
    (job_id,) = queue()
    attempt = claim().attempt
    dearer = tiny_plan.certificate.model_copy(update={"cost_cents": tiny_plan.certificate.cost_cents + 1})
    steps = [
        Checkpoint(tiny_forecast, seconds={"forecast": 1.0}),
        Checkpoint(tiny_forecast, tiny_requirement, seconds={"forecast": 1.0}),
        Checkpoint(tiny_forecast, tiny_requirement, tiny_plan, {"forecast": 1.0}, searched=3.0),
    ]
    worse = [
        Checkpoint(tiny_forecast, tiny_requirement, tiny_plan.model_copy(update={"certificate": dearer})),
        steps[0],
    ]
    for made, expected in [*zip(steps, steps, strict=True), *((made, steps[-1]) for made in worse)]:
        with store.write() as session:
            save_checkpoint(session, hold_job(session, job_id, attempt), made)
        with store.read() as session:
            assert load_checkpoint(session, job_id) == expected
            assert session.get(StoredCheckpoint, job_id).cost_cents == (
                tiny_plan.certificate.cost_cents if expected.plan else None
            )
    with store.write() as session:
        finish_job(hold_job(session, job_id, attempt), JobState.DONE, None)
    with store.read() as session:
        assert load_checkpoint(session, job_id) is None


def test_what_is_new_forgives_the_crashes_before(queue, claim, store, later, tiny_forecast):
    (job_id,) = queue()
    claim()
    later(7)
    assert claim().crashes == 1
    with store.write() as session:
        save_checkpoint(session, hold_job(session, job_id, 2), Checkpoint(tiny_forecast))
    later(14)
    assert claim().crashes == 1


def test_workers_are_counted_while_they_are_heard_of(store, later):
    with store.write() as session:
        ids = [add_worker(session) for _ in range(3)]
        remove_worker(session, ids[2])
    with store.read() as session:
        assert count_workers(session) == 2
    later(7)
    with store.write() as session:
        see_worker(session, ids[0])
        assert count_workers(session) == 1
    later(7 + 601)
    with store.write() as session:
        add_worker(session)
        assert count_workers(session) == 1
