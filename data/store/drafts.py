"""Drafts in the store: names for cases that are still being changed."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from data.store.audit import record
from data.store.cases import new_id
from data.store.place import Place
from data.store.tables import StoredCase, StoredDraft


def add_draft(session: Session, case: StoredCase) -> StoredDraft:
    """A draft that begins with a stored case."""
    now = datetime.now(UTC)
    draft = StoredDraft(id=new_id(), case_id=case.id, revision=1, created_at=now, changed_at=now)
    session.add(draft)
    session.flush()
    record(session, "draft.created", "draft", draft.id, version=1, case_id=case.id, inputs_hash=case.content_hash)
    return draft


def find_draft(session: Session, draft_id: str, *, lock: bool = False) -> StoredDraft | None:
    """`lock`: nobody else moves it on until this transaction ends."""
    return session.get(StoredDraft, draft_id, with_for_update=lock or None)


def list_drafts(session: Session, limit: int, *, after_row: Place | None = None) -> list[StoredDraft]:
    """Newest first. `after_row` is (created_at, id) of the last one seen."""
    rows = select(StoredDraft)
    if after_row is not None:
        rows = rows.where(tuple_(StoredDraft.created_at, StoredDraft.id) < after_row)
    return list(session.scalars(rows.order_by(StoredDraft.created_at.desc(), StoredDraft.id.desc()).limit(limit)))


def move_draft(session: Session, draft: StoredDraft, case: StoredCase, changed: str) -> None:
    """Go on to a changed case; `draft` is locked, `changed` says in which table's resource."""
    if draft.case_id == case.id:
        return
    draft.case_id, draft.changed_at = case.id, datetime.now(UTC)
    draft.revision += 1
    details = {"case_id": case.id, "inputs_hash": case.content_hash, "changed": changed}
    record(session, "draft.changed", "draft", draft.id, version=draft.revision, **details)


def remove_draft(session: Session, draft: StoredDraft) -> None:
    """Forget the name; its cases stay."""
    record(session, "draft.removed", "draft", draft.id, version=draft.revision, case_id=draft.case_id)
    session.delete(draft)
