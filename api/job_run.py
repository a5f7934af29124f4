"""One attempt at a job: from where the last one left it to a stored plan or forecast, keeping what it makes on the way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from api.chain_process import STOPPED, ProcessDiedError, StoppedError
from api.lease import Lease
from api.problems import ProblemDetails, ProblemItem, problem
from data.store.cases import find_case, load_case, load_histories
from data.store.checkpoints import load_checkpoint, save_checkpoint
from data.store.database import Store
from data.store.forecasts import add_forecast
from data.store.jobs import finish_job
from data.store.leases import LeaseLostError, hold_job, release_job
from data.store.plans import Judged, add_plan, find_plan, judge
from data.store.tables import JobKind, JobState, StoredJob
from models.result import Base, ChainResult, ForecastResult
from wfm.case import Case
from wfm.checkpoint import Checkpoint, OnCheckpoint
from wfm.errors import WfmError
from wfm.history import CampaignHistory
from wfm.plan import Plan, StopReason
from wfm.progress import OnProgress, Progress, Stop
from wfm.violation import Violation

_log = structlog.get_logger()
PROGRESS_SECONDS = 0.5
"""Progress within a stage is stored at most this often; a new stage always."""
MOST_DEATHS = 5
"""A job whose planning process died so often by itself, without anything new to keep in between, is not tried again."""
MOST_CRASHES = 100
"""The same of workers that vanished. That tells less of the job: most vanish with their machine, or are ended from outside."""


class Chain(Protocol):
    """`models.chain.run`, or with a base `models.replan.replan`, here or in a process of its own (`api.chain_process`)."""

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
        begin: Checkpoint | None,
        on_checkpoint: OnCheckpoint,
        base: Base | None = None,
    ) -> ChainResult: ...


class Forecaster(Protocol):
    """The forecast of a case, likewise."""

    def __call__(
        self,
        case: Case,
        histories: dict[str, CampaignHistory],
        *,
        seed: int,
        workers: int,
        stop: Stop,
        on_progress: OnProgress,
    ) -> ForecastResult: ...


class JobRun:
    """An attempt at `job`, which its worker has just taken up; `closing` tells that the worker is to end."""

    def __init__(self, store: Store, job: StoredJob, lease: Lease, closing: threading.Event) -> None:
        self._store, self._job, self._lease, self._closing = store, job, lease, closing
        self._case: Case | None = None
        self._begin: Checkpoint | None = None
        self._kept: tuple[int, int] | None = None
        self._stage: str | None = None
        self._recorded_at = 0.0

    def work(self, run_chain: Chain, run_forecast: Forecaster) -> None:
        """Whatever goes wrong ends in the log and in the job's state: it must neither end the worker nor stay "running"."""
        begun = time.monotonic()
        _log.info("job-started", kind=self._job.kind, attempt=self._job.attempt, crashes=self._job.crashes)
        try:
            self._make(run_chain, run_forecast)
        except LeaseLostError as error:
            _log.warning("job-lost", reason=str(error))
        except DBAPIError as error:
            _log.warning("database-unreachable", error=str(error.orig))  # taken up again when the lease has ended
        except ProcessDiedError:
            _log.exception("planning-process-died")
            self._ends(self._crashed)
        except Exception as error:  # noqa: BLE001 - see above
            self._ends(partial(self._not_made, error))
        _log.info("job-left", attempt=self._job.attempt, seconds=round(time.monotonic() - begun, 3))

    @property
    def is_hopeless(self) -> bool:
        """Whether too much has died of it."""
        return self._job.crashes >= MOST_CRASHES or self._job.deaths >= MOST_DEATHS

    def give_up(self) -> None:
        """End a job that processes die of again and again, with the best plan that it has."""
        why = (
            f"{self._job.crashes} workers vanished and {self._job.deaths} planning processes died while this job ran: "
            "it may need more memory than they have."
        )
        self._ends(lambda: self._end_with_kept(JobState.FAILED, problem("workers-vanished", why)))

    def _make(self, run_chain: Chain, run_forecast: Forecaster) -> None:
        job, parameters = self._job, self._job.parameters
        with self._store.read() as session:
            stored_case = find_case(session, job.case_id)
            assert stored_case is not None, "a foreign key holds the case"  # noqa: S101 - an invariant of the tables
            case, histories = load_case(stored_case), load_histories(stored_case)
            self._case = case
            self._note_kept(load_checkpoint(session, job.id))
            base = _base(session, parameters)
        if job.stop_requested:  # while no worker had it
            raise StoppedError(STOPPED)
        if job.kind is JobKind.FORECAST:
            made = run_forecast(
                case,
                histories,
                seed=parameters["seed"],
                workers=parameters["workers"],
                stop=self._is_stopping,
                on_progress=self._record,
            )
            self._keep_forecast(made)
            return
        result = run_chain(
            case,
            histories,
            time_limit=parameters["time_limit_seconds"],
            seed=parameters["seed"],
            workers=parameters["workers"],
            stop=self._is_stopping,
            on_progress=self._record,
            begin=self._begin,
            on_checkpoint=self._checkpoint,
            **({"base": base} if base else {}),
        )
        is_cut = result.plan.stop_reason is StopReason.STOPPED and not self._lease.stop_requested.is_set()
        violations = result.violations
        if is_cut and not violations:  # the worker ends, not the job
            searched = self._begin.searched if self._begin else 0.0
            self._checkpoint(Checkpoint(result.forecast, result.requirement, result.plan, result.seconds, searched))
            self._release()
            return
        violations = violations or self._keep(result)
        if violations:
            self._finish(JobState.FAILED, _rejection(violations))

    def _is_stopping(self) -> bool:
        return self._closing.is_set() or self._lease.stop_requested.is_set() or self._lease.is_lost.is_set()

    def _record(self, progress: Progress) -> None:
        """An OnProgress: stores what it is told, sparingly. The incumbent shown is the plan that is kept: it cannot be lost."""
        now = time.monotonic()
        if progress.stage == self._stage and now - self._recorded_at < PROGRESS_SECONDS:
            return
        self._stage, self._recorded_at = progress.stage, now
        cost, bound = self._kept or (None, progress.bound_cents)
        bound = max((cents for cents in (bound, progress.bound_cents) if cents is not None), default=None)
        with self._store.write() as session:
            job = hold_job(session, self._job.id, self._job.attempt)
            job.progress = progress.to_dict() | {"incumbent_cents": cost, "bound_cents": bound}
            job.revision += 1

    def _checkpoint(self, made: Checkpoint) -> None:
        """An OnCheckpoint."""
        with self._store.write() as session:
            save_checkpoint(session, hold_job(session, self._job.id, self._job.attempt), made)
        self._note_kept(made)
        self._stage = None  # so that the next progress, with the new incumbent, is told at once

    def _note_kept(self, made: Checkpoint | None) -> None:
        self._begin = made
        if made and made.plan:
            self._kept = made.plan.certificate.cost_cents, made.plan.certificate.bound_cents

    def _keep(self, result: ChainResult) -> list[Violation]:
        """Store the plan and end the job in one transaction; returns what forbids it."""
        made = judge(
            self._known_case(),
            forecast=result.forecast,
            requirement=result.requirement,
            plan=result.plan,
            seconds=result.seconds,
        )
        if not isinstance(made, Judged):
            return made
        with self._store.write() as session:
            job = hold_job(session, self._job.id, self._job.attempt)
            add_plan(session, job.case_id, made, job=job)
            finish_job(job, JobState.DONE, None)
        return []

    def _known_case(self) -> Case:
        if self._case is None:
            with self._store.read() as session:
                stored = find_case(session, self._job.case_id)
                assert stored is not None, "a foreign key holds the case"  # noqa: S101 - an invariant of the tables
                self._case = load_case(stored)
        return self._case

    def _keep_forecast(self, made: ForecastResult) -> None:
        with self._store.write() as session:
            job = hold_job(session, self._job.id, self._job.attempt)
            add_forecast(session, job.case_id, modelled=made.modelled, document=made.document, job_id=job.id)
            finish_job(job, JobState.DONE, None)

    def _ends(self, end: Callable[[], None]) -> None:
        """Store the end of an attempt, unless it is no longer this worker's to tell."""
        try:
            end()
        except LeaseLostError as error:
            _log.warning("job-lost", reason=str(error))
        except Exception:  # noqa: BLE001 - the worker goes on
            _log.exception("job-end-not-stored")  # taken up again when the lease has ended

    def _not_made(self, error: Exception) -> None:
        """`error` came instead of a result."""
        stop_requested = self._job.stop_requested or self._lease.stop_requested.is_set()
        if isinstance(error, WfmError) and stop_requested:
            self._end_with_kept(JobState.CANCELLED, problem("no-plan", STOPPED))
        elif isinstance(error, WfmError) and self._is_stopping():
            self._release()
        elif isinstance(error, WfmError):
            self._finish(JobState.FAILED, problem("no-plan", str(error)))
        else:
            _log.error("job-failed", exc_info=error)
            self._finish(JobState.FAILED, problem("internal", "The log of the service tells more."))

    def _crashed(self) -> None:
        """The process that plans vanished, and the worker did not: another attempt may do better."""
        with self._store.write() as session:
            job = hold_job(session, self._job.id, self._job.attempt)
            job.deaths += 1
            release_job(job)

    def _end_with_kept(self, otherwise: JobState, why: ProblemDetails) -> None:
        """End the job with the best plan that is kept, or without one as told."""
        made = self._begin
        if made is None:
            with self._store.read() as session:
                made = load_checkpoint(session, self._job.id)
        if made is None or made.requirement is None or made.plan is None:
            self._finish(otherwise, why)
            return
        violations = self._keep(ChainResult(made.forecast, made.requirement, made.plan, [], made.seconds))
        if violations:
            self._finish(JobState.FAILED, _rejection(violations))

    def _release(self) -> None:
        with self._store.write() as session:
            release_job(hold_job(session, self._job.id, self._job.attempt))

    def _finish(self, state: JobState, details: ProblemDetails) -> None:
        with self._store.write() as session:
            finish_job(hold_job(session, self._job.id, self._job.attempt), state, details.model_dump(exclude_none=True))


def _base(session: Session, parameters: dict[str, Any]) -> Base | None:
    """The plan that a job is to keep close to."""
    if "base_id" not in parameters:
        return None
    stored = find_plan(session, parameters["base_id"])
    if stored is None:
        raise WfmError("The plan to keep close to is not there any more.")
    return Base(Plan.from_json(stored.plan), parameters["change_price_cents"])


def _rejection(violations: list[Violation]) -> ProblemDetails:
    items = [ProblemItem(reason=str(violation), code=violation.rule, value=violation.found) for violation in violations]
    return problem(
        "plan-rejected", f"The plan breaks {len(items)} rule(s) of its case: an error of the planner.", items
    )
