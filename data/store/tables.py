"""The tables, as SQLAlchemy classes. Documents are kept as canonical JSON text; instants are UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, DateTime, Dialect, Enum, ForeignKey, LargeBinary, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, deferred, mapped_column
from sqlalchemy.types import TypeDecorator

SCHEMA_VERSION = 2


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


class Role(StrEnum):
    """Whose key it is. `planner` sees and does everything; `partner` sees what is asked of that partner."""

    PLANNER = "planner"
    PARTNER = "partner"


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


class StoredCapacityRequest(Base):
    """What a stored plan asks of one partner for one campaign: a document that names nobody else, so that a partner is
    answered from its own rows and never from a plan. The random id tells nothing of the plan or of other requests.
    """

    __tablename__ = "capacity_requests"
    id: Mapped[str] = mapped_column(primary_key=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"), index=True)
    partner: Mapped[str] = mapped_column(index=True)
    campaign: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    document: Mapped[str] = mapped_column(Text)


class StoredKey(Base):
    """An API key: of its secret only the SHA-256. Revoked and expired keys stay, so that a service once closed stays closed."""

    __tablename__ = "api_keys"
    __table_args__ = (CheckConstraint("(role = 'partner') = (partner IS NOT NULL)", name="partner_of_a_partner"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    partner: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
