"""Cases in the store."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime

from sqlalchemy import select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from data.ingest.source_tables import SourceTables
from data.store.arrays import pack_histories, unpack_histories
from data.store.audit import record
from data.store.place import Place
from data.store.tables import StoredCase
from wfm.case import Case
from wfm.history import CampaignHistory


def new_id() -> str:
    """An id that says nothing and does not repeat: 16 hexadecimal digits."""
    return secrets.token_hex(8)


def add_case(
    session: Session, case: Case, histories: dict[str, CampaignHistory], tables: SourceTables | None = None
) -> tuple[StoredCase, bool]:
    """The stored case and whether it is new: a case with the same content is kept once. `tables` are those it was made from."""
    content_hash = case.content_hash()
    text = None if tables is None else json.dumps(tables, separators=(",", ":"), ensure_ascii=False)
    same = select(StoredCase).where(StoredCase.content_hash == content_hash)
    known = session.scalar(same)
    if known is not None:
        if known.tables is None:
            known.tables = text
        return known, False
    stored = StoredCase(
        id=new_id(),
        content_hash=content_hash,
        name=case.name,
        created_at=datetime.now(UTC),
        last_day=case.last_day,
        document=case.canonical_json(),
        histories=pack_histories(histories),
        tables=text,
    )
    try:
        with session.begin_nested():
            session.add(stored)
    except IntegrityError:  # another process stored it meanwhile, which PostgreSQL allows
        return session.scalars(same).one(), False
    record(session, "case.stored", "case", stored.id, inputs_hash=content_hash)
    return stored, True


def list_cases(session: Session, limit: int, *, after_row: Place | None = None) -> list[StoredCase]:
    """Newest first. `after_row` is (created_at, id) of the last one seen."""
    rows = select(StoredCase)
    if after_row is not None:
        rows = rows.where(tuple_(StoredCase.created_at, StoredCase.id) < after_row)
    return list(session.scalars(rows.order_by(StoredCase.created_at.desc(), StoredCase.id.desc()).limit(limit)))


def find_case(session: Session, case_id: str) -> StoredCase | None:
    return session.get(StoredCase, case_id)


def lock_case(session: Session, case_id: str) -> None:
    """Keep others from counting or publishing plans of a case until this transaction ends; SQLite has one writer anyhow."""
    session.execute(select(StoredCase.id).where(StoredCase.id == case_id).with_for_update(key_share=True))


def load_case(stored: StoredCase) -> Case:
    """The document of a stored case; needs the open session it came from."""
    return Case.from_json(stored.document)


def load_tables(stored: StoredCase) -> SourceTables | None:
    """The tables that a stored case was made from; needs the open session it came from."""
    tables: SourceTables | None = None if stored.tables is None else json.loads(stored.tables)
    return tables


def load_histories(stored: StoredCase) -> dict[str, CampaignHistory]:
    """The histories of a stored case; needs the open session it came from."""
    return unpack_histories(stored.histories)
