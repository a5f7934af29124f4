"""API keys in the store: made, found by the hash of their secret, revoked. The secret itself is never kept.

A secret holds 256 random bits, so one round of SHA-256 is enough: there is nothing to guess. It is found by its hash, so no
comparison's time tells anything of a stored one.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime

from sqlalchemy import exists, select, tuple_
from sqlalchemy.orm import Session

from data.store.audit import record
from data.store.cases import new_id
from data.store.place import Place
from data.store.tables import Role, StoredKey

PREFIX = "wfm_"
"""Secrets begin with it, so that people and scanners of leaks know what they see."""


def add_key(
    session: Session,
    role: Role,
    partner: str | None,
    expires_at: datetime,
    *,
    site: str | None = None,
    name: str | None = None,
    created_at: datetime | None = None,
) -> tuple[StoredKey, str]:
    """A new key and its secret, which nobody can ask for again; created now, unless said otherwise.

    Raises sqlalchemy.exc.IntegrityError when a partner's key names no partner, or another role's names one; likewise a
    site manager's and a site.
    """
    secret = PREFIX + secrets.token_urlsafe(32)
    key = StoredKey(
        id=new_id(),
        secret_hash=_hash(secret),
        role=role.value,
        name=name,
        partner=partner,
        site=site,
        created_at=created_at or datetime.now(UTC),
        expires_at=expires_at,
    )
    session.add(key)
    session.flush()
    record(session, "key.created", "key", key.id, role=role.value, name=name, partner=partner, site=site)
    return key, secret


def find_valid_key(session: Session, secret: str, at: datetime) -> StoredKey | None:
    """The key with that secret, unless it is revoked or has expired at the instant `at`."""
    key = session.scalar(select(StoredKey).where(StoredKey.secret_hash == _hash(secret)))
    return key if key is not None and key.revoked_at is None and at < key.expires_at else None


def any_key(session: Session) -> bool:
    """Whether a key was ever made, valid or not."""
    return bool(session.scalar(select(exists().select_from(StoredKey))))


def list_keys(session: Session, limit: int | None = None, *, after_row: Place | None = None) -> list[StoredKey]:
    """Newest first. `after_row` is (created_at, id) of the last one seen."""
    rows = select(StoredKey)
    if after_row is not None:
        rows = rows.where(tuple_(StoredKey.created_at, StoredKey.id) < after_row)
    return list(session.scalars(rows.order_by(StoredKey.created_at.desc(), StoredKey.id.desc()).limit(limit)))


def revoke_key(session: Session, key_id: str) -> StoredKey | None:
    """Refuse a key from now on; None when there is no such key. One revoked before stays as it is."""
    key = session.get(StoredKey, key_id)
    if key is not None and key.revoked_at is None:
        key.revoked_at = datetime.now(UTC)
        record(session, "key.revoked", "key", key.id, role=key.role, name=key.name)
    return key


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
