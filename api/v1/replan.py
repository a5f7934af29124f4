"""Planning again when reality moved: a job that keeps close to a plan."""

from __future__ import annotations

from fastapi import APIRouter, Response, status
from pydantic import ConfigDict, Field

from api.auth import CalledBy
from api.idempotency import IdempotencyKey
from api.job_queue import queue_job
from api.plan_loader import VisiblePlan
from api.problems import ProblemError, ProblemItem
from api.services import Service
from api.v1.jobs import Job
from api.v1.plans import PlanRequest
from data.store.cases import find_case, load_case
from data.store.tables import JobKind

router = APIRouter(prefix="/v1/plans/{plan_id}", tags=["plans"])


class ReplanRequest(PlanRequest):
    """What to plan again, and what a change costs."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"case_id": "5f0c2a9be1d34c77", "change_price_cents": 1500, "seed": 0}]},
    )

    case_id: str = Field(description="Id of a stored case: what has changed, such as a draft's.")
    change_price_cents: int = Field(
        1000, ge=0, le=10_000_000, description="What a changed day of one agent must save at least, minor units."
    )


@router.post(
    "/replan",
    status_code=status.HTTP_202_ACCEPTED,
    responses={
        202: {"headers": {"Location": {"description": "The job.", "schema": {"type": "string"}}}},
        404: {},
        422: {},
    },
)
def post_replan(
    plan_id: str,
    wanted: ReplanRequest,
    response: Response,
    service: Service,
    caller: CalledBy,
    view: VisiblePlan,
    idempotency_key: IdempotencyKey = None,
) -> Job:
    """Plan a changed case (an agent is ill, a partner declined) and keep close to a plan: what the case forbids by now goes, and
    another agent's day is changed only where that saves its price. The answer is a job to follow; its plan is a draft of the
    changed case, with a proven bound like every plan.
    """
    with service.store.read() as session:
        stored = find_case(session, wanted.case_id)
        case = load_case(stored) if stored is not None else None
    if case is not None and case.grid != view.plan.grid:
        item = ProblemItem(
            reason="The case is of other days or intervals than the plan.", pointer="/case_id", value=wanted.case_id,
            mend="Change a draft of the plan's own case.",
        )  # fmt: skip
        raise ProblemError("request-invalid", f"{item.reason} {item.mend}", [item])
    parameters = wanted.model_dump(exclude={"case_id"}) | {"base_id": plan_id}
    job = queue_job(service, caller, JobKind.PLAN, wanted.case_id, parameters, idempotency_key)
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return job
