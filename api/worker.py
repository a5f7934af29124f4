"""A worker: takes jobs from the queue in the database, one at a time, oldest first.

`wfm worker` is one, and `wfm serve` has one inside. Any number of them share a database: a lease says whose a job is
(`data.store.leases`), and a job whose worker vanished is taken up by the next one where its last checkpoint left it.
"""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack

import structlog

from api.job_run import Chain, Forecaster, JobRun
from api.lease import Lease
from api.webhooks import Courier
from data.store.database import Store
from data.store.jobs import find_job, request_stop
from data.store.leases import add_worker, anything_to_claim, claim_next_job, remove_worker, see_worker
from data.store.tables import StoredJob

_log = structlog.get_logger()
LOOK_SECONDS = 0.5
"""How often an idle worker looks for a job of another service's, or one that a vanished worker left."""
SEEN_SECONDS = 2.0
"""How often it says that it is alive; while it works a job, `Lease` does."""


class Worker:
    """One worker, in threads of its own once it is started. Without `start` it only passes on wishes to stop."""

    def __init__(self, store: Store, run_chain: Chain, run_forecast: Forecaster) -> None:
        self._store, self._run_chain, self._run_forecast = store, run_chain, run_forecast
        self._wake, self._closing = threading.Event(), threading.Event()
        self._id, self._seen = "", 0.0
        self._thread = threading.Thread(target=self._work, name="worker", daemon=True)
        self._courier = Courier(store, self._closing)

    def start(self) -> None:
        """Announce this worker in the database, and work."""
        with self._store.write() as session:
            self._id = add_worker(session)
        self._thread.start()
        self._courier.start()
        _log.info("worker-started", worker=self._id)

    @property
    def is_alive(self) -> bool:
        """Whether jobs are being worked here."""
        return self._thread.is_alive()

    @property
    def is_closing(self) -> bool:
        """Whether the process is about to end: no further job is begun."""
        return self._closing.is_set()

    def begin_close(self) -> None:
        """Stop the running job, to be gone on with by another worker or after the next start, and begin no other."""
        self._closing.set()
        self._wake.set()

    def close(self, wait_seconds: float = 30) -> None:
        """`begin_close`, and wait for it. A job that does not stop in time is taken up again when its lease has ended."""
        self.begin_close()
        if self._thread.is_alive():
            self._thread.join(wait_seconds)
            self._courier.join(wait_seconds)
            with self._store.write() as session:
                remove_worker(session, self._id)

    def wake(self) -> None:
        """Tell that a job was queued."""
        self._wake.set()

    def stop(self, job_id: str) -> StoredJob | None:
        """Ask a job to end (`data.store.jobs.request_stop`), wherever it runs; None when there is no such job. An ended job stays
        as it is.
        """
        with self._store.write() as session:
            job = find_job(session, job_id, lock=True)
            if job is not None and not job.state.is_final:
                request_stop(job)
        return job

    def _work(self) -> None:
        structlog.contextvars.bind_contextvars(worker=self._id)
        while not self._closing.is_set():
            try:
                job = self._next()
            except Exception:  # noqa: BLE001 - the database may be away for a moment
                _log.exception("queue-unreachable")
                job = None
            if job is not None:
                self._run(job)
                continue
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()

    def _next(self) -> StoredJob | None:
        with self._store.read() as session:
            found = anything_to_claim(session)
        if not found and time.monotonic() < self._seen + SEEN_SECONDS:
            return None
        with self._store.write() as session:
            see_worker(session, self._id)
            self._seen = time.monotonic()
            return claim_next_job(session, self._id)

    def _run(self, job: StoredJob) -> None:
        with ExitStack() as stack:
            stack.enter_context(structlog.contextvars.bound_contextvars(job=job.id, request=job.request_id))
            lease = stack.enter_context(Lease(self._store, job.id, job.attempt, self._id))
            run = JobRun(self._store, job, lease, self._closing)
            if run.is_hopeless:
                run.give_up()
            else:
                run.work(self._run_chain, self._run_forecast)
