"""Keys: only the hash of a secret is kept, and what is revoked or past is refused."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from data.store.keys import add_key, any_key, find_valid_key, list_keys, revoke_key
from data.store.tables import Base, Role

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=90)


def kept(store) -> str:
    """Every value in the database, and all that is in its files."""
    with store.read() as session:
        rows = [row for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
    return f"{rows}{[path.read_bytes() for path in sorted(store.data_dir.iterdir())]}"


def test_a_secret_is_long_random_and_never_stored(store):
    with store.write() as session:
        made = [add_key(session, Role.PLANNER, None, LATER) for _ in range(2)]
    (first, secret), (_, other) = made

    assert secret.startswith("wfm_")
    assert len(secret) == len("wfm_") + 43  # 32 bytes, six bits a character
    assert secret != other
    assert first.secret_hash == hashlib.sha256(secret.encode()).hexdigest()
    assert first.secret_hash in kept(store)
    assert not any(part in kept(store) for part in (secret, secret.removeprefix("wfm_")))


def test_a_key_is_found_by_its_secret_until_it_expires(store):
    with store.write() as session:
        key, secret = add_key(session, Role.PARTNER, "casa", LATER)
    with store.read() as session:
        found = find_valid_key(session, secret, LATER - timedelta(microseconds=1))
        assert (found.id, found.role, found.partner) == (key.id, "partner", "casa")
        assert find_valid_key(session, secret, LATER) is None
        for wrong in ("", "wfm_", secret[:-1], secret.removeprefix("wfm_"), key.id, key.secret_hash):
            assert find_valid_key(session, wrong, NOW) is None


def test_a_revoked_key_is_refused_and_stays_in_the_list(store):
    with store.write() as session:
        key, secret = add_key(session, Role.PLANNER, None, LATER)
        revoke_key(session, key.id)
        first = key.revoked_at
        assert revoke_key(session, key.id).revoked_at == first
        assert revoke_key(session, "none") is None
    with store.read() as session:
        assert find_valid_key(session, secret, NOW) is None
        assert [entry.id for entry in list_keys(session)] == [key.id]
        assert any_key(session)


def test_there_is_no_key_at_first(store):
    with store.read() as session:
        assert not any_key(session)


@pytest.mark.parametrize(("role", "partner"), [(Role.PARTNER, None), (Role.PLANNER, "casa")])
def test_a_partner_and_only_a_partner_has_a_partner(store, role, partner):
    with pytest.raises(IntegrityError), store.write() as session:
        add_key(session, role, partner, LATER)
