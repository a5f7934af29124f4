"""Requests over HTTP: what partner and planner may do with one, in which order, and on which version of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from data.store.keys import add_key
from data.store.tables import Role

OFFER = {"comment": "Une équipe est malade", "offered": [{"day": "2026-12-07", "shift": "am", "blocks": 0}]}


@pytest.fixture
def sides(app, client, plan_id):
    """Headers of planner and partner; the plan is published."""
    client.post(f"/v1/plans/{plan_id}/publish")
    later = datetime.now(UTC) + timedelta(days=1)
    with app.state.services.store.write() as session:
        secrets = [add_key(session, *whose, later)[1] for whose in ((Role.PLANNER, None), (Role.PARTNER, "casa"))]
    return [{"Authorization": f"Bearer {secret}"} for secret in secrets]


@pytest.fixture
def address(client, sides):
    (entry,) = client.get("/v1/capacity-requests", headers=sides[1]).json()
    return f"/v1/capacity-requests/{entry['id']}"


def test_a_counter_offer_is_agreed_as_it_was_seen(client, sides, address):
    planner, partner = sides
    seen = client.get(address, headers=partner)
    assert (seen.json()["state"], seen.json()["comment"]) == ("sent", None)
    answer = client.post(f"{address}/counter", json=OFFER, headers={**partner, "If-Match": seen.headers["etag"]})
    assert (answer.status_code, answer.json()["state"]) == (200, "countered")
    assert [(row["blocks"], row["offered_blocks"]) for row in answer.json()["rows"]] == [(1, 0)]
    assert answer.json()["comment"] == OFFER["comment"]

    unnamed = client.post(f"{address}/agree", headers=planner)
    assert (unnamed.status_code, unnamed.json()["code"]) == (428, "version-needed")
    stale = client.post(f"{address}/agree", headers={**planner, "If-Match": seen.headers["etag"]})
    assert (stale.status_code, stale.json()["code"]) == (412, "version-changed")
    for _ in range(2):  # safe to repeat, with the version that was seen before
        agreed = client.post(f"{address}/agree", headers={**planner, "If-Match": answer.headers["etag"]})
        assert (agreed.status_code, agreed.json()["state"]) == (200, "locked")
    late = client.post(f"{address}/accept", json={}, headers=partner)
    assert (late.status_code, late.json()["code"]) == (409, "request-state")
    assert "It is locked; accept is open to: accepted, countered, declined, sent." in late.json()["detail"]


def test_nothing_is_agreed_before_the_partner_answers(client, sides, address):
    etag = client.get(address, headers=sides[0]).headers["etag"]
    answer = client.post(f"{address}/agree", headers={**sides[0], "If-Match": etag})
    assert (answer.status_code, answer.json()["code"]) == (409, "request-state")


@pytest.mark.parametrize(
    ("offered", "pointer"),
    [
        ([{"day": "2026-12-07", "shift": "pm", "blocks": 1}], "/offered/0/shift"),
        ([{"day": "2026-12-08", "shift": "am", "blocks": 1}], "/offered/0/shift"),
        ([OFFER["offered"][0]] * 2, "/offered/1/shift"),
        ([{"day": "2026-12-07", "shift": "am", "blocks": -1}], "/offered/0/blocks"),
        ([{"day": "2026-12-07", "shift": "am", "blocks": 0, "price": 1}], "/offered/0/price"),
        ([], "/offered"),
    ],
)
def test_an_offer_names_what_was_asked_once(client, sides, address, offered, pointer):
    answer = client.post(f"{address}/counter", json={"offered": offered}, headers=sides[1])
    assert (answer.status_code, answer.json()["code"]) == (422, "request-invalid")
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert client.get(address, headers=sides[1]).json()["state"] == "sent"


def test_what_a_partner_writes_is_short(client, sides, address):
    for comment, status in (("x" * 200, 200), ("x" * 201, 422)):
        assert client.post(f"{address}/decline", json={"comment": comment}, headers=sides[1]).status_code == status


def test_a_csv_says_the_state_of_now(client, sides, address):
    client.post(f"{address}/accept", json={}, headers=sides[1])
    assert ",accepted,casa," in client.get(f"{address}?format=csv", headers=sides[1]).text


@pytest.mark.parametrize("comment", ["Appelez le 06 12 34 56 78", "write to x.y@example.org"])
def test_what_a_partner_writes_names_nobody(client, sides, address, comment):
    answer = client.post(f"{address}/accept", json={"comment": comment}, headers=sides[1])
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/comment")
