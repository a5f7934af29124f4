"""Drafts: a case that is still being changed, a campaign, agent, partner … at a time (`api.v1.draft_items`).

A case never changes, so that every plan tells what it was made for. A draft is a name that moves on: each change stores the
changed case, checked like one that is sent, and the draft then stands for that.
"""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.auth import CalledBy
from api.conditional import etag
from api.idempotency import IdempotencyKey, Once
from api.paging import PageBy1
from api.problems import ProblemError, ProblemItem, not_found
from api.services import Service
from data.store.cases import find_case, load_tables
from data.store.drafts import add_draft, find_draft, list_drafts, remove_draft
from data.store.tables import StoredCase, StoredDraft

router = APIRouter(prefix="/v1/drafts", tags=["drafts"])


class DraftRequest(BaseModel):
    """What to begin with."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"case_id": "5f0c2a9be1d34c77"}]})

    case_id: str = Field(description="Id of a stored case.")


class Draft(BaseModel):
    """A case that is being changed."""

    id: str
    case_id: str = Field(description="The case as it stands now: plan it, or read it, by this id.")
    revision: int = Field(description="Counts the changes from 1.")
    created_at: datetime = Field(description="UTC.")
    changed_at: datetime = Field(description="UTC.")


def draft_view(draft: StoredDraft) -> Draft:
    return Draft(
        id=draft.id, case_id=draft.case_id, revision=draft.revision, created_at=draft.created_at,
        changed_at=draft.changed_at,
    )  # fmt: skip


def known_draft(session: Session, draft_id: str, *, lock: bool = False) -> StoredDraft:
    """Raises ProblemError when there is none."""
    draft = find_draft(session, draft_id, lock=lock)
    if draft is None:
        raise not_found("draft", draft_id)
    return draft


@router.post("", status_code=status.HTTP_201_CREATED, responses={409: {}, 422: {}})
def post_draft(
    wanted: DraftRequest,
    response: Response,
    service: Service,
    caller: CalledBy,
    idempotency_key: IdempotencyKey = None,
) -> Draft:
    """Begin to change a case. The case itself stays as it is."""
    with service.store.write(caller.actor) as session:
        once = Once(session, caller, idempotency_key, "draft", wanted.case_id)
        if once.made is not None:
            made = known_draft(session, once.made)
        else:
            made = add_draft(session, _case_to_change(session, wanted.case_id))
            once.note(made.id)
    response.headers["Location"] = f"/v1/drafts/{made.id}"
    return draft_view(made)


def _case_to_change(session: Session, case_id: str) -> StoredCase:
    """Raises ProblemError where there is none that can be changed."""
    case = find_case(session, case_id)
    if case is None:
        item = ProblemItem(
            reason="There is no such case.", pointer="/case_id", value=case_id[:200], mend="POST it first."
        )
        detail = f"There is no case {case_id[:200]!r}. GET /v1/cases lists them."
        raise ProblemError("request-invalid", detail, [item])
    if load_tables(case) is None:
        detail = "This case was stored by an earlier version, without its tables. Send it again, then change it."
        raise ProblemError("no-tables", detail)
    return case


@router.get("", responses={422: {}})
def get_drafts(service: Service, page: PageBy1) -> list[Draft]:
    """Drafts, newest first."""
    with service.store.read() as session:
        rows = list_drafts(session, page.limit + 1, after_row=page.after)
    return [draft_view(row) for row in page.cut(rows, lambda row: (row.created_at, row.id))]


@router.get("/{draft_id}", responses={404: {}})
def get_draft(draft_id: str, response: Response, service: Service) -> Draft:
    """A draft, and which case it stands for now."""
    with service.store.read() as session:
        draft = known_draft(session, draft_id)
    response.headers["ETag"] = etag(draft.id, draft.revision)
    return draft_view(draft)


@router.delete("/{draft_id}", status_code=status.HTTP_204_NO_CONTENT, responses={404: {}})
def delete_draft(draft_id: str, service: Service, caller: CalledBy) -> Response:
    """Forget a draft; the cases that it stood for stay."""
    with service.store.write(caller.actor) as session:
        remove_draft(session, known_draft(session, draft_id, lock=True))
    return Response(status_code=status.HTTP_204_NO_CONTENT)
