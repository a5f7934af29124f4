"""The tables, as SQLAlchemy classes. Documents are kept as canonical JSON text; instants are UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    Enum,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, deferred, mapped_column
from sqlalchemy.types import TypeDecorator

from wfm.negotiation import RequestState


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: stored as naive UTC (SQLite keeps no offset), given back with its zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else value.replace(tzinfo=UTC)


class PlainString(TypeDecorator[str]):
    """Text without NUL, which PostgreSQL cannot hold: looking for such text finds nothing, as in SQLite, and is no error."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else value.replace("\0", "\N{REPLACEMENT CHARACTER}")


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


class JobKind(StrEnum):
    """What a job makes."""

    PLAN = "plan"
    FORECAST = "forecast"


class PlanState(StrEnum):
    """`draft`: proposed by the solver; `published`: in force, one at most of each case; `superseded`: was in force until the
    next one of its case was published. The database refuses every other step, and any change to a plan once published.
    """

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class Role(StrEnum):
    """Who calls; `api.access` says what each may do. `partner` is a coordinator of one partner, `site_manager` of one site."""

    PLANNER = "planner"
    SCHEDULER = "scheduler"
    SITE_MANAGER = "site_manager"
    PARTNER = "partner"
    COMPLIANCE = "compliance"
    VIEWER = "viewer"
    ADMIN = "admin"


def _values(states: type[StrEnum]) -> list[str]:
    return [state.value for state in states]


class Base(DeclarativeBase):
    """A change here needs a migration in `data/migrations/versions`: a test compares the two."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {str: PlainString}


class StoredCase(Base):
    """A case that was read without fault; `histories` is a compressed archive of arrays (`data.store.arrays`), `last_day`
    the last day that it plans, from which the time of keeping it runs. `tables` are those it was made from, as JSON
    (`data.ingest.source_tables`); None of cases stored before they were kept.
    """

    __tablename__ = "cases"
    id: Mapped[str] = mapped_column(primary_key=True)
    content_hash: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    last_day: Mapped[date] = mapped_column(index=True)
    document: Mapped[str] = deferred(mapped_column(Text, nullable=False))
    histories: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    tables: Mapped[str | None] = deferred(mapped_column(Text))


class StoredDraft(Base):
    """A name for a case that is still being changed: each change stores another case, and the draft moves on to it."""

    __tablename__ = "drafts"
    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    revision: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SpentKey(Base):
    """An Idempotency-Key and what the request that carried it made: sent again, it makes nothing anew."""

    __tablename__ = "idempotency_keys"
    caller: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    made_id: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class StoredJob(Base):
    """A request to plan a case, or to forecast it, and what became of it. `progress` is a `wfm.progress.Progress`, `problem`
    problem details; `revision` counts the changes that followers are told of, `request_id` names the request in the logs.

    A running job is `worker`'s until `lease_until`, on the database's clock. `attempt` counts how often it was taken up: only
    who knows the latest number may write to the job. `crashes` counts the times that a worker vanished from it, `deaths` those
    that its planning process died under a worker that lived on; both begin anew with whatever new it keeps.
    """

    __tablename__ = "jobs"
    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    state: Mapped[JobState] = mapped_column(
        Enum(JobState, native_enum=False, create_constraint=True, values_callable=_values), index=True
    )
    kind: Mapped[JobKind] = mapped_column(
        Enum(JobKind, native_enum=False, create_constraint=True, values_callable=_values), default=JobKind.PLAN
    )
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    idempotency_key: Mapped[str | None] = mapped_column(unique=True)
    stop_requested: Mapped[bool] = mapped_column(default=False)
    progress: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    revision: Mapped[int] = mapped_column(default=0)
    request_id: Mapped[str | None]
    attempt: Mapped[int] = mapped_column(default=0)
    crashes: Mapped[int] = mapped_column(default=0)
    deaths: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None]
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StoredCheckpoint(Base):
    """What an unfinished job has made so far (`wfm.checkpoint.Checkpoint`): its plan passed the checker. Gone when
    the job ends.
    """

    __tablename__ = "checkpoints"
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), primary_key=True)
    attempt: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cost_cents: Mapped[int | None] = mapped_column(BigInteger)
    bound_cents: Mapped[int | None] = mapped_column(BigInteger)
    seconds: Mapped[dict[str, float]] = mapped_column(JSON)
    searched: Mapped[float]
    forecast: Mapped[str] = deferred(mapped_column(Text, nullable=False))
    requirement: Mapped[str | None] = deferred(mapped_column(Text))
    plan: Mapped[str | None] = deferred(mapped_column(Text))


class StoredWorker(Base):
    """A process that works jobs; it was alive at `seen_at`, on the database's clock."""

    __tablename__ = "workers"
    id: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StoredPlan(Base):
    """A plan that passed the checker, with the forecast and requirement it answers. The plain columns are for lists.

    `version` counts the plans of one case from 1. `inputs_hash` is the content hash of the case, histories included; `seed`,
    `versions` (programs, country rules and calendars) and `tzdata_version` are what else the plan follows from. A job made it,
    or somebody changed the plan `base_id` by hand.
    """

    __tablename__ = "plans"
    __table_args__ = (
        UniqueConstraint("case_id", "version", name="plan_version"),
        CheckConstraint("(job_id IS NULL) = (base_id IS NOT NULL)", name="plan_made_by"),
        CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="plan_published_at"),
        CheckConstraint("(state = 'superseded') = (superseded_at IS NOT NULL)", name="plan_superseded_at"),
        Index(
            "one_published_plan",
            "case_id",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id"), unique=True)
    base_id: Mapped[str | None] = mapped_column(ForeignKey("plans.id"))
    case_name: Mapped[str]
    version: Mapped[int]
    state: Mapped[PlanState] = mapped_column(
        Enum(PlanState, native_enum=False, create_constraint=True, values_callable=_values), index=True
    )
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    inputs_hash: Mapped[str]
    seed: Mapped[int] = mapped_column(BigInteger)
    versions: Mapped[dict[str, str]] = mapped_column(JSON)
    tzdata_version: Mapped[str]
    status: Mapped[str]
    stop_reason: Mapped[str]
    currency: Mapped[str]
    cost_cents: Mapped[int] = mapped_column(BigInteger)
    bound_cents: Mapped[int] = mapped_column(BigInteger)
    gap: Mapped[float]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    seconds: Mapped[dict[str, float]] = mapped_column(JSON)
    forecast: Mapped[str] = deferred(mapped_column(Text, nullable=False))
    requirement: Mapped[str] = deferred(mapped_column(Text, nullable=False))
    plan: Mapped[str] = deferred(mapped_column(Text, nullable=False))


class StoredForecast(Base):
    """A forecast of a case: `modelled` by the models alone, and `document` with lists and the case's overrides. An override
    makes the next `version` of the same `origin` (the id of version 1), of a case that holds it. `job_id`: the job that made
    version 1, None for the others.
    """

    __tablename__ = "forecasts"
    __table_args__ = (UniqueConstraint("origin", "version", name="forecast_version"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    job_id: Mapped[str | None] = mapped_column(ForeignKey("jobs.id"), unique=True)
    seed: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    modelled: Mapped[str] = deferred(mapped_column(Text, nullable=False))
    document: Mapped[str] = deferred(mapped_column(Text, nullable=False))


class StoredRequirement(Base):
    """The work that a forecast means, by itself: what a plan of its case would have to cover. `versions` made it."""

    __tablename__ = "requirements"
    id: Mapped[str] = mapped_column(primary_key=True)
    forecast_id: Mapped[str] = mapped_column(ForeignKey("forecasts.id"), unique=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    versions: Mapped[dict[str, str]] = mapped_column(JSON)
    document: Mapped[str] = deferred(mapped_column(Text, nullable=False))


class StoredCapacityRequest(Base):
    """What a stored plan asks of one partner for one campaign: a document that names nobody else, so that a partner is
    answered from its own rows and never from a plan. The random id tells nothing of the plan or of other requests.
    `revision` counts the changes of `state` and `answer`, which is the partner's.
    """

    __tablename__ = "capacity_requests"
    id: Mapped[str] = mapped_column(primary_key=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"), index=True)
    partner: Mapped[str] = mapped_column(index=True)
    campaign: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    document: Mapped[str] = mapped_column(Text)
    state: Mapped[RequestState] = mapped_column(
        Enum(RequestState, native_enum=False, create_constraint=True, values_callable=_values), index=True
    )
    revision: Mapped[int]
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StoredKey(Base):
    """An API key: of its secret only the SHA-256. Revoked and expired keys stay, so that a service once closed stays closed.
    `name` says whose it is, for the audit log.
    """

    __tablename__ = "api_keys"
    __table_args__ = (
        CheckConstraint("(role = 'partner') = (partner IS NOT NULL)", name="partner_of_a_partner"),
        CheckConstraint("(role = 'site_manager') = (site IS NOT NULL)", name="site_of_a_site_manager"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str | None]
    role: Mapped[str]
    partner: Mapped[str | None]
    site: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StoredWebhook(Base):
    """An address that is told of events. `secret` signs what is sent, so it is kept as it is."""

    __tablename__ = "webhooks"
    id: Mapped[str] = mapped_column(primary_key=True)
    url: Mapped[str]
    secret: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Delivery(Base):
    """One event for one webhook: stored with what it tells of, sent until it is taken or given up. `next_try_at`, on the
    database's clock, is empty once either happened; `error` says why the last try failed.
    """

    __tablename__ = "deliveries"
    id: Mapped[str] = mapped_column(primary_key=True)
    webhook_id: Mapped[str] = mapped_column(ForeignKey("webhooks.id"), index=True)
    event: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None]


class Purged(Base):
    """The purge log: what was deleted when its time of keeping ended. One row per plan, and one per case (`plan_id` empty).
    `archive` is the folder that a plan once published was written to before; drafts leave nothing. Names no agent.
    """

    __tablename__ = "purge_log"
    id: Mapped[str] = mapped_column(primary_key=True)
    purged_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    case_id: Mapped[str]
    inputs_hash: Mapped[str]
    last_day: Mapped[date]
    plan_id: Mapped[str | None] = mapped_column(index=True)
    version: Mapped[int | None]
    state: Mapped[str | None]
    archive: Mapped[str | None]


class AuditEvent(Base):
    """Who did what, when, to which version (`data.store.audit`). The database refuses any change, and any deletion within
    five years. Names no agent.
    """

    __tablename__ = "audit_events"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - as SQLAlchemy declares it
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(index=True)
    role: Mapped[str]
    action: Mapped[str] = mapped_column(index=True)
    resource: Mapped[str]
    resource_id: Mapped[str] = mapped_column(index=True)
    version: Mapped[int | None]
    request_id: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
