"""Checkpoints in the store: what an unfinished job has made, never worse than it was."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from data.store.tables import StoredCheckpoint, StoredJob
from wfm.checkpoint import Checkpoint
from wfm.demand import Forecast
from wfm.plan import Plan
from wfm.requirement import Requirement


def save_checkpoint(session: Session, job: StoredJob, made: Checkpoint) -> StoredCheckpoint:
    """Keep what a job has made, in place of what it had before; `job` is held (`hold_job`). A plan that is dearer than the one
    kept before is not taken.
    """
    kept, plan = session.get(StoredCheckpoint, job.id), made.plan
    if kept is None:
        kept = StoredCheckpoint(job_id=job.id, forecast=made.forecast.canonical_json())
        session.add(kept)
    elif kept.cost_cents is not None and (plan is None or plan.certificate.cost_cents > kept.cost_cents):
        return kept
    kept.attempt, kept.saved_at = job.attempt, datetime.now(UTC)
    kept.seconds, kept.searched = made.seconds, made.searched
    if plan is not None:
        kept.cost_cents, kept.bound_cents = plan.certificate.cost_cents, plan.certificate.bound_cents
        kept.plan = plan.canonical_json()
    if made.requirement is not None and kept.requirement is None:
        kept.requirement = made.requirement.canonical_json()
    job.crashes = job.deaths = 0  # it gets on, however often its workers vanish
    return kept


def load_checkpoint(session: Session, job_id: str) -> Checkpoint | None:
    """What a job had made when it was last kept."""
    kept = session.get(StoredCheckpoint, job_id)
    if kept is None:
        return None
    return Checkpoint(
        forecast=Forecast.from_json(kept.forecast),
        requirement=Requirement.from_json(kept.requirement) if kept.requirement else None,
        plan=Plan.from_json(kept.plan) if kept.plan else None,
        seconds=kept.seconds,
        searched=kept.searched,
    )
