"""Drafts: a case changed a row at a time, checked whole at every change, with nothing half stored."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from data.store.audit import AuditFilter, list_events
from data.store.cases import find_case, load_case


@pytest.fixture
def sent(client, small_zip):
    """Id of the small case, sent as planners send it."""
    return client.post("/v1/cases", content=small_zip, headers={"Content-Type": "application/zip"}).json()["id"]


@pytest.fixture
def draft(client, sent):
    """Address of a draft of the small case."""
    return client.post("/v1/drafts", json={"case_id": sent}).headers["Location"]


@pytest.fixture
def read(client):
    """An item and what is sent to change it as it was seen."""

    def read(address):
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        return answer.json(), {"If-Match": answer.headers["ETag"]}

    return read


def stored(app, case_id):
    with app.state.services.store.read() as session:
        return load_case(find_case(session, case_id))


def test_a_draft_begins_with_a_case(client, sent):
    made = client.post("/v1/drafts", json={"case_id": sent})
    assert (made.status_code, made.json()["case_id"], made.json()["revision"]) == (201, sent, 1)
    assert client.get(made.headers["Location"]).json() == made.json()
    assert client.get("/v1/drafts").json() == [made.json()]


def test_items_are_rows_of_the_tables(client, draft):
    assert client.get(f"{draft}/agents/A1").json() == {
        "agent": "A1", "site": "rabat", "contract": "full", "hourly_cost": 5.0, "hourly_wage": None, "currency": "EUR",
        "days_worked_before": 0, "last_shift_end": None, "overtime_hours_before": None, "year_hours_before": None,
        "adult_from": None, "skills": [{"skill": "life", "level": 2}], "absences": [], "wishes": [],
    }  # fmt: skip
    assert [item["contract"] for item in client.get(f"{draft}/contracts").json()] == ["full"]
    assert [item["country"] for item in client.get(f"{draft}/calendars").json()] == ["MA", "FR"]
    assert client.get(f"{draft}/campaigns/service").json()["opening_hours"][0]["weekdays"] == "1-5"
    assert client.get(f"{draft}/shift-patterns/day").json()["breaks"][0]["paid"] is False
    assert client.get(f"{draft}/partners").json() == []


def test_a_change_makes_another_case_and_leaves_the_first(app, client, sent, draft, read):
    agent, seen = read(f"{draft}/agents/A1")
    agent["absences"] = [{"start": "2026-12-08", "end": "2026-12-09", "kind": "paid_leave"}]
    changed = client.put(f"{draft}/agents/A1", json=agent, headers=seen)
    assert (changed.status_code, changed.json()["revision"]) == (200, 2), changed.text
    case_id = changed.json()["case_id"]
    assert case_id != sent
    assert [absence.kind for absence in stored(app, case_id).absences] == ["paid_leave"]
    assert stored(app, sent).absences == ()
    assert client.get(draft).json()["case_id"] == case_id
    assert client.get(f"{draft}/agents/A1").headers["ETag"] == changed.headers["ETag"]
    agent["absences"] = []
    back = client.put(f"{draft}/agents/A1", json=agent, headers={"If-Match": changed.headers["ETag"]})
    assert (back.json()["case_id"], back.json()["revision"]) == (sent, 3)
    with app.state.services.store.read() as session:
        lines = list_events(session, AuditFilter(resource="draft"), 10)
    assert [line.action for line in lines] == ["draft.changed", "draft.changed", "draft.created"]


def test_an_item_is_added_and_taken_away(app, client, draft, read):
    partner = {
        "partner": "casa", "name": "Casa", "city": "Casablanca", "time_zone": "Africa/Casablanca", "seats": 10,
        "current_seats": 5, "ramp_seats_per_week": 5, "block_seats": 5, "lead_time_days": 7, "min_billed_hours": 0,
        "tier_mode": "incremental", "currency": "EUR", "partner_tiers": [{"from_hours": 0, "price_per_hour": 12.34}],
        "partner_campaigns": [{"campaign": "service", "productivity": 0.9}],
        "partner_shifts": [{"shift": "am", "start": "08:00", "end": "12:00", "weekdays": "1-5"}],
    }  # fmt: skip
    added = client.put(f"{draft}/partners/casa", json=partner, headers={"If-None-Match": "*"})
    assert added.status_code == 201, added.text
    (made,) = stored(app, added.json()["case_id"]).partners
    assert (made.id, made.tiers[0].price_per_hour, made.shifts[0].weekdays) == ("casa", 1234, (1, 2, 3, 4, 5))
    assert client.put(f"{draft}/partners/casa", json=partner, headers={"If-None-Match": "*"}).status_code == 412
    _, seen = read(f"{draft}/partners/casa")
    assert client.delete(f"{draft}/partners/casa", headers=seen).status_code == 200
    assert client.get(f"{draft}/partners/casa").status_code == 404
    assert client.delete(f"{draft}/partners/casa", headers=seen).status_code == 404


def test_a_calendar_is_corrected(app, client, draft, read):
    calendar, seen = read(f"{draft}/calendars/MA")
    assert calendar == {"country": "MA", "holidays": []}
    calendar["holidays"] = [{"feast": "Fête locale", "day": "2026-12-09", "status": "declared"}]
    changed = client.put(f"{draft}/calendars/MA", json=calendar, headers=seen)
    case = stored(app, changed.json()["case_id"])
    assert case.calendar("MA").is_holiday(date(2026, 12, 9))
    assert client.put(f"{draft}/calendars/DE", json={"country": "DE"}, headers={}).status_code == 404


@pytest.mark.parametrize(
    ("change", "pointers"),
    [
        ({"contract": "none"}, ["/contract"]),
        ({"hourly_cost": None}, ["/hourly_cost"]),
        ({"skills": []}, ["/skills"]),
        ({"skills": [{"skill": "life", "level": 2}, {"skill": "life", "level": 3}]}, ["/skills/1"]),
        ({"skills": [{"skill": "life", "level": 9}]}, ["/skills/0/level"]),
        ({"absences": [{"start": "2026-12-08", "end": "2026-12-01", "kind": "medical"}]}, ["/absences/0/end"]),
        ({"name": "Fatima"}, ["/name"]),
        ({"agent": "A2"}, ["/agent"]),
        ({"days_worked_before": "0"}, ["/days_worked_before"]),
    ],
)
def test_a_faulty_change_is_pointed_at_and_nothing_is_stored(client, draft, read, change, pointers):
    agent, seen = read(f"{draft}/agents/A1")
    before, cases = client.get(draft).json(), client.get("/v1/cases").json()
    answer = client.put(f"{draft}/agents/A1", json=agent | change, headers=seen)
    assert answer.status_code == 422, answer.text
    assert [entry.get("pointer") for entry in answer.json()["errors"]] == pointers
    assert client.get(draft).json() == before
    assert client.get("/v1/cases").json() == cases


def test_what_others_need_stays(client, draft, read):
    contract, _ = read(f"{draft}/contracts/full")
    assert client.put(f"{draft}/contracts/part", json=contract | {"contract": "part"}).status_code == 201
    _, seen = read(f"{draft}/contracts/full")
    answer = client.delete(f"{draft}/contracts/full", headers=seen)
    assert (answer.status_code, answer.json()["code"]) == (422, "case-invalid")
    (fault,) = answer.json()["errors"]
    assert (fault.get("pointer"), fault["table"], fault["row"], fault["column"]) == (None, "agents", 2, "contract")


def test_who_changes_says_what_was_seen(client, draft, read):
    agent, seen = read(f"{draft}/agents/A1")
    assert client.put(f"{draft}/agents/A1", json=agent).json()["code"] == "version-needed"
    assert client.delete(f"{draft}/agents/A1").json()["code"] == "version-needed"
    assert client.put(f"{draft}/agents/A1", json=agent | {"days_worked_before": 1}, headers=seen).status_code == 200
    late = client.put(f"{draft}/agents/A1", json=agent | {"days_worked_before": 2}, headers=seen)
    assert (late.status_code, late.json()["code"]) == (412, "version-changed")
    gone = client.put(f"{draft}/agents/A9", json=agent | {"agent": "A9"}, headers=seen)
    assert (gone.status_code, gone.json()["code"]) == (412, "version-changed")


def test_changes_of_different_items_at_once_are_all_kept(app, client, draft, read):
    agent, _ = read(f"{draft}/agents/A1")
    answers = []

    def add(number):
        answers.append(client.put(f"{draft}/agents/N{number}", json=agent | {"agent": f"N{number}"}).status_code)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [201] * 3
    case_id = client.get(draft).json()["case_id"]
    assert {entry.id for entry in stored(app, case_id).agents} == {"A1", "N0", "N1", "N2"}


def test_lists_come_in_pages(client, draft, read):
    agent, _ = read(f"{draft}/agents/A1")
    for name in ("B1", "C1"):
        assert client.put(f"{draft}/agents/{name}", json=agent | {"agent": name}).status_code == 201
    first = client.get(f"{draft}/agents?limit=2")
    assert [item["agent"] for item in first.json()] == ["A1", "B1"]
    address = first.headers["Link"].partition(">")[0].removeprefix("<")
    rest = client.get(address)
    assert ([item["agent"] for item in rest.json()], "Link" in rest.headers) == (["C1"], False)
    assert client.get(f"{draft}/agents?after=nobody").status_code == 422


def test_a_draft_is_begun_once_for_one_key(client, sent):
    key = {"Idempotency-Key": "draft of the week"}
    first, again = (client.post("/v1/drafts", json={"case_id": sent}, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    other = client.post("/v1/drafts", json={"case_id": "other"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")
    assert len(client.get("/v1/drafts").json()) == 1


def test_a_draft_is_forgotten_and_its_cases_stay(client, draft, sent):
    assert client.delete(draft).status_code == 204
    assert client.get(draft).status_code == 404
    assert client.get(f"{draft}/agents").status_code == 404
    assert client.get(f"/v1/cases/{sent}").status_code == 200


def test_a_case_without_tables_cannot_be_changed(client, case_id):
    answer = client.post("/v1/drafts", json={"case_id": case_id})
    assert (answer.status_code, answer.json()["code"]) == (409, "no-tables")
    assert client.post("/v1/drafts", json={"case_id": "none"}).json()["errors"][0]["pointer"] == "/case_id"
