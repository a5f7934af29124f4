"""How long rosters and working time are kept, and what is left of them.

A case stays, with all its plans, for KEPT_MONTHS from its last planned day or from the day it was stored, whichever is
later. Then each of its plans that was ever published, and so worked, is written to the archive as a plan's folder; and
plans, forecasts, capacity requests, jobs, drafts of the case and the case with its histories are deleted. The purge log tells
of every plan and case. Draft plans, which nobody worked, are not archived.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from sqlalchemy import Select, delete, exists, select
from sqlalchemy.orm import Session

from data.export.plan_folder import write_plan_folder
from data.store.audit import purge_events, record
from data.store.cases import find_case, load_case, lock_case, new_id
from data.store.database import Store
from data.store.idempotency import purge_keys
from data.store.tables import (
    JobState,
    PlanState,
    Purged,
    StoredCapacityRequest,
    StoredCase,
    StoredDraft,
    StoredForecast,
    StoredJob,
    StoredPlan,
    StoredRequirement,
)
from wfm.demand import Forecast
from wfm.plan import Plan
from wfm.requirement import Requirement

KEPT_MONTHS = 24


@dataclass(frozen=True)
class Purge:
    """What a purge deleted, or would delete. `archived` are folders in the archive."""

    cases: int
    plans: int
    archived: tuple[str, ...]


def purge(store: Store, archive: Path, today: date, *, dry_run: bool = False) -> Purge:
    """Archive and delete every case whose time is over on `today`, each in a transaction of its own; a case that a job still
    waits for or plans is left. Then the lines of the audit log go that are old enough. After a crash the next purge writes
    the same folders again and goes on.

    Raises PlanError when a folder in the archive holds anything else.
    """
    before = months_before(today, KEPT_MONTHS)
    with store.read() as session:
        due = list(session.scalars(_due(before)))
        plans = list(session.scalars(select(StoredPlan).where(StoredPlan.case_id.in_(due))))
    archived = tuple(sorted(folder_name(plan) for plan in plans if plan.state is not PlanState.DRAFT))
    if not dry_run:
        for case_id in due:
            with store.write() as session:
                _purge_case(session, case_id, archive, before)
        with store.write() as session:
            purge_events(session, today)
            purge_keys(session, today)
    return Purge(len(due), len(plans), archived)


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last one."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def folder_name(plan: StoredPlan) -> str:
    """Folder of a plan in the archive; the hash and version are those of its roster.csv."""
    return f"{plan.inputs_hash[:12]}-v{plan.version}"


def list_purged(session: Session) -> list[Purged]:
    """The purge log, newest first; of each case its plans, then the case itself."""
    return list(session.scalars(select(Purged).order_by(Purged.purged_at.desc(), Purged.case_id, Purged.version)))


def _due(before: date) -> Select[str]:
    midnight = datetime.combine(before, time.min, UTC)
    waits = exists().where(
        StoredJob.case_id == StoredCase.id, StoredJob.state.in_([state for state in JobState if not state.is_final])
    )
    rows = select(StoredCase.id).where(StoredCase.last_day < before, StoredCase.created_at < midnight, ~waits)
    return rows.order_by(StoredCase.last_day, StoredCase.id)


def _purge_case(session: Session, case_id: str, archive: Path, before: date) -> None:
    lock_case(session, case_id)
    stored_case = find_case(session, case_id)
    if stored_case is None or session.scalar(_due(before).where(StoredCase.id == case_id)) is None:
        return  # another purge was faster, or somebody plans the case again
    now = datetime.now(UTC)
    same = {
        "purged_at": now,
        "case_id": case_id,
        "inputs_hash": stored_case.content_hash,
        "last_day": stored_case.last_day,
    }
    plans = list(session.scalars(select(StoredPlan).where(StoredPlan.case_id == case_id)))
    for plan in plans:
        folder = None if plan.state is PlanState.DRAFT else folder_name(plan)
        if folder:
            documents = Forecast.from_json(plan.forecast), Requirement.from_json(plan.requirement)
            write_plan_folder(archive / folder, load_case(stored_case), *documents, Plan.from_json(plan.plan))
        session.add(
            Purged(id=new_id(), plan_id=plan.id, version=plan.version, state=plan.state.value, archive=folder, **same)
        )
    session.add(Purged(id=new_id(), **same))
    record(session, "case.purged", "case", case_id, plans=len(plans), inputs_hash=stored_case.content_hash)
    session.flush()  # before the rows go: the database lets a published plan go only when the log tells of it
    ids = [plan.id for plan in plans]
    session.execute(delete(StoredCapacityRequest).where(StoredCapacityRequest.plan_id.in_(ids)))
    session.execute(delete(StoredPlan).where(StoredPlan.case_id == case_id))
    session.execute(delete(StoredRequirement).where(StoredRequirement.case_id == case_id))
    session.execute(delete(StoredForecast).where(StoredForecast.case_id == case_id))
    session.execute(delete(StoredJob).where(StoredJob.case_id == case_id))
    session.execute(delete(StoredDraft).where(StoredDraft.case_id == case_id))
    session.execute(delete(StoredCase).where(StoredCase.id == case_id))
