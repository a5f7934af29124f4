"""Capacity requests: what stored plans ask of partners, and what they answer. A partner reaches its own ones, and nothing
else.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field, field_validator

from api.access import Caller
from api.auth import CalledBy
from api.conditional import check_if_match, etag
from api.paging import Page, paged
from api.problems import ProblemError, ProblemItem, not_found
from api.services import Service, Services
from api.v1.plan_tables import TableFormat, csv_file
from data.export.capacity_requests import CapacityRequest, RequestedShift, requests_csv
from data.ingest.personal import value_fault
from data.store.capacity_requests import (
    find_request,
    is_repeated,
    list_requests,
    load_answer,
    load_request,
    make_move,
)
from data.store.tables import StoredCapacityRequest
from wfm.clock import zone
from wfm.negotiation import LONGEST_COMMENT, MOST_ROWS, Answer, Move, OfferedShift, RequestState, open_to
from wfm.partner import TierMode

router = APIRouter(prefix="/v1/capacity-requests", tags=["capacity requests"])


class CapacityRequestEntry(BaseModel):
    """What one plan asks of one partner for one campaign. Money is in minor units (cents) of `currency`."""

    id: str
    reference: str = Field(description="`request_id` of capacity_requests.csv: the same in every plan of one case.")
    created_at: datetime = Field(description="When the plan was stored, UTC.")
    version: str
    state: RequestState = Field(
        description="draft: of a plan not published; sent: waits for the partner; accepted, countered, declined: its answer; "
        "locked: agreed by both; withdrawn: a later plan was published instead."
    )
    revision: int = Field(description="Counts the changes of the request; part of its ETag.")
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
    offered_blocks: int | None = Field(description="What the partner offers instead of `blocks`; null: as asked.")


class CapacityRequestView(CapacityRequestEntry):
    """A request with its rows."""

    changed_at: datetime | None = Field(description="When its state last changed, UTC.")
    comment: str | None = Field(description="The partner's words; null before it answers.")
    rows: list[RequestRow] = Field(description="By day and block shift.")


class Words(BaseModel):
    """What a partner says with its answer."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"comment": "Team is ready."}]})

    comment: str = Field(
        "",
        max_length=LONGEST_COMMENT,
        description="For the planner. No names, addresses or telephone numbers of persons.",
    )

    @field_validator("comment")
    @classmethod
    def _names_nobody(cls, comment: str) -> str:
        fault = value_fault(comment)
        if fault is not None:
            raise ValueError(fault.reason.replace("a case", "a comment"))
        return comment


class CounterOffer(Words):
    """What a partner offers instead."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"comment": "One team is ill.", "offered": [{"day": "2026-12-07", "shift": "am", "blocks": 0}]}
            ]
        },
    )

    offered: tuple[OfferedShift, ...] = Field(
        min_length=1, max_length=MOST_ROWS, description="The block shifts that differ from what was asked."
    )


IfMatch = Annotated[str | None, Header(max_length=1000, description="ETag of the request as it was seen.")]
_ANSWERS: dict[int | str, dict[str, Any]] = {404: {}, 409: {}, 412: {}, 422: {}}


@router.get("", responses={422: {}})
def get_capacity_requests(
    service: Service,
    caller: CalledBy,
    page: Annotated[Page, Depends(paged(3))],
    state: Annotated[RequestState | None, Query(description="Only those in this state.")] = None,
) -> list[CapacityRequestEntry]:
    """Requests of stored plans, newest plan first: to a partner those sent to it alone, to planners all."""
    with service.store.read() as session:
        rows = list_requests(session, caller.partner, page.limit + 1, state=state, after_row=page.after)
    cut = page.cut(rows, lambda row: (row.created_at, row.partner, row.campaign, row.id))
    return [_entry(stored) for stored in cut]


@router.get(
    "/{request_id}",
    response_model=CapacityRequestView,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, 404: {}},
)
def get_capacity_request(
    request_id: str, response: Response, service: Service, caller: CalledBy, file_format: TableFormat = "json"
) -> CapacityRequestView | Response:
    """One request with its rows. Another partner's is answered like one that never was."""
    with service.store.read() as session:
        stored = find_request(session, request_id, caller.partner)
    if stored is None:
        raise not_found("capacity-request", request_id)
    if file_format == "csv":
        return csv_file(requests_csv([load_request(stored)]), "capacity_request.csv")
    return _view(stored, response)


@router.post("/{request_id}/accept", responses=_ANSWERS)
def post_accept(
    request_id: str, response: Response, service: Service, caller: CalledBy, words: Words, if_match: IfMatch = None
) -> CapacityRequestView:
    """By the partner: the seats asked for will be there. Can be changed until the planner agrees; safe to repeat."""
    answer = Answer(comment=words.comment)
    return _moved(service, caller, response, request_id, Move.ACCEPT, if_match, answer)


@router.post("/{request_id}/decline", responses=_ANSWERS)
def post_decline(
    request_id: str, response: Response, service: Service, caller: CalledBy, words: Words, if_match: IfMatch = None
) -> CapacityRequestView:
    """By the partner: none of it. Can be changed until another plan is published; safe to repeat."""
    answer = Answer(comment=words.comment)
    return _moved(service, caller, response, request_id, Move.DECLINE, if_match, answer)


@router.post("/{request_id}/counter", responses=_ANSWERS)
def post_counter(
    request_id: str,
    response: Response,
    service: Service,
    caller: CalledBy,
    offer: CounterOffer,
    if_match: IfMatch = None,
) -> CapacityRequestView:
    """By the partner: other numbers of blocks in the block shifts that are named, all others as asked. Safe to repeat."""
    answer = Answer(comment=offer.comment, offered=offer.offered)
    return _moved(service, caller, response, request_id, Move.COUNTER, if_match, answer)


@router.post("/{request_id}/agree", responses=_ANSWERS | {428: {}})
def post_agree(
    request_id: str, response: Response, service: Service, caller: CalledBy, if_match: IfMatch = None
) -> CapacityRequestView:
    """By the planner: what the partner accepted or offered is agreed, and binds both. Needs If-Match: what is agreed to is the
    answer that was seen. Where it is a counter-offer, plan again with what the partner has.
    """
    return _moved(service, caller, response, request_id, Move.AGREE, if_match)


def _moved(
    service: Services,
    caller: Caller,
    response: Response,
    request_id: str,
    move: Move,
    if_match: str | None,
    answer: Answer | None = None,
) -> CapacityRequestView:
    """Take a request a step further, as whoever calls may see it. Raises ProblemError where that is not open."""
    with service.store.write(caller.actor) as session:
        stored = find_request(session, request_id, caller.partner, lock=True)
        if stored is None:
            raise not_found("capacity-request", request_id)
        if answer is not None:
            _refuse_unasked(load_request(stored), answer)
        if not is_repeated(stored, move, answer):  # whoever repeats has seen the version before
            check_if_match(if_match, _etag(stored), needed=move is Move.AGREE)
        if not make_move(session, stored, move, answer):
            states = ", ".join(sorted(open_to(move)))
            raise ProblemError("request-state", f"It is {stored.state.value}; {move.value} is open to: {states}.")
    return _view(stored, response)


def _refuse_unasked(request: CapacityRequest, answer: Answer) -> None:
    """Raises ProblemError when an offer names a block shift that nobody asked for, or one twice."""
    asked = {(shift.day, shift.shift) for shift in request.shifts}
    seen = set()
    items = []
    for position, row in enumerate(answer.offered):
        place = (row.day, row.shift)
        if place not in asked or place in seen:
            reason = "is named twice" if place in seen else "is none that was asked for"
            items.append(
                ProblemItem(
                    reason=f"{row.day} {row.shift[:100]} {reason}", mend="Take day and shift from the request's rows.",
                    pointer=f"/offered/{position}/shift", value=row.shift[:100],
                )
            )  # fmt: skip
        seen.add(place)
    if items:
        raise ProblemError("request-invalid", "; ".join(item.reason for item in items[:5]), items[:100])


def _etag(stored: StoredCapacityRequest) -> str:
    return etag(stored.id, stored.revision)


def _view(stored: StoredCapacityRequest, response: Response) -> CapacityRequestView:
    request = load_request(stored)
    answer = load_answer(stored)
    offered = {(row.day, row.shift): row.blocks for row in answer.offered} if answer else {}
    rows = [_row(shift, request.time_zone, offered.get((shift.day, shift.shift))) for shift in request.shifts]
    response.headers["ETag"] = _etag(stored)
    return CapacityRequestView(
        **_entry(stored).model_dump(),
        rows=rows,
        changed_at=stored.changed_at,
        comment=answer.comment if answer else None,
    )


def _entry(stored: StoredCapacityRequest) -> CapacityRequestEntry:
    request = load_request(stored)
    days = [shift.day for shift in request.shifts]
    return CapacityRequestEntry(
        **request.model_dump(exclude={"shifts"}), id=stored.id, created_at=stored.created_at, revision=stored.revision,
        first_day=min(days), last_day=max(days), productive_hours=sum(shift.productive_hours for shift in request.shifts),
        cost_cents=sum(shift.cost_cents for shift in request.shifts),
    )  # fmt: skip


def _row(shift: RequestedShift, time_zone: str, offered: int | None) -> RequestRow:
    tz = zone(time_zone)
    local = {"start_local": shift.start.astimezone(tz), "end_local": shift.end.astimezone(tz)}
    return RequestRow(**shift.model_dump(), **local, offered_blocks=offered)
