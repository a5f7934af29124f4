"""Idempotency keys in the store: what a request made is noted in its own transaction, and found when it is sent again."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from data.store.tables import SpentKey
from wfm.errors import WfmError

KEPT = timedelta(days=30)


class KeyReusedError(WfmError):
    """The key came with another request before."""


def find_made(session: Session, caller: str, key: str, request_hash: str) -> str | None:
    """The id of what the same request made before. Without one, nobody else can spend the key until this transaction ends.

    Raises KeyReusedError.
    """
    if session.get_bind().dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 1))")
        session.execute(lock, {"key": f"{caller}\n{key}".replace("\0", "\N{REPLACEMENT CHARACTER}")})
    spent = session.get(SpentKey, (caller, key))
    if spent is None:
        return None
    if spent.request_hash != request_hash:
        raise KeyReusedError(f"The Idempotency-Key {key!r} came with another request before. Use a new one.")
    return spent.made_id


def note_made(session: Session, caller: str, key: str, request_hash: str, made_id: str) -> None:
    """Spend the key, in the transaction that makes the thing."""
    session.add(
        SpentKey(caller=caller, key=key, request_hash=request_hash, made_id=made_id, created_at=datetime.now(UTC))
    )


def purge_keys(session: Session, today: date) -> None:
    """Forget the keys that are older than KEPT."""
    before = datetime.combine(today, time.min, UTC) - KEPT
    session.execute(delete(SpentKey).where(SpentKey.created_at < before))
