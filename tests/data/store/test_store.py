from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from data.store.arrays import pack_histories, unpack_histories
from data.store.cases import add_case, find_case, list_cases, load_case, load_histories
from data.store.database import Store
from data.store.jobs import add_job, find_job, find_job_by_key
from wfm.case import hash_histories
from wfm.errors import WfmError


def test_histories_come_back_bit_by_bit(odd_histories):
    back = unpack_histories(pack_histories(odd_histories))
    assert hash_histories(back) == hash_histories(odd_histories)
    assert back.keys() == odd_histories.keys()
    assert np.isnan(back["réclamations"].volume[1])


def test_no_history_is_a_history():
    assert unpack_histories(pack_histories({})) == {}


def test_case_is_kept_once(store, stored_case, odd_histories):
    with store.write() as session:
        first, new = add_case(session, stored_case, odd_histories)
        again, new_again = add_case(session, stored_case, odd_histories)
    assert (new, new_again) == (True, False)
    assert first.id == again.id
    with store.read() as session:
        assert [case.name for case in list_cases(session, 10)] == ["Équipe ✓"]
        kept = find_case(session, first.id)
        assert load_case(kept) == stored_case
        assert hash_histories(load_histories(kept)) == stored_case.history_hash
        assert kept.created_at.utcoffset().total_seconds() == 0


def test_a_failed_block_stores_nothing(store, stored_case):
    def fail() -> None:
        with store.write() as session:
            add_case(session, stored_case, {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.read() as session:
        assert list_cases(session, 10) == []


def test_an_idempotency_key_belongs_to_one_job(store, stored_case):
    with store.write() as session:
        case, _ = add_case(session, stored_case, {})
        job = add_job(session, case.id, {}, "clé")
        for _ in range(2):
            add_job(session, case.id, {}, None)
        assert find_job_by_key(session, "clé") is job
    with pytest.raises(IntegrityError), store.write() as session:
        add_job(session, case.id, {}, "clé")


def test_a_job_needs_its_case(store):
    with pytest.raises(IntegrityError), store.write() as session:
        add_job(session, "no such case", {}, None)


def test_a_session_that_reads_stores_nothing_and_sees_one_moment(store, stored_case):
    with store.read() as session:
        assert list_cases(session, 10) == []
        with store.write() as writing:
            add_case(writing, stored_case, {})
        assert list_cases(session, 10) == []


def test_text_that_no_database_holds_is_not_found(store):
    with store.read() as session:
        assert find_case(session, "a\0b") is None
        assert find_job(session, "\0") is None


def test_sqlite_is_a_file_with_a_write_ahead_log(tmp_path):
    store = Store(tmp_path / "new" / "données")
    with store.read() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
    store.close()
    assert store.name == str(tmp_path / "new" / "données" / "wfm.sqlite3")
    assert Path(store.name).exists()


def test_the_environment_names_the_database(tmp_path, postgres, monkeypatch):
    monkeypatch.setenv("WFM_DATABASE", postgres)
    store = Store(tmp_path)
    store.close()
    assert store.name.startswith("postgresql+psycopg://wfm@/test_")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["mysql://u:secret@h/d", "sqlite:///x", "secret", "postgresql+asyncpg://h/secret"])
def test_another_address_is_refused_without_repeating_it(tmp_path, address):
    with pytest.raises(WfmError, match="is no address of a PostgreSQL database") as refused:
        Store(tmp_path, address)
    assert "secret" not in str(refused.value)


def test_a_database_that_does_not_answer_is_told_without_its_password(tmp_path):
    with pytest.raises(WfmError, match=r"postgresql\+psycopg://wfm:\*\*\*@/d.* cannot be opened") as refused:
        Store(tmp_path, f"postgresql://wfm:secret@/d?host={tmp_path}")
    assert "secret" not in str(refused.value)
