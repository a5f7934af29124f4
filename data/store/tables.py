"""The tables, as SQLAlchemy classes. Documents are kept as canonical JSON text; instants are UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Enum, ForeignKey, LargeBinary, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, deferred, mapped_column
from sqlalchemy.types import TypeDecorator

SCHEMA_VERSION = 1


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: stored as naive UTC (SQLite keeps no offset), given back with its zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else value.replace(tzinfo=UTC)


class JobState(StrEnum):
    """`done`: a plan is stored, also after a stop; `cancelled`: stopped before there was one; `failed`: see its problem."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self not in {JobState.QUEUED, JobState.RUNNING}


class Base(DeclarativeBase):
    pass


class StoredVersion(Base):
    """One row: the version of these tables."""

    __tablename__ = "schema_version"
    version: Mapped[int] = mapped_column(primary_key=True)


class StoredCase(Base):
    """A case that was read without fault; `histories` is a compressed archive of arrays (`data.store.arrays`)."""

    __tablename__ = "cases"
    id: Mapped[str] = mapped_column(primary_key=True)
    content_hash: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    document: Mapped[str] = deferred(mapped_column(Text))
    histories: Mapped[bytes] = deferred(mapped_column(LargeBinary))


class StoredJob(Base):
    """A request to plan a case and what became of it. `progress` is a `wfm.progress.Progress`, `problem` problem details."""

    __tablename__ = "jobs"
    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    state: Mapped[JobState] = mapped_column(
        Enum(
            JobState,
            native_enum=False,
            create_constraint=True,
            values_callable=lambda states: [s.value for s in states],
        ),
        index=True,
    )
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    idempotency_key: Mapped[str | None] = mapped_column(unique=True)
    stop_requested: Mapped[bool] = mapped_column(default=False)
    progress: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StoredPlan(Base):
    """A plan that passed the checker, with the forecast and requirement it answers. The plain columns are for lists."""

    __tablename__ = "plans"
    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), unique=True)
    case_name: Mapped[str]
    status: Mapped[str]
    stop_reason: Mapped[str]
    currency: Mapped[str]
    cost_cents: Mapped[int]
    bound_cents: Mapped[int]
    gap: Mapped[float]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    seconds: Mapped[dict[str, float]] = mapped_column(JSON)
    forecast: Mapped[str] = deferred(mapped_column(Text))
    requirement: Mapped[str] = deferred(mapped_column(Text))
    plan: Mapped[str] = deferred(mapped_column(Text))
