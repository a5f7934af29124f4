"""Plans in the store. Nothing is stored unchecked: the independent checker judges every plan (`judge`) before it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from data.store.audit import record
from data.store.capacity_requests import add_requests, move_all
from data.store.cases import find_case, lock_case, new_id
from data.store.place import Place
from data.store.tables import PlanState, StoredJob, StoredPlan
from data.store.webhooks import tell_of_publication
from wfm.case import Case
from wfm.check import check_plan
from wfm.demand import Forecast
from wfm.errors import WfmError
from wfm.negotiation import Move
from wfm.plan import Plan
from wfm.requirement import Requirement
from wfm.violation import Violation


@dataclass(frozen=True)
class Judged:
    """A plan that the checker passed, with what it answers and how long that took to make. Only `judge` makes one."""

    case: Case
    forecast: Forecast
    requirement: Requirement
    plan: Plan
    seconds: dict[str, float]


def judge(
    case: Case, *, forecast: Forecast, requirement: Requirement, plan: Plan, seconds: dict[str, float]
) -> Judged | list[Violation]:
    """Let the independent checker judge a plan: outside of any transaction, for it takes seconds of a large one."""
    return check_plan(case, requirement, plan) or Judged(case, forecast, requirement, plan, seconds)


def add_plan(
    session: Session, case_id: str, made: Judged, *, job: StoredJob | None = None, base: StoredPlan | None = None
) -> StoredPlan:
    """Keep a plan as a draft and the next version of its case's plans: the one that a job made, or one changed by hand from
    `base`. Raises WfmError when the case it was judged by is not the one that it is kept for.
    """
    lock_case(session, case_id)
    stored_case = find_case(session, case_id)
    plan, certificate = made.plan, made.plan.certificate
    if stored_case is None or stored_case.content_hash != plan.case_hash:
        raise WfmError(
            f"The plan was made for the case with hash {plan.case_hash}, which is not that of case {case_id}."
        )
    last = session.scalar(select(func.max(StoredPlan.version)).where(StoredPlan.case_id == case_id))
    stored = StoredPlan(
        id=new_id(),
        case_id=case_id,
        job_id=job.id if job else None,
        base_id=base.id if base else None,
        case_name=plan.case_name,
        version=(last or 0) + 1,
        state=PlanState.DRAFT,
        inputs_hash=plan.case_hash,
        seed=plan.seed,
        versions=plan.versions,
        tzdata_version=plan.tzdata_version,
        status=plan.status.value,
        stop_reason=plan.stop_reason.value,
        currency=certificate.currency,
        cost_cents=certificate.cost_cents,
        bound_cents=certificate.bound_cents,
        gap=certificate.gap,
        created_at=datetime.now(UTC),
        seconds=made.seconds,
        forecast=made.forecast.canonical_json(),
        requirement=made.requirement.canonical_json(),
        plan=plan.canonical_json(),
    )
    session.add(stored)
    session.flush()
    add_requests(session, stored, made.case, plan)
    _record(session, "plan.stored" if base is None else "plan.changed", stored)
    return stored


def find_plan(session: Session, plan_id: str, *, drafts: bool = True) -> StoredPlan | None:
    """A plan; without `drafts`, a draft is not found, like one that never was."""
    plan = session.get(StoredPlan, plan_id)
    return plan if plan is None or drafts or plan.state is not PlanState.DRAFT else None


def find_plan_of_job(session: Session, job_id: str) -> StoredPlan | None:
    return session.scalar(select(StoredPlan).where(StoredPlan.job_id == job_id))


def list_plans(
    session: Session, limit: int, *, drafts: bool = True, after_row: Place | None = None
) -> list[StoredPlan]:
    """Newest first; without `drafts` only plans that are or were in force. `after_row` is (created_at, id) of the last one
    seen.
    """
    rows = select(StoredPlan)
    if not drafts:
        rows = rows.where(StoredPlan.state != PlanState.DRAFT)
    if after_row is not None:
        rows = rows.where(tuple_(StoredPlan.created_at, StoredPlan.id) < after_row)
    return list(session.scalars(rows.order_by(StoredPlan.created_at.desc(), StoredPlan.id.desc()).limit(limit)))


def publish_plan(session: Session, plan_id: str) -> StoredPlan | None:
    """Put a draft in force and send its requests to the partners; the plan of the same case that was in force is superseded,
    and of its requests what is not locked is withdrawn. None when there is no such plan.

    A plan published before stays as it is, and so does a superseded one, which never comes back in force: its state tells.
    """
    case_id = session.scalar(select(StoredPlan.case_id).where(StoredPlan.id == plan_id))
    if case_id is None:
        return None
    lock_case(session, case_id)
    plan = session.get(
        StoredPlan, plan_id, populate_existing=True
    )  # as it is now that nobody else changes it, or purged
    if plan is not None and plan.state is PlanState.DRAFT:
        now = datetime.now(UTC)
        before = find_published_plan(session, case_id)
        if before is not None:
            before.state, before.superseded_at = PlanState.SUPERSEDED, now
            session.flush()  # before the other: one plan of a case at most is in force
            _record(session, "plan.superseded", before)
            move_all(session, before.id, Move.WITHDRAW)
        plan.state, plan.published_at = PlanState.PUBLISHED, now
        session.flush()
        _record(session, "plan.published", plan)
        move_all(session, plan.id, Move.SEND)
        tell_of_publication(session, plan)
    return plan


def find_published_plan(session: Session, case_id: str) -> StoredPlan | None:
    """The plan of a case that is in force."""
    rows = select(StoredPlan).where(StoredPlan.case_id == case_id, StoredPlan.state == PlanState.PUBLISHED)
    return session.scalar(rows.execution_options(populate_existing=True))


def _record(session: Session, action: str, plan: StoredPlan) -> None:
    """All that a plan follows from, so that it can be made again and judged by the rules of its day."""
    record(
        session,
        action,
        "plan",
        plan.id,
        version=plan.version,
        case_id=plan.case_id,
        job_id=plan.job_id,
        base_id=plan.base_id,
        inputs_hash=plan.inputs_hash,
        seed=plan.seed,
        versions=plan.versions,
        tzdata_version=plan.tzdata_version,
    )
