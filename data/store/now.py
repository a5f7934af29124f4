"""The one clock of a database's leases: several machines' own clocks differ by more than a lease is long."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def store_now(session: Session) -> datetime:
    """The time of PostgreSQL's machine; with SQLite all processes are on one."""
    if session.get_bind().dialect.name == "postgresql":
        now: datetime = session.scalars(select(func.clock_timestamp())).one()
        return now
    return datetime.now(UTC)
