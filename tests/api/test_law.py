"""The law over HTTP: the same answers as on the command line, and problems that say what is known."""

from __future__ import annotations

import pytest


def test_rules_in_force(client):
    told = client.get("/v1/law/rules?on=2026-08-11").json()

    assert [pack["country"] for pack in told["packs"]] == ["FR", "MA"]
    french = {rule["code"]: rule for rule in told["packs"][0]["rules"]}
    assert french["FR-OPTIN"]["parameters"] == {"bases": ["consent", "contract_related"]}
    assert "FR-BLOCTEL" not in french
    assert client.get("/v1/law/rules?country=MA").json()["packs"][0]["country"] == "MA"


def test_the_legal_window(client):
    told = client.get("/v1/law/legal-window?market=FR&date=2026-11-23&site=rabat").json()

    assert told["spans"][0] == {
        "start": "2026-11-23T09:00:00Z",
        "end": "2026-11-23T12:00:00Z",
        "consumer_start": "2026-11-23T10:00:00+01:00",
        "consumer_end": "2026-11-23T13:00:00+01:00",
        "site_start": "2026-11-23T09:00:00Z",
        "site_end": "2026-11-23T12:00:00Z",
    }
    assert (told["minutes"], told["reason"]) == (540, None)
    overseas = client.get(
        "/v1/law/legal-window?market=FR&date=2026-11-23&site=rabat&consumer_zone=Indian/Reunion"
    ).json()
    assert overseas["spans"][0]["start"] == "2026-11-23T06:00:00Z"


def test_no_legal_window_says_why(client):
    told = client.get("/v1/law/legal-window?market=FR&date=2026-11-11&site=rabat").json()

    assert (told["spans"], told["minutes"]) == ([], 0)
    assert told["reason"] == "it is a public holiday: Armistice"
    assert told["holiday"]["day"] == "2026-11-11"


def test_attempts_of_all_partners_count_together(client):
    days = "".join(f"&attempt=2026-11-{day:02}" for day in (2, 5, 10, 16))
    told = client.get(f"/v1/law/next-attempt?market=FR&on=2026-11-17{days}").json()

    assert told["next_day"] == "2026-12-02"
    assert [rule["code"] for rule in told["rules"]] == ["FR-OUT-FREQ", "FR-OUT-REFUSAL", "FR-OUT-WINDOW"]


def test_a_refusal_silences(client):
    told = client.get("/v1/law/next-attempt?market=FR&on=2026-11-17&refusal=2026-11-16").json()

    assert told["next_day"] == "2027-01-18"  # 60 full days: 17 November to 15 January, a Friday; then the weekend


def test_holidays(client):
    told = client.get("/v1/law/holidays?country=MA&year=2027").json()

    assert {"day": "2027-03-11", "weekday": "Thursday", "name": "Aïd al-Fitr"} in told["at_risk"]
    assert told["fasting"][0]["first_day"] == "2027-02-08"
    assert client.get("/v1/law/holidays?country=FR&year=2027&school=A").json()["school"][1]["first_day"] == "2027-02-13"


@pytest.mark.parametrize(
    ("query", "parameter", "known"),
    [
        ("rules?country=XX", "country", "Countries with a pack: FR, MA."),
        ("legal-window?market=XX&date=2026-11-23&site=rabat", "market", "Countries with a pack: FR, MA."),
        ("legal-window?market=FR&date=2026-11-23&site=lyon", "site", "Cities known: Paris, Rabat,"),
        (
            "legal-window?market=FR&date=2026-11-23&site=rabat&consumer_zone=Mars/Base",
            "consumer_zone",
            "Use a name of the IANA tz database",
        ),
        ("legal-window?market=FR&date=2026-02-30&site=rabat", "date", ""),
        ("legal-window?market=FR&date=2026-11-23", "site", ""),
        ("next-attempt?market=XX", "market", "Countries with a pack: FR, MA."),
        ("next-attempt?market=FR&attempt=yesterday", "attempt.0", ""),
        ("holidays?country=DE&year=2027", "country", "Countries with a pack: FR, MA."),
        ("holidays?country=FR&year=27", "year", ""),
        ("holidays?country=FR&year=2027&school=D", "school", "FR has zones A, B and C."),
    ],
)
def test_what_is_unknown_is_a_problem_that_says_what_is_known(client, query, parameter, known):
    answer = client.get(f"/v1/law/{query}")

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "request-invalid"
    assert [item["parameter"] for item in problem["errors"]] == [parameter]
    assert known in problem["detail"]
