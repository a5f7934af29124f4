"""Capacity requests: what stored plans ask of partners. A partner's key reaches its own ones, and nothing else."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from api.auth import CalledBy
from api.problems import not_found
from api.services import Service
from api.v1.plan_tables import TableFormat, csv_file
from data.export.capacity_requests import RequestedShift, requests_csv
from data.store.capacity_requests import find_request, list_requests, load_request
from data.store.tables import StoredCapacityRequest
from wfm.clock import zone
from wfm.partner import TierMode

router = APIRouter(prefix="/v1/capacity-requests", tags=["capacity requests"])


class CapacityRequestEntry(BaseModel):
    """What one plan asks of one partner for one campaign. Money is in minor units (cents) of `currency`."""

    id: str
    reference: str = Field(description="`request_id` of capacity_requests.csv: the same in every plan of one case.")
    created_at: datetime = Field(description="When the plan was stored, UTC.")
    version: str
    state: str = Field(description="draft: nobody has sent it yet.")
    partner: str
    city: str
    time_zone: str = Field(description="Clock of the partner.")
    campaign: str
    first_day: date = Field(description="First day asked for, on the partner's clock.")
    last_day: date = Field(description="Last day asked for, on the partner's clock.")
    block_seats: int = Field(description="Seats per block.")
    tier_mode: TierMode
    min_billed_hours: float = Field(description="Hours that the partner bills at least, per plan.")
    productive_hours: float = Field(description="Hours asked for in all.")
    average_price_cents: int = Field(
        description="The partner's whole bill, tiers and minimum billing included, per hour bought of it, minor units."
    )
    cost_cents: int = Field(description="Share of this request in the partner's bill, minor units.")
    currency: str = Field(description="ISO 4217.")


class RequestRow(BaseModel):
    """Seats asked for in one block shift."""

    day: date = Field(description="Local day of the partner.")
    shift: str = Field(description="Block shift of the partner.")
    start: datetime = Field(description="UTC.")
    end: datetime = Field(description="UTC.")
    start_local: datetime = Field(description="Wall time of the partner, with its offset.")
    end_local: datetime = Field(description="Wall time of the partner, with its offset.")
    blocks: int
    seats: int = Field(description="Blocks x seats per block.")
    productive_hours: float = Field(description="Hours billed: seats x elapsed hours.")
    cost_cents: int = Field(description="Share of the partner's bill, minor units.")


class CapacityRequestView(CapacityRequestEntry):
    """A request with its rows."""

    rows: list[RequestRow] = Field(description="By day and block shift.")


@router.get("")
def get_capacity_requests(
    service: Service,
    caller: CalledBy,
    limit: Annotated[int, Query(ge=1, le=1000, description="Most entries to list.")] = 100,
) -> list[CapacityRequestEntry]:
    """Requests of stored plans, newest plan first: to a partner its own alone, to planners all."""
    with service.store.read() as session:
        return [_entry(stored) for stored in list_requests(session, caller.partner, limit)]


@router.get(
    "/{request_id}",
    response_model=CapacityRequestView,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, 404: {}},
)
def get_capacity_request(
    request_id: str, service: Service, caller: CalledBy, file_format: TableFormat = "json"
) -> CapacityRequestView | Response:
    """One request with its rows. Another partner's is answered like one that never was."""
    with service.store.read() as session:
        stored = find_request(session, request_id, caller.partner)
    if stored is None:
        raise not_found("capacity-request", request_id)
    request = load_request(stored)
    if file_format == "csv":
        return csv_file(requests_csv([request]), "capacity_request.csv")
    rows = [_row(shift, request.time_zone) for shift in request.shifts]
    return CapacityRequestView(**_entry(stored).model_dump(), rows=rows)


def _entry(stored: StoredCapacityRequest) -> CapacityRequestEntry:
    request = load_request(stored)
    days = [shift.day for shift in request.shifts]
    return CapacityRequestEntry(
        **request.model_dump(exclude={"shifts"}), id=stored.id, created_at=stored.created_at, first_day=min(days),
        last_day=max(days), productive_hours=sum(shift.productive_hours for shift in request.shifts),
        cost_cents=sum(shift.cost_cents for shift in request.shifts),
    )  # fmt: skip


def _row(shift: RequestedShift, time_zone: str) -> RequestRow:
    tz = zone(time_zone)
    local = {"start_local": shift.start.astimezone(tz), "end_local": shift.end.astimezone(tz)}
    return RequestRow(**shift.model_dump(), **local)
