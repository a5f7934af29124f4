"""Worked example 12: partner A's credentials on partner B's request give 404, and A's list shows A alone."""

from __future__ import annotations

import csv
import io

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.cli import main
from data.store.cases import add_case
from data.store.jobs import add_job, finish_job
from data.store.plans import Judged, add_plan, judge, publish_plan
from data.store.tables import JobState
from wfm.partner import Tier
from wfm.plan import Purchase

A, B = "casa_atlas", "fès_saïss"
PRICES = {A: 1301, B: 977}
"""Minor units per hour, unlike in every digit, so that one partner's would be seen in the other's answers."""


@pytest.fixture
def two_partners(tiny_case):
    """The tiny case with two partners of different prices, cities and minimum billing."""
    (casa,) = tiny_case.partners
    partners = [
        casa.model_copy(
            update={"id": name, "name": name, "city": city, "tiers": (Tier(from_hours=0, price_per_hour=PRICES[name]),)}
        )
        for name, city in ((A, "Casablanca"), (B, "Fès"))
    ]
    return tiny_case.model_copy(update={"partners": tuple(partners)})


@pytest.fixture
def requirement(two_partners, tiny_requirement):
    return tiny_requirement.model_copy(update={"case_hash": two_partners.content_hash()})


@pytest.fixture
def plans(two_partners, requirement, tiny_plan, make_plan):
    """Two plans: the first buys from both, the later one more from B."""
    monday = two_partners.first_day

    def bought(partner, blocks):
        return Purchase(partner=partner, campaign="service", day=monday, shift="am", blocks=blocks)

    return [
        make_plan(two_partners, tiny_plan.shifts, [bought(A, 1), bought(B, 2)], requirement=requirement),
        make_plan(two_partners, tiny_plan.shifts, [bought(B, 3)], requirement=requirement),
    ]


@pytest.fixture
def client(tmp_path, two_partners, plans, tiny_forecast, requirement):
    """The service with both plans stored, each checked as every plan is."""
    app = create_app(tmp_path / "data")
    forecast = tiny_forecast.model_copy(update={"case_hash": two_partners.content_hash()})
    with app.state.services.store.write() as session:
        case_id = add_case(session, two_partners, {})[0].id
        for plan in plans:
            job = add_job(session, case_id, {}, None)
            finish_job(job, JobState.DONE, None)
            made = judge(two_partners, forecast=forecast, requirement=requirement, plan=plan, seconds={})
            assert isinstance(made, Judged), made
            kept = add_plan(session, case_id, made, job=job)
            publish_plan(session, kept.id)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def key(client, tmp_path, capsys):
    """Makes a key with the command and gives the header that carries it."""

    def make(*options):
        with pytest.raises(SystemExit) as ended:
            main(["key", "create", "--data", str(tmp_path / "data"), *options])
        assert ended.value.code in {0, None}
        return {"Authorization": f"Bearer {capsys.readouterr().out.strip()}"}

    return make


def test_example_12_a_partner_sees_itself_alone(client, key):
    as_a, as_b = (key("--role", "partner", "--partner", partner) for partner in (A, B))
    planner = key("--role", "planner")
    listed = {entry["id"]: entry for entry in client.get("/v1/capacity-requests", headers=planner).json()}
    assert [entry["partner"] for entry in listed.values()] == [B, A, B]  # newest plan first

    own = client.get("/v1/capacity-requests", headers=as_a)
    (entry,) = own.json()
    assert entry == listed[entry["id"]]
    assert (entry["partner"], entry["productive_hours"], entry["average_price_cents"]) == (A, 8, 1626)  # 10 h billed

    address = f"/v1/capacity-requests/{entry['id']}"
    mine = client.get(address, headers=as_a)
    assert [(row["day"], row["shift"], row["seats"], row["cost_cents"]) for row in mine.json()["rows"]] == [
        ("2026-12-07", "am", 2, 13010)
    ]
    table = client.get(f"{address}?format=csv", headers=as_a)
    assert [row["partner"] for row in csv.DictReader(io.StringIO(table.text))] == [A]

    # B's requests are to A what never was, to the letter but for the id it asked for.
    unknown = client.get("/v1/capacity-requests/0123456789abcdef", headers=as_a)
    for other in (request for request, entry in listed.items() if entry["partner"] == B):
        for query in ("", "?format=csv"):
            answer = client.get(f"/v1/capacity-requests/{other}{query}", headers=as_a)
            assert answer.status_code == unknown.status_code == 404
            assert answer.text.replace(other, "0123456789abcdef") == unknown.text
            assert answer.headers["content-type"] == unknown.headers["content-type"]
        assert client.get(f"/v1/capacity-requests/{other}", headers=as_b).status_code == 200
    assert client.get(address, headers=as_b).status_code == 404
    assert {entry["partner"] for entry in client.get("/v1/capacity-requests", headers=as_b).json()} == {B}


def test_nothing_of_the_rival_nor_of_the_whole_stands_in_the_answers(client, key, plans):
    as_a = key("--role", "partner", "--partner", A)
    own = client.get("/v1/capacity-requests", headers=as_a)
    (entry,) = own.json()
    one = client.get(f"/v1/capacity-requests/{entry['id']}", headers=as_a)
    table = client.get(f"/v1/capacity-requests/{entry['id']}?format=csv", headers=as_a)

    (bill_of_b,) = (line.cents for line in plans[0].bill.lines if (line.kind, line.subject) == ("purchase", B))
    totals = [cents for plan in plans for cents in (plan.bill.total_cents, plan.bill.changeable_cents)]
    secret = [B, "Fès", "A1", "A2", str(PRICES[B]), *(str(cents) for cents in (bill_of_b, *totals))]
    for answer in (own, one, table):
        text = answer.text
        for chance in ("id", "created_at", "reference"):  # digits of ids, hashes and instants may be anything
            text = text.replace(entry[chance], "")
        assert [word for word in secret if word in text] == []


def test_the_list_is_limited_after_it_is_filtered(client, key):
    as_a = key("--role", "partner", "--partner", A)
    assert [entry["partner"] for entry in client.get("/v1/capacity-requests?limit=1", headers=as_a).json()] == [A]


def test_a_partner_of_whom_nothing_is_asked_sees_nothing(client, key):
    other = key("--role", "partner", "--partner", "oujda")
    assert client.get("/v1/capacity-requests", headers=other).json() == []
