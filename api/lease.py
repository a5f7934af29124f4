"""A worker's hold on its job: renewed in the background while the process lives, and the ear for a wish to stop."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self

import structlog
from sqlalchemy.exc import DBAPIError

from data.store.database import Store
from data.store.leases import LeaseLostError, hold_job, is_stop_requested, renew_lease, see_worker

_log = structlog.get_logger()
LOOK_SECONDS = 0.2
"""How soon a wish to stop, sent to any service of the database, is heard."""
RENEW_SECONDS = 1.0


class Lease:
    """A context: the lease of an attempt at a job."""

    def __init__(self, store: Store, job_id: str, attempt: int, worker: str) -> None:
        self._store, self._job_id, self._attempt, self._worker = store, job_id, attempt, worker
        self.stop_requested, self.is_lost = threading.Event(), threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _keep(self) -> None:
        renewed = time.monotonic()
        while not self._over.wait(LOOK_SECONDS):
            try:
                if time.monotonic() - renewed >= RENEW_SECONDS:
                    self._renew()
                    renewed = time.monotonic()
                else:
                    self._look()
            except LeaseLostError:
                self.is_lost.set()
                return
            except DBAPIError as error:  # away for a moment; if for longer than the lease, the next write finds it lost
                _log.warning("database-unreachable", job=self._job_id, error=str(error.orig))

    def _renew(self) -> None:
        with self._store.write() as session:
            job = hold_job(session, self._job_id, self._attempt)
            renew_lease(session, job)
            see_worker(session, self._worker)
        if job.stop_requested:
            self.stop_requested.set()

    def _look(self) -> None:
        with self._store.read() as session:
            if is_stop_requested(session, self._job_id, self._attempt):
                self.stop_requested.set()
