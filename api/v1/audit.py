"""The audit log, for compliance: who did what, when, to which version."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, Field

from api.paging import PageBy1
from api.services import Service
from data.store.audit import AuditFilter, list_events

router = APIRouter(prefix="/v1/audit", tags=["audit"])
Word = Query(max_length=200)


class AuditEntry(BaseModel):
    """One line of the log. It is never changed, and kept for five years at least."""

    id: int = Field(description="Number of the line; a later one is greater.")
    at: datetime = Field(description="UTC.")
    actor: str = Field(
        description="A key or a token's subject; service: what a job made; command line: wfm on the machine."
    )
    role: str = Field(description="Role of the actor then.")
    action: str = Field(description="What was done, such as plan.published.")
    resource: str = Field(description="Kind of thing: case, plan, job, capacity-request, key.")
    resource_id: str
    version: int | None = Field(description="Version of the thing that this made, where it has versions.")
    request_id: str | None = Field(description="X-Request-ID of the request that did it.")
    details: dict[str, Any] = Field(
        description="Of a plan: inputs_hash, seed, versions (programs and rule packs), tzdata_version."
    )


@router.get("", responses={422: {}})
def get_audit(
    service: Service,
    page: PageBy1,
    actor: Annotated[str | None, Query(max_length=300, description="Only what this actor did.")] = None,
    action: Annotated[
        str | None, Query(max_length=100, description="Only this action.", examples=["plan.published"])
    ] = None,
    resource: Annotated[
        str | None, Query(max_length=100, description="Only this kind of thing.", examples=["plan"])
    ] = None,
    resource_id: Annotated[str | None, Query(max_length=100, description="Only this thing.")] = None,
    since: Annotated[AwareDatetime | None, Query(description="From this instant on, with its offset.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Before this instant, with its offset.")] = None,
) -> list[AuditEntry]:
    """Lines of the audit log, newest first."""
    wanted = AuditFilter(actor, action, resource, resource_id, _utc(since), _utc(until))
    with service.store.read() as session:
        rows = list_events(session, wanted, page.limit + 1, page.after)
    return [
        AuditEntry(
            id=row.id, at=row.at, actor=row.actor, role=row.role, action=row.action, resource=row.resource,
            resource_id=row.resource_id, version=row.version, request_id=row.request_id, details=row.details,
        )
        for row in page.cut(rows, lambda row: (row.at, str(row.id)))
    ]  # fmt: skip


def _utc(instant: datetime | None) -> datetime | None:
    """Some of the first and last day of the calendar are none in UTC; no line is as old or as young."""
    if instant is None:
        return None
    first, last = (datetime(year, 1, 2, tzinfo=UTC) for year in (1, 9999))
    return min(max(instant, first), last).astimezone(UTC)
