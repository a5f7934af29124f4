"""Requests to partners: drawn from each plan that is stored."""

from __future__ import annotations

import pytest

from data.export.capacity_requests import capacity_requests, capacity_requests_csv, requests_csv
from data.store.capacity_requests import find_request, list_requests, load_request


@pytest.fixture
def kept(keep):
    """The tiny plan, which asks one thing of partner casa."""
    return keep()


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


def test_a_later_plan_asks_by_its_version(store, keep):
    versions = [keep().version, keep().version]
    with store.read() as session:
        requests = list_requests(session, "casa", 10)
        assert sorted(load_request(request).version for request in requests) == [str(version) for version in versions]
