"""Versions, pages and limits of what the service answers."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.rate_limit import MOST_CALLERS, RateLimit
from data.store.keys import add_key
from data.store.tables import Role


def test_who_has_the_newest_is_told_so_in_no_bytes(client, plan_id):
    for address in (
        f"/v1/plans/{plan_id}/costs",
        f"/v1/plans/{plan_id}",
        "/v1/plans",
        f"/v1/plans/{plan_id}/roster?format=csv",
    ):
        first = client.get(address)
        tag = first.headers["etag"]
        for header in (tag, f'"other", {tag}', "*", tag.removeprefix("W/")):
            again = client.get(address, headers={"If-None-Match": header})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert client.get(address, headers={"If-None-Match": '"other"'}).content == first.content
        assert first.headers["cache-control"] == "private, no-cache"
        assert "Authorization" in first.headers["vary"]
    plan = client.get(f"/v1/plans/{plan_id}").headers["etag"]
    client.post(f"/v1/plans/{plan_id}/publish")
    assert client.get(f"/v1/plans/{plan_id}", headers={"If-None-Match": plan}).status_code == 200
    assert "etag" not in client.get("/v1/plans/none").headers
    assert client.get("/v1/plans/none", headers={"If-None-Match": "*"}).status_code == 404


def test_a_plan_is_published_as_it_was_seen(client, run_job):
    first, second = (f"/v1/plans/{run_job()['plan_id']}" for _ in range(2))
    seen = client.get(first).headers["etag"]
    wrong = client.post(f"{first}/publish", headers={"If-Match": client.get(second).headers["etag"]})
    assert (wrong.status_code, wrong.json()["code"]) == (412, "version-changed")
    assert client.get(first).json()["state"] == "draft"
    for _ in range(2):
        answer = client.post(f"{first}/publish", headers={"If-Match": seen})
        assert (answer.status_code, answer.json()["state"]) == (200, "published")
    assert client.get(first).headers["etag"] == answer.headers["etag"] != seen


def test_a_dry_run_of_publishing_changes_nothing(client, plan_id):
    tried = client.post(f"/v1/plans/{plan_id}/publish?dry_run=true").json()
    assert (tried["state"], client.get(f"/v1/plans/{plan_id}").json()["state"]) == ("published", "draft")
    assert client.get("/v1/audit?action=plan.published").json() == []
    assert {entry["state"] for entry in client.get("/v1/capacity-requests").json()} == {"draft"}


def pages(client, address):
    """The pages of a list, following its links."""
    found = []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200
        found.append([entry["id"] for entry in answer.json()])
        link = re.fullmatch(r'<(/[^>]+)>; rel="next"', answer.headers.get("link", ""))
        assert (link is None) == ("link" not in answer.headers)
        address = link and link[1]
    return found


@pytest.mark.parametrize("name", ["plans", "capacity-requests", "audit", "cases"])
def test_long_lists_come_in_pages(client, run_job, name):
    for _ in range(3):
        run_job()
    whole = [entry["id"] for entry in client.get(f"/v1/{name}").json()]
    assert len(whole) >= (1 if name == "cases" else 3)
    found = pages(client, f"/v1/{name}?limit=2")
    assert [len(page) for page in found[:-1]] == [2] * (len(found) - 1)
    assert [entry for page in found for entry in page] == whole


def test_what_comes_meanwhile_moves_no_page(client, run_job):
    for _ in range(3):
        run_job()
    first = client.get("/v1/plans?limit=2")
    before = [entry["id"] for entry in client.get("/v1/plans").json()]
    run_job()
    following = client.get(re.findall("<(.*)>", first.headers["link"])[0]).json()
    assert [entry["id"] for entry in [*first.json(), *following]] == before


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "é", "1", "{}", "[]", "null", "[[[", '["2026"]', '["now", "x"]', "[1, 2]", '["2026-01-01T00:00:00Z", 3]',
        '["2026-01-01T00:00:00Z", null]', '["0001-01-01T00:00:00+01:00", "x"]', '["2026-01-01T00:00:00Z", "\\ud800"]',
        '["2026-01-01T00:00:00Z"' + ', "x"' * 9 + "]", "[" * 700,
    ],
)  # fmt: skip
def test_a_cursor_of_ones_own_is_refused(client, cursor):
    for name in ("plans", "capacity-requests", "audit", "cases", "keys"):
        for given in (cursor, base64.urlsafe_b64encode(cursor.encode()).decode()):
            answer = client.get(f"/v1/{name}", params={"cursor": given})
            assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "cursor")


def test_odd_text_in_a_cursor_is_only_text(client, plan_id):
    for text in ("\0", "'; --", "é%_"):
        for name, texts in (("plans", [text]), ("capacity-requests", [text] * 3), ("audit", [text]), ("keys", [text])):
            cursor = base64.urlsafe_b64encode(json.dumps(["2026-01-01T00:00:00Z", *texts]).encode()).decode()
            answer = client.get(f"/v1/{name}", params={"cursor": cursor})
            assert (answer.status_code, answer.json()) == (200, [])


def test_so_many_requests_a_second_for_each_caller():
    now = [0.0]
    limit = RateLimit(2, 3, lambda: now[0])
    assert [limit.seconds_to_wait("a") for _ in range(5)] == [0, 0, 0, 0.5, 0.5]
    assert limit.seconds_to_wait("b") == 0
    now[0] = 0.25
    assert limit.seconds_to_wait("a") == 0.25
    now[0] = 0.5
    assert [limit.seconds_to_wait("a") for _ in range(2)] == [0, 0.5]
    now[0] = 1e6
    assert [limit.seconds_to_wait("a") for _ in range(4)] == [0, 0, 0, 0.5]
    for number in range(MOST_CALLERS + 10):
        limit.seconds_to_wait(str(number))
    assert len(limit._buckets) == MOST_CALLERS


def test_one_who_loops_is_told_to_wait_and_the_others_are_not(tmp_path, chain):
    app = create_app(tmp_path / "data", chain, requests_per_second=1)
    with TestClient(app) as client:
        with app.state.services.store.write() as session:
            keys = [add_key(session, Role.PLANNER, None, datetime.now(UTC) + timedelta(days=1))[1] for _ in range(2)]
        first, second = ({"Authorization": f"Bearer {secret}"} for secret in keys)
        found = [client.get("/v1/problems", headers=first) for _ in range(8)]
        assert {answer.status_code for answer in found} == {200, 429}
        told = found[-1]
        assert (told.json()["code"], told.headers["retry-after"]) == ("too-many-requests", "1")
        assert client.get("/v1/problems", headers=second).status_code == 200
        guesses = [client.get("/v1/problems", headers={"Authorization": f"Bearer wfm_{guess}"}) for guess in range(8)]
        assert {answer.status_code for answer in guesses} == {401, 429}
        assert client.get("/v1/problems", headers=second).status_code == 200
        assert client.get("/health").status_code == 200


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "é", 'x"'])
def test_a_request_is_named_and_only_names_fit_for_a_log_are_kept(client, given):
    assert client.get("/health", headers={"X-Request-ID": "fit-1.2_3"}).headers["x-request-id"] == "fit-1.2_3"
    named = client.get("/health", headers={"X-Request-ID": given.encode()}).headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{16}", named)


def test_bodies_of_json_are_small(client, case_id):
    answer = client.post("/v1/plans", json={"case_id": "x" * 1_000_000})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
