"""Requests to partners: drawn from each plan that is stored, and from those that were stored before there were requests."""

from __future__ import annotations

import sqlite3

import pytest

from data.export.capacity_requests import capacity_requests, capacity_requests_csv, requests_csv
from data.store.capacity_requests import find_request, list_requests, load_request
from data.store.cases import add_case
from data.store.database import Store
from data.store.jobs import add_job
from data.store.keys import any_key
from data.store.plans import add_plan
from wfm.errors import WfmError


@pytest.fixture
def kept(store, tiny_case, tiny_forecast, tiny_requirement, tiny_plan):
    """The tiny plan, which asks one thing of partner casa."""
    with store.write() as session:
        job = add_job(session, add_case(session, tiny_case, {})[0].id, {}, None)
        return add_plan(session, job, forecast=tiny_forecast, requirement=tiny_requirement, plan=tiny_plan, seconds={})


def make_version_1(store) -> None:
    """The file as the first version of the tables left it."""
    store.close()
    with sqlite3.connect(store.path) as connection:
        connection.executescript(
            "DROP TABLE api_keys; DROP TABLE capacity_requests; UPDATE schema_version SET version = 1"
        )
    connection.close()


def test_a_request_comes_back_as_the_plan_asks_it(store, kept, tiny_case, tiny_plan):
    with store.read() as session:
        (stored,) = list_requests(session, "casa", 10)
        assert (stored.plan_id, stored.created_at) == (kept.id, kept.created_at)
        assert [load_request(stored)] == capacity_requests(tiny_case, tiny_plan)
        assert requests_csv([load_request(stored)]) == capacity_requests_csv(tiny_case, tiny_plan)
        assert find_request(session, stored.id, "casa") is find_request(session, stored.id, None) is stored


@pytest.mark.parametrize("other", ["rival", "", "CASA", "cas_", "%"])
def test_nobody_else_finds_it(store, kept, other):
    with store.read() as session:
        (stored,) = list_requests(session, None, 10)
        assert list_requests(session, other, 10) == []
        assert find_request(session, stored.id, other) is None


def test_plans_stored_before_get_their_requests_once(store, kept, tiny_case, tiny_plan):
    make_version_1(store)
    ids = []
    for _ in range(2):
        opened = Store(store.path.parent)
        with opened.read() as session:
            assert not any_key(session)
            (stored,) = list_requests(session, "casa", 10)
            assert [load_request(stored)] == capacity_requests(tiny_case, tiny_plan)
            ids.append(stored.id)
        opened.close()
    assert ids[0] == ids[1]


def test_a_plan_that_cannot_be_read_is_told_and_nothing_is_changed(store, kept):
    make_version_1(store)
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE plans SET plan = '{}'")
    connection.close()

    for _ in range(2):
        with pytest.raises(WfmError, match=f"Plan {kept.id} in the database is of a form"):
            Store(store.path.parent)
