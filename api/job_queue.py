"""Asking for a job of any kind: queued once, told in the audit log."""

from __future__ import annotations

from typing import Any

from api.access import Caller
from api.problems import ProblemError, ProblemItem
from api.request_log import current_request
from api.services import Services
from api.v1.jobs import Job, job_view
from data.store.audit import record
from data.store.cases import find_case
from data.store.forecasts import find_forecast_of_job
from data.store.jobs import add_job, find_job_by_key
from data.store.plans import find_plan_of_job
from data.store.tables import JobKind


def queue_job(
    service: Services,
    caller: Caller,
    kind: JobKind,
    case_id: str,
    parameters: dict[str, Any],
    idempotency_key: str | None = None,
) -> Job:
    """Queue a job; the same key with the same request gives the same job. Raises ProblemError on an unknown case."""
    with service.store.write(caller.actor) as session:
        known = find_job_by_key(session, idempotency_key) if idempotency_key else None
        if known is not None:
            if (known.kind, known.case_id, known.parameters) != (kind, case_id, parameters):
                raise ProblemError(
                    "key-reused",
                    f"The Idempotency-Key {idempotency_key!r} came with another request before. Use a new one.",
                )
            return job_view(known, find_plan_of_job(session, known.id), find_forecast_of_job(session, known.id))
        if find_case(session, case_id) is None:
            item = ProblemItem(
                reason="There is no such case.", pointer="/case_id", value=case_id, mend="POST it first."
            )
            raise ProblemError("request-invalid", f"There is no case {case_id!r}. GET /v1/cases lists them.", [item])
        queued = add_job(session, case_id, parameters, idempotency_key, kind=kind, request_id=current_request())
        job = job_view(queued, None)
        record(session, f"{kind.value}.asked", "job", job.id, case_id=case_id, **parameters)
    service.runner.wake()
    return job
