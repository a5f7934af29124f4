"""Runs planning jobs in the background, one at a time, oldest first.

One thread takes jobs from the queue in the database and waits for the chain, which works in a process of its own
(`api.chain_process`): the service keeps answering, and SQLite sees one writing process. A job that a crash of the service
cuts off is found by the next start, and failed.
"""

from __future__ import annotations

import fcntl
import logging
import threading
import time
from pathlib import Path
from typing import IO, Protocol

from api.problems import ProblemDetails, ProblemItem, problem
from data.store.cases import find_case, load_case, load_histories
from data.store.database import Store
from data.store.jobs import claim_next_job, fail_running_jobs, find_job, finish_job, request_stop
from data.store.plans import add_plan
from data.store.tables import JobState, StoredJob, StoredPlan
from models.chain import ChainResult
from wfm.case import Case
from wfm.errors import WfmError
from wfm.history import CampaignHistory
from wfm.progress import OnProgress, Progress, Stop
from wfm.violation import Violation

_log = logging.getLogger(__name__)
LOCK_NAME = "wfm.lock"
PROGRESS_SECONDS = 0.5
"""Progress within a stage is stored at most this often; a new stage always."""


class Chain(Protocol):
    """`models.chain.run`, here or in a process of its own (`api.chain_process`)."""

    def __call__(
        self,
        case: Case,
        histories: dict[str, CampaignHistory],
        *,
        time_limit: float,
        seed: int,
        workers: int,
        stop: Stop,
        on_progress: OnProgress,
    ) -> ChainResult: ...


class JobRunner:
    """The one worker of a data directory."""

    def __init__(self, store: Store, run_chain: Chain) -> None:
        self._store = store
        self._run_chain = run_chain
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._stop_current = threading.Event()
        self._current: str | None = None
        self._current_lock = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="planning", daemon=True)
        self._lock_file: IO[str] | None = None

    def start(self) -> None:
        """Fail the jobs that a dead service left running, then work. Raises WfmError when a service is at work here already."""
        self._lock_file = _lock(self._store.data_dir / LOCK_NAME)
        left = problem("service-stopped", "The service stopped while this job ran; no plan was kept. Send it again.")
        with self._store.write() as session:
            fail_running_jobs(session, left.model_dump(exclude_none=True))
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether jobs are being worked."""
        return self._thread.is_alive()

    @property
    def is_closing(self) -> bool:
        """Whether the service is about to end: no further job is begun."""
        return self._closing.is_set()

    def begin_close(self) -> None:
        """Ask the running job to end with the best plan that it has, and begin no other."""
        self._closing.set()
        self._stop_current.set()
        self._wake.set()

    def close(self, wait_seconds: float = 30) -> None:
        """`begin_close`, and wait for it; a job that does not end in time fails at the next start."""
        self.begin_close()
        self._thread.join(wait_seconds)
        if self._lock_file is not None:
            self._lock_file.close()

    def wake(self) -> None:
        """Tell that a job was queued."""
        self._wake.set()

    def stop(self, job_id: str) -> StoredJob | None:
        """Ask a job to end (`data.store.jobs.request_stop`); None when there is no such job. An ended job stays as it is."""
        with self._store.write() as session:
            job = find_job(session, job_id, lock=True)
            if job is not None and not job.state.is_final:
                request_stop(job)
        with self._current_lock:
            if self._current == job_id:
                self._stop_current.set()
        return job

    def _work(self) -> None:
        while not self._closing.is_set():
            self._wake.clear()
            with self._store.write() as session:
                job = claim_next_job(session)
            if job is None:
                self._wake.wait()
                continue
            with self._current_lock:
                self._current = job.id
                if not self._closing.is_set():
                    self._stop_current.clear()
            self._run(job.id)
            with self._current_lock:
                self._current = None

    def _run(self, job_id: str) -> None:
        try:
            self._plan(job_id)
        except WfmError as error:
            state = JobState.CANCELLED if self._stop_current.is_set() else JobState.FAILED
            self._finish(job_id, state, problem("no-plan", str(error)))
        except Exception:  # noqa: BLE001 - a job that fails must neither end the worker nor stay "running"
            _log.exception("Job %s failed", job_id)
            self._finish(job_id, JobState.FAILED, problem("internal", "The log of the service tells more."))

    def _plan(self, job_id: str) -> None:
        with self._store.read() as session:
            job = find_job(session, job_id)
            stored_case = find_case(session, job.case_id) if job else None
            if job is None or stored_case is None:
                raise WfmError(f"Job {job_id} or its case is no longer stored.")
            case, histories, parameters = load_case(stored_case), load_histories(stored_case), job.parameters
            if job.stop_requested:  # between claiming the job and becoming the current one
                self._stop_current.set()
        result = self._run_chain(
            case,
            histories,
            time_limit=parameters["time_limit_seconds"],
            seed=parameters["seed"],
            workers=parameters["workers"],
            stop=self._stop_current.is_set,
            on_progress=_Recorder(self._store, job_id),
        )
        violations = result.violations or self._keep(job_id, result)
        if violations:
            self._finish(job_id, JobState.FAILED, _rejection(violations))

    def _keep(self, job_id: str, result: ChainResult) -> list[Violation]:
        """Store the plan and end the job in one transaction; returns what forbids it."""
        with self._store.write() as session:
            job = find_job(session, job_id, lock=True)
            if job is None:
                raise WfmError(f"Job {job_id} is no longer stored.")
            kept = add_plan(
                session,
                job,
                forecast=result.forecast,
                requirement=result.requirement,
                plan=result.plan,
                seconds=result.seconds,
            )
            if not isinstance(kept, StoredPlan):
                return kept
            finish_job(job, JobState.DONE, None)
            return []

    def _finish(self, job_id: str, state: JobState, details: ProblemDetails) -> None:
        with self._store.write() as session:
            job = find_job(session, job_id, lock=True)
            if job is not None:
                finish_job(job, state, details.model_dump(exclude_none=True))


class _Recorder:
    """An OnProgress that stores what it is told, sparingly."""

    def __init__(self, store: Store, job_id: str) -> None:
        self._store = store
        self._job_id = job_id
        self._stage: str | None = None
        self._stored_at = 0.0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.stage == self._stage and now - self._stored_at < PROGRESS_SECONDS:
            return
        self._stage, self._stored_at = progress.stage, now
        with self._store.write() as session:
            job = find_job(session, self._job_id, lock=True)
            if job is not None:
                job.progress = progress.to_dict()


def _rejection(violations: list[Violation]) -> ProblemDetails:
    items = [ProblemItem(reason=str(violation), code=violation.rule, value=violation.found) for violation in violations]
    return problem(
        "plan-rejected", f"The plan breaks {len(items)} rule(s) of its case: an error of the planner.", items
    )


def _lock(path: Path) -> IO[str]:
    """Hold the lock file until it is closed, also by a crash."""
    file = path.open("w", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise WfmError(f"Another service works in {path.parent}. Stop it, or use another data directory.") from error
    return file
