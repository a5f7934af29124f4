"""Planning again over HTTP: a job that is given the plan to keep close to."""

from __future__ import annotations

import pytest

from data.store.cases import add_case
from models.result import Base


@pytest.fixture
def given(chain, monkeypatch):
    """What the chain is given as base."""
    found = []
    plain = type(chain).__call__

    def call(self, *args, base=None, **kwargs):
        found.append(base)
        return plain(self, *args, **kwargs)

    monkeypatch.setattr(type(chain), "__call__", call)
    return found


def test_a_job_is_given_the_plan_to_keep_close_to(client, plan_id, case_id, given, ended, tiny_plan):
    asked = client.post(f"/v1/plans/{plan_id}/replan", json={"case_id": case_id, "change_price_cents": 1500})
    assert asked.status_code == 202, asked.text
    job = ended(asked.headers["Location"].rpartition("/")[2])
    assert (job["state"], job["parameters"]["base_id"]) == ("done", plan_id)
    assert given == [Base(tiny_plan, 1500)]
    assert client.get(f"/v1/plans/{job['plan_id']}").json()["version"] == 2


def test_the_same_key_gives_the_same_job(client, plan_id, case_id, given):
    key = {"Idempotency-Key": "again"}
    body = {"case_id": case_id}
    first, again = (client.post(f"/v1/plans/{plan_id}/replan", json=body, headers=key) for _ in range(2))
    assert first.json()["id"] == again.json()["id"]


def test_a_case_of_other_days_is_refused(app, client, plan_id, tiny_case):
    with app.state.services.store.write() as session:
        other = add_case(session, tiny_case.model_copy(update={"days": 14}), {})[0].id
    for case_id in (other, "none"):
        answer = client.post(f"/v1/plans/{plan_id}/replan", json={"case_id": case_id})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/case_id")
    assert client.post("/v1/plans/none/replan", json={"case_id": other}).status_code == 404
