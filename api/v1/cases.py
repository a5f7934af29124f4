"""Cases: everything one plan needs, checked completely before it is stored."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response, status
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from api.auth import CalledBy
from api.paging import PageBy1
from api.problems import not_found
from api.services import Service
from api.upload import MEDIA_TYPES, case_of_upload, read_upload
from data.store.cases import add_case, find_case, list_cases, load_case
from data.store.tables import StoredCase
from wfm.case import Case

router = APIRouter(prefix="/v1/cases", tags=["cases"])
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FORM = {"schema": {"type": "object", "required": ["file"], "properties": {"file": _BINARY["schema"]}}}
_BODY = {"required": True, "content": {"multipart/form-data": _FORM, **dict.fromkeys(MEDIA_TYPES, _BINARY)}}


class CaseEntry(BaseModel):
    """A stored case."""

    id: str = Field(description="Id of the case in this service.")
    name: str = Field(description="Name that the case gives itself.")
    content_hash: str = Field(description="SHA-256 of the case with its history: the same content has the same hash.")
    created_at: datetime = Field(description="When it was stored, UTC.")


class CaseSize(BaseModel):
    """What a case is about, in figures."""

    name: str
    content_hash: str = Field(description="SHA-256 of the case with its history.")
    as_of: date = Field(description="Day on which the plan is made; history ends before it.")
    first_day: date = Field(description="First day planned, a Monday.")
    days: int = Field(description="Days planned.")
    interval_minutes: int = Field(description="Length of an interval, minutes.")
    currency: str = Field(description="Currency of the bill, ISO 4217.")
    campaigns: int
    agents: int
    partners: int


class CaseDetail(CaseSize):
    """A stored case and its size."""

    id: str
    created_at: datetime = Field(description="When it was stored, UTC.")


class CaseAccepted(BaseModel):
    """Outcome of an upload without faults."""

    id: str | None = Field(description="Id of the stored case; null after a dry run.")
    case: CaseSize


def case_size(case: Case) -> CaseSize:
    return CaseSize(
        name=case.name, content_hash=case.content_hash(), as_of=case.as_of, first_day=case.first_day, days=case.days,
        interval_minutes=case.interval_minutes, currency=case.currency, campaigns=len(case.campaigns), agents=len(case.agents),
        partners=len(case.partners),
    )  # fmt: skip


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses={
        200: {"model": CaseAccepted, "description": "Known already, or a dry run"},
        400: {},
        413: {},
        415: {},
        422: {},
    },
    openapi_extra={"requestBody": _BODY},
)
async def post_case(
    request: Request,
    response: Response,
    service: Service,
    caller: CalledBy,
    dry_run: Annotated[bool, Query(description="Only check; store nothing.")] = False,
) -> CaseAccepted:
    """Send a case: a zip of its CSV files or an .xlsx workbook, as form field `file` or as the bare body.

    A case with any fault is refused with the list of all of them, and nothing is stored.
    """
    content = await read_upload(request)
    (case, histories), tables = await run_in_threadpool(case_of_upload, content)
    size = await run_in_threadpool(case_size, case)
    response.status_code = status.HTTP_200_OK
    if dry_run:
        return CaseAccepted(id=None, case=size)

    def store_it() -> tuple[StoredCase, bool]:
        with service.store.write(caller.actor) as session:
            return add_case(session, case, histories, tables)

    stored, is_new = await run_in_threadpool(store_it)
    response.headers["Location"] = f"/v1/cases/{stored.id}"
    if is_new:
        response.status_code = status.HTTP_201_CREATED
    return CaseAccepted(id=stored.id, case=size)


@router.get("", responses={422: {}})
def get_cases(service: Service, page: PageBy1) -> list[CaseEntry]:
    """Stored cases, newest first."""
    with service.store.read() as session:
        rows = list_cases(session, page.limit + 1, after_row=page.after)
    return [
        CaseEntry(id=case.id, name=case.name, content_hash=case.content_hash, created_at=case.created_at)
        for case in page.cut(rows, lambda row: (row.created_at, row.id))
    ]


@router.get("/{case_id}", responses={404: {}})
def get_case(case_id: str, service: Service) -> CaseDetail:
    """One stored case and its size."""
    with service.store.read() as session:
        stored = find_case(session, case_id)
        if stored is None:
            raise not_found("case", case_id)
        size = case_size(load_case(stored))
        return CaseDetail(id=stored.id, created_at=stored.created_at, **size.model_dump())
