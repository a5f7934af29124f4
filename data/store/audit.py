"""The audit log: who did what, when, to which version. Written in the transaction of the change itself, so that there is
neither a change without its line nor a line without its change; the database refuses to change a line, and to delete one
before its time of keeping is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from data.store.place import Place
from data.store.tables import AuditEvent

KEPT_YEARS = 5
"""Whole years for which the database refuses to delete a line."""


@dataclass(frozen=True)
class Actor:
    """Who does something: a key, a person of an identity provider, or a part of the program; and on which request."""

    name: str
    role: str
    request_id: str | None = None


SERVICE = Actor("service", "service")
"""What nobody asked for at that moment: a worker that stores the plan of a job."""
COMMAND_LINE = Actor("command line", "operator")


@dataclass(frozen=True)
class AuditFilter:
    """Which lines are wanted; None: whatever it is."""

    actor: str | None = None
    action: str | None = None
    resource: str | None = None
    resource_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def record(
    session: Session, action: str, resource: str, resource_id: str, *, version: int | None = None, **details: Any
) -> None:
    """Add a line, in the name of the actor for whom the session was opened (`Store.write(by)`).

    `details` is what a later reader needs to repeat or judge the act: of a plan its inputs' hash, seed and versions.
    """
    by: Actor = session.info.get("by", SERVICE)
    session.add(
        AuditEvent(
            at=datetime.now(UTC),
            actor=by.name,
            role=by.role,
            action=action,
            resource=resource,
            resource_id=resource_id,
            version=version,
            request_id=by.request_id,
            details=details,
        )
    )


def list_events(
    session: Session, wanted: AuditFilter, limit: int, after_row: Place | None = None
) -> Sequence[AuditEvent]:
    """Newest first. `until` is exclusive; `after_row` is (at, id) of the last one seen."""
    rows = select(AuditEvent).order_by(AuditEvent.id.desc()).limit(limit)
    for name in ("actor", "action", "resource", "resource_id"):
        value = getattr(wanted, name)
        if value is not None:
            rows = rows.where(getattr(AuditEvent, name) == value)
    if wanted.since is not None:
        rows = rows.where(AuditEvent.at >= wanted.since)
    if wanted.until is not None:
        rows = rows.where(AuditEvent.at < wanted.until)
    if after_row is not None:
        number = str(after_row[-1])
        rows = rows.where(AuditEvent.id < (int(number) if number.isdecimal() and len(number) < 19 else 0))
    return session.scalars(rows).all()


def purge_events(session: Session, today: date) -> int:
    """Delete the lines older than KEPT_YEARS years and a day, whatever clock the database has; returns how many."""
    year = today.year - KEPT_YEARS
    day = min(today.day, 28)  # a few days longer at the end of a month, never shorter
    before = datetime.combine(date(year, today.month, day), time.min, UTC)
    result = session.execute(delete(AuditEvent).where(AuditEvent.at < before))
    return int(getattr(result, "rowcount", 0))
