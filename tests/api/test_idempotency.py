"""Requests that make something, sent twice with one Idempotency-Key: it is made once. And long lists in pages."""

from __future__ import annotations

import pytest

from data.store.cases import add_case
from data.store.forecasts import add_forecast

KEY = {"Idempotency-Key": "once and for all"}
OVERRIDE = {
    "campaign": "service", "first_day": "2026-12-08", "last_day": "2026-12-08", "percent": 20, "author": "P01",
    "reason": "mailing brought forward",
}  # fmt: skip


@pytest.fixture
def requests(app, tiny_case, modelled, case_id):
    """What makes something: list to body, and the body of another request."""
    with app.state.services.store.write() as session:
        case = add_case(session, tiny_case, {})[0]
        forecast = add_forecast(session, case.id, modelled=modelled, document=modelled)
    return {
        "/v1/plans": ({"case_id": case_id, "seed": 1}, {"case_id": case_id, "seed": 2}),
        "/v1/forecasts": ({"case_id": case_id, "seed": 1}, {"case_id": case_id, "seed": 2}),
        "/v1/webhooks": ({"url": "http://127.0.0.1:9/a"}, {"url": "http://127.0.0.1:9/b"}),
        f"/v1/forecasts/{forecast.id}/overrides": (OVERRIDE, OVERRIDE | {"percent": 30}),
    }


def test_it_is_made_once(client, requests):
    for number, (path, (body, other)) in enumerate(requests.items()):
        key = {"Idempotency-Key": f"key {number}"}
        first, again = (client.post(path, json=body, headers=key) for _ in range(2))
        assert first.status_code == again.status_code < 300, first.text
        assert first.json()["id"] == again.json()["id"], path
        if path == "/v1/webhooks":
            assert first.json()["secret"] == again.json()["secret"]
        refused = client.post(path, json=other, headers=key)
        assert (refused.status_code, refused.json()["code"]) == (422, "key-reused"), path


def test_a_key_of_a_plan_makes_no_forecast(client, case_id):
    assert client.post("/v1/plans", json={"case_id": case_id}, headers=KEY).status_code == 202
    assert client.post("/v1/forecasts", json={"case_id": case_id}, headers=KEY).json()["code"] == "key-reused"


def test_a_secret_is_told_once(client):
    first = client.post("/v1/keys", json={"role": "admin"}, headers=KEY)
    secret = {"Authorization": f"Bearer {first.json()['secret']}"}
    as_anybody = client.post("/v1/keys", json={"role": "admin"}, headers=KEY | secret)
    assert as_anybody.status_code == 201  # another caller's key is another key
    again = client.post("/v1/keys", json={"role": "admin"}, headers=KEY | secret)
    assert (again.status_code, again.json()["code"]) == (409, "secret-told")
    assert as_anybody.json()["id"] in again.json()["detail"]
    assert len(client.get("/v1/keys", headers=secret).json()) == 2


def test_what_was_taken_back_is_not_made_again(client):
    made = client.post("/v1/webhooks", json={"url": "http://127.0.0.1:9/a"}, headers=KEY).json()
    assert client.delete(f"/v1/webhooks/{made['id']}").status_code == 204
    assert client.post("/v1/webhooks", json={"url": "http://127.0.0.1:9/a"}, headers=KEY).status_code == 404


def test_jobs_come_in_pages(client, case_id, chain, ended):
    jobs = [client.post("/v1/plans", json={"case_id": case_id}).json()["id"] for _ in range(5)]
    for job in jobs:
        ended(job)
    found, address = [], "/v1/jobs?limit=2"
    while address:
        page = client.get(address)
        found += [job["id"] for job in page.json()]
        address = page.headers.get("Link", "").partition(">")[0].removeprefix("<")
    assert sorted(found) == sorted(jobs)
    assert client.get("/v1/jobs?cursor=nonsense").status_code == 422
