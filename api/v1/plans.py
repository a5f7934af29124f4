"""Plans: asked for here, made by a job, kept only when the independent checker found nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response, status
from pydantic import BaseModel, ConfigDict, Field

from api.access import Caller
from api.auth import CalledBy
from api.conditional import check_if_match, etag
from api.figures import PlanView
from api.idempotency import IdempotencyKey
from api.job_queue import queue_job
from api.paging import PageBy1
from api.plan_loader import VisiblePlan, VisibleRow, load_view
from api.problems import ProblemError, not_found
from api.services import Service, Services
from api.v1.jobs import Job
from data.store.plans import find_plan, list_plans, publish_plan
from data.store.tables import JobKind, PlanState, StoredPlan
from wfm.plan import Status, StopReason

router = APIRouter(prefix="/v1/plans", tags=["plans"])


class PlanRequest(BaseModel):
    """What to plan, and for how long to search."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"case_id": "5f0c2a9be1d34c77", "seed": 0}]}
    )

    case_id: str = Field(description="Id of a stored case.")
    time_limit_seconds: float = Field(60, gt=0, le=86_400, description="Most seconds for the optimiser alone.")
    seed: int = Field(0, ge=0, lt=2**31, description="Seed of everything random.")
    workers: int = Field(2, ge=1, le=64, description="Threads of the optimiser.")


class PlanBrief(BaseModel):
    """A stored plan, for those who see no costs."""

    id: str
    case_id: str
    job_id: str | None = Field(description="The job that made it; null where a person changed another plan.")
    base_id: str | None = Field(description="The plan that a person changed; null where a job made it.")
    case_name: str
    version: int = Field(description="Counts the plans of its case from 1.")
    state: PlanState = Field(
        description="draft: proposed; published: in force; superseded: was in force before another."
    )
    published_at: datetime | None = Field(description="When it was put in force, UTC.")
    created_at: datetime = Field(description="When it was stored, UTC.")


class PlanEntry(PlanBrief):
    """A stored plan. Money is in minor units (cents) of `currency`."""

    status: Status = Field(description="optimal: proven that nothing is cheaper.")
    stop_reason: StopReason = Field(description="Why the search ended.")
    currency: str = Field(description="ISO 4217.")
    cost_cents: int = Field(description="Total cost of the plan, minor units.")
    bound_cents: int = Field(description="Proven: no plan of this case costs less, minor units.")
    gap_cents: int = Field(description="Cost less bound: what a better plan could save at most, minor units.")
    gap: float = Field(description="That gap as a share of the cost; x 100 for %.")


class PlanOutline(PlanBrief):
    """What a stored plan is about, for those who see no costs. A site's manager is told the agents and shifts of that site."""

    first_day: date = Field(description="First day planned.")
    days: int = Field(description="Days planned.")
    interval_minutes: int = Field(description="Length of an interval, minutes.")
    time_zone: str = Field(description="Clock of the own sites.")
    agents: int = Field(description="Own agents in the case.")
    shifts: int = Field(description="Shifts rostered.")
    case_hash: str = Field(description="SHA-256 of the case that was planned.")
    versions: dict[str, str] = Field(description="Versions of the programs that made the plan.")
    tzdata_version: str = Field(description="Version of the time zone database used.")


class PlanSummary(PlanOutline, PlanEntry):
    """A stored plan and what it is made of."""

    changeable_cost_cents: int = Field(
        description="Cost without contract wages, which no decision changes, minor units."
    )
    changeable_bound_cents: int = Field(description="The bound without contract wages, minor units.")
    changeable_gap: float = Field(description="The gap as a share of the changeable cost.")
    bound_method: str = Field(description="How the bound was obtained.")
    purchases: int = Field(description="Purchases of partner blocks.")
    seed: int
    seconds: dict[str, float] = Field(description="Elapsed seconds of each step.")


def plan_brief(stored: StoredPlan) -> PlanBrief:
    return PlanBrief(
        id=stored.id, case_id=stored.case_id, job_id=stored.job_id, base_id=stored.base_id, case_name=stored.case_name,
        version=stored.version, state=stored.state, published_at=stored.published_at, created_at=stored.created_at,
    )  # fmt: skip


def plan_entry(stored: StoredPlan) -> PlanEntry:
    return PlanEntry(
        **plan_brief(stored).model_dump(), status=Status(stored.status), stop_reason=StopReason(stored.stop_reason),
        currency=stored.currency, cost_cents=stored.cost_cents, bound_cents=stored.bound_cents,
        gap_cents=stored.cost_cents - stored.bound_cents, gap=stored.gap,
    )  # fmt: skip


def queue_plan(service: Services, caller: Caller, wanted: PlanRequest, idempotency_key: str | None = None) -> Job:
    """Raises ProblemError on an unknown case."""
    parameters = wanted.model_dump(exclude={"case_id"})
    return queue_job(service, caller, JobKind.PLAN, wanted.case_id, parameters, idempotency_key)


@router.post(
    "",
    status_code=status.HTTP_202_ACCEPTED,
    responses={202: {"headers": {"Location": {"description": "The job.", "schema": {"type": "string"}}}}, 422: {}},
)
def post_plan(
    wanted: PlanRequest,
    response: Response,
    service: Service,
    caller: CalledBy,
    idempotency_key: IdempotencyKey = None,
) -> Job:
    """Ask for a plan. The answer is a job to follow; the plan is there when the job is done."""
    job = queue_plan(service, caller, wanted, idempotency_key)
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return job


@router.get("", responses={422: {}})
def get_plans(service: Service, caller: CalledBy, page: PageBy1) -> list[PlanEntry] | list[PlanBrief]:
    """Stored plans, newest first. Without costs, and without drafts, to roles that see none."""
    with service.store.read() as session:
        rows = list_plans(session, page.limit + 1, drafts=caller.sees_drafts, after_row=page.after)
    rows = list(page.cut(rows, lambda row: (row.created_at, row.id)))
    return [plan_entry(row) for row in rows] if caller.sees_costs else [plan_brief(row) for row in rows]


@router.get("/{plan_id}", responses={404: {}})
def get_plan(
    plan_id: str, response: Response, service: Service, caller: CalledBy, stored: VisibleRow, view: VisiblePlan
) -> PlanSummary | PlanOutline:
    """Headline figures of a plan, how good it provably is, and what made it; to roles that see no costs, what it is about.

    Its ETag changes with its state alone: If-Match of `publish` takes it.
    """
    response.headers["ETag"] = plan_etag(stored)
    if caller.sees_costs:
        return read_summary(service, plan_id)
    return PlanOutline(**plan_brief(stored).model_dump(), **_about(view, caller.site))


@router.post("/{plan_id}/publish", responses={404: {}, 409: {}, 412: {}})
def post_publish(
    plan_id: str,
    response: Response,
    service: Service,
    caller: CalledBy,
    if_match: Annotated[str | None, Header(max_length=1000, description="ETag of the plan as it was seen.")] = None,
    dry_run: Annotated[bool, Query(description="Only say what would be; change nothing.")] = False,
) -> PlanEntry:
    """Put a plan in force and send its requests to the partners; the one of the same case that was in force is superseded.

    Safe to repeat.
    """
    with service.store.write(caller.actor) as session:
        before = find_plan(session, plan_id)
        if before is None:
            raise not_found("plan", plan_id)
        if before.state is not PlanState.PUBLISHED:  # whoever repeats the request has seen the draft
            check_if_match(if_match, plan_etag(before))
        stored = publish_plan(session, plan_id)
        if stored is None:
            raise not_found("plan", plan_id)
        if stored.state is PlanState.SUPERSEDED:
            raise ProblemError(
                "plan-superseded",
                f"Plan {plan_id} was in force until {stored.superseded_at:%Y-%m-%d %H:%M} UTC and does not come back. "
                "Plan the case again with the same seed, and publish that plan.",
            )
        response.headers["ETag"] = plan_etag(stored)
        entry = plan_entry(stored)
        if dry_run:
            session.rollback()
        return entry


def plan_etag(stored: StoredPlan) -> str:
    return etag(stored.id, stored.state.value)


def read_summary(service: Services, plan_id: str) -> PlanSummary:
    """Raises ProblemError when there is no such plan."""
    with service.store.read() as session:
        stored = find_plan(session, plan_id)
        if stored is None:
            raise not_found("plan", plan_id)
        entry, seconds = plan_entry(stored), stored.seconds
    view = load_view(service.store, plan_id)
    plan, certificate = view.plan, view.plan.certificate
    return PlanSummary(
        **entry.model_dump(), **_about(view, None), changeable_cost_cents=certificate.changeable_cost_cents,
        changeable_bound_cents=certificate.changeable_bound_cents, changeable_gap=certificate.changeable_gap,
        bound_method=certificate.method, purchases=len(plan.purchases), seed=plan.seed, seconds=seconds,
    )  # fmt: skip


def _about(view: PlanView, site: str | None) -> dict[str, Any]:
    """The fields that PlanOutline adds, of one site's agents alone or of all."""
    plan, case = view.plan, view.case
    return {
        "first_day": case.first_day, "days": case.days, "interval_minutes": case.interval_minutes,
        "time_zone": case.home_zone.key, "agents": sum(site in {None, agent.site} for agent in case.agents),
        "shifts": len(plan.shifts), "case_hash": plan.case_hash, "versions": plan.versions,
        "tzdata_version": plan.tzdata_version,
    }  # fmt: skip
