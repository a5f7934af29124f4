"""Requirements over HTTP: reckoned at once from a stored forecast, kept once."""

from __future__ import annotations

import csv
import io

import pytest

from data.store.cases import add_case
from data.store.forecasts import add_forecast
from models.staffing.requirement import build_requirement


@pytest.fixture
def forecast_id(app, tiny_case, modelled):
    with app.state.services.store.write() as session:
        case_id = add_case(session, tiny_case, {})[0].id
        return add_forecast(session, case_id, modelled=modelled, document=modelled).id


def test_a_requirement_is_what_the_chain_would_reckon(client, forecast_id, tiny_case, modelled):
    made = client.post("/v1/requirements", json={"forecast_id": forecast_id})
    assert made.status_code == 201, made.text
    expected = build_requirement(tiny_case, modelled)
    told = {entry["campaign"]: entry for entry in made.json()["campaigns"]}
    for entry in expected.campaigns:
        assert told[entry.campaign]["net_agents"] == list(entry.net_agents)
        assert told[entry.campaign]["agent_hours"] == pytest.approx(entry.work / 2000)
    assert client.get(made.headers["Location"]).json() == made.json()
    assert [entry["id"] for entry in client.get("/v1/requirements").json()] == [made.json()["id"]]
    rows = list(csv.DictReader(io.StringIO(client.get(made.headers["Location"] + "?format=csv").text)))
    assert len(rows) == tiny_case.grid.slots * len(tiny_case.campaigns)


def test_a_forecast_has_one_requirement(client, forecast_id):
    first, again = (client.post("/v1/requirements", json={"forecast_id": forecast_id}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.headers["Location"] == again.headers["Location"]


def test_what_is_not_there_has_none(client):
    answer = client.post("/v1/requirements", json={"forecast_id": "none"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/forecast_id")
    assert client.get("/v1/requirements/none").status_code == 404
