"""Shifts changed by hand: a new version, checked and billed; what breaks a rule is refused."""

from __future__ import annotations

import pytest

from data.store.audit import AuditFilter, list_events


@pytest.fixture
def address(plan_id):
    return f"/v1/plans/{plan_id}"


@pytest.fixture
def shift(client, address):
    """The first shift of the roster, as it would be sent."""
    rows = client.get(f"{address}/roster").json()
    first = [row for row in rows if (row["agent"], row["day"]) == (rows[0]["agent"], rows[0]["day"])]
    names = ("activity", "campaign", "break_name", "start", "end")
    activities = [{name: row[name] for name in names} for row in first]
    return {
        "agent": first[0]["agent"], "day": first[0]["day"],
        "shift": {"pattern": first[0]["pattern"], "activities": activities},
    }  # fmt: skip


def test_a_day_off_is_a_new_version_with_its_own_bill(app, client, plan_id, address, shift):
    answer = client.patch(f"{address}/assignments", json={"assignments": [shift | {"shift": None}]})
    assert answer.status_code == 201, answer.text
    made, comparison = answer.json()["plan"], answer.json()["comparison"]
    before = client.get(address).json()
    assert (made["version"], made["state"], made["job_id"], made["base_id"]) == (2, "draft", None, plan_id)
    assert (comparison["before_cents"], comparison["after_cents"]) == (before["cost_cents"], made["cost_cents"])
    assert [entry["change"] for entry in comparison["shifts"]] == ["removed"]
    assert made["bound_cents"] == before["bound_cents"]
    after = answer.headers["Location"]
    assert client.get(f"{after}/violations").json() == []
    assert len(client.get(f"{after}/roster").json()) < len(client.get(f"{address}/roster").json())
    assert client.get(f"{after}/compare?base={plan_id}").json() == comparison
    with app.state.services.store.read() as session:
        (line,) = list_events(session, AuditFilter(action="plan.changed"), 2)
    assert (line.resource_id, line.version, line.details["base_id"]) == (made["id"], 2, plan_id)
    back = client.patch(f"{after}/assignments", json={"assignments": [shift]})
    assert back.json()["plan"]["cost_cents"] == before["cost_cents"]
    assert client.post(f"{after}/publish").json()["state"] == "published"


def test_a_dry_run_says_what_differs_and_stores_nothing(client, address, shift):
    body = {"assignments": [shift | {"shift": None}]}
    answer = client.patch(f"{address}/assignments?dry_run=true", json=body)
    assert (answer.status_code, answer.json()["plan"]) == (200, None)
    assert len(answer.json()["comparison"]["shifts"]) == 1
    assert len(client.get("/v1/plans").json()) == 1


def test_what_breaks_a_rule_is_refused(client, address, shift):
    shift["shift"]["activities"] = shift["shift"]["activities"][:1]
    answer = client.patch(f"{address}/assignments", json={"assignments": [shift]})
    assert (answer.status_code, answer.json()["code"]) == (422, "assignment-illegal")
    assert answer.json()["errors"][0]["code"]
    assert len(client.get("/v1/plans").json()) == 1


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        (lambda entry: entry | {"agent": "nobody"}, "/assignments/0/agent"),
        (lambda entry: entry | {"day": "someday"}, "/assignments/0/day"),
        (lambda entry: changed(entry, 0, start="2026-12-07T08:10:00Z"), "/assignments/0/shift/activities/0/start"),
        (lambda entry: changed(entry, 0, start="2020-12-07T08:00:00Z"), "/assignments/0/shift/activities/0/start"),
        (lambda entry: changed(entry, 0, campaign=None), "/assignments/0/shift/activities/0"),
        (lambda entry: changed(entry, 0, campaign="nothing"), None),
    ],
)
def test_what_cannot_be_is_pointed_at(client, address, shift, change, pointer):
    answer = client.patch(f"{address}/assignments", json={"assignments": [change(shift)]})
    assert (answer.status_code, answer.json()["code"]) == (422, "request-invalid"), answer.text
    assert answer.json()["errors"][0].get("pointer") == pointer


def changed(entry, place, **values):
    activities = list(entry["shift"]["activities"])
    activities[place] = activities[place] | values
    return entry | {"shift": entry["shift"] | {"activities": activities}}


def test_a_gap_between_activities_is_pointed_at(client, address, shift):
    del shift["shift"]["activities"][1]
    answer = client.patch(f"{address}/assignments", json={"assignments": [shift]})
    assert answer.json()["errors"][0]["pointer"] == "/assignments/0/shift/activities/1/start"


def test_it_is_made_once_for_one_key_and_as_it_was_seen(client, address, shift):
    body, key = {"assignments": [shift | {"shift": None}]}, {"Idempotency-Key": "monday"}
    first, again = (client.patch(f"{address}/assignments", json=body, headers=key) for _ in range(2))
    assert first.json() == again.json()
    assert len(client.get("/v1/plans").json()) == 2
    late = client.patch(f"{address}/assignments", json=body, headers={"If-Match": '"other"'})
    assert (late.status_code, late.json()["code"]) == (412, "version-changed")
