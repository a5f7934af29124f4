"""Simulations over HTTP: the hand-built plan is really lived through."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from api.v1 import simulation


def problem(answer, status, code):
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    return answer.json()


def test_a_plan_is_lived_through(client, plan_id, tiny_plan):
    answer = client.post(f"/v1/plans/{plan_id}/simulation?days=10&seed=3&rates=known")

    report = answer.json()
    assert answer.status_code == 200
    assert (report["days"], report["runs"], report["seed"], report["rates"]) == (14, 2, 3, "known")
    assert report["plan_hash"] == tiny_plan.content_hash()
    assert [entry["campaign"] for entry in report["inbound"]] == ["service"]


def test_the_same_question_is_answered_from_memory(client, plan_id):
    first, same, other = (
        client.post(f"/v1/plans/{plan_id}/simulation?days={days}&seed={seed}").json()
        for days, seed in ((8, 0), (14, 0), (14, 1))
    )

    assert same == first  # the seconds it took too: both ask for two runs
    assert other["inbound"] != first["inbound"]


def test_the_figure_and_its_table(client, plan_id):
    report = client.post(f"/v1/plans/{plan_id}/simulation?days=14").json()
    address = f"/v1/plans/{plan_id}/simulation/figure?days=14"
    drawn = client.get(address).json()
    answer = client.get(f"{address}&format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))

    assert {trace["name"] for trace in drawn["data"]} >= {"Promised", "Target"}
    assert "simulation.csv" in answer.headers["content-disposition"]
    assert [row["Campaign"] for row in rows] == ["Service", "Sales", "Mail"]
    assert float(rows[0]["Simulated (%)"]) == round(100 * report["inbound"][0]["service_level"]["value"], 2)


def test_limits(client, plan_id, monkeypatch):
    address = f"/v1/plans/{plan_id}/simulation"
    assert problem(client.post(f"{address}?days=401"), 422, "request-invalid")["errors"][0]["parameter"] == "days"
    problem(client.post(f"{address}?days=0"), 422, "request-invalid")
    problem(client.post(f"{address}?rates=sure"), 422, "request-invalid")
    problem(client.post("/v1/plans/x/simulation"), 404, "not-found")
    problem(client.get("/v1/plans/x/simulation/figure"), 404, "not-found")

    monkeypatch.setattr(simulation, "MOST_CONTACTS", 3000)
    told = problem(client.post(f"{address}?days=400"), 422, "request-invalid")["errors"][0]
    assert told["parameter"] == "days"
    days = int("".join(filter(str.isdigit, told["mend"])))
    assert client.post(f"{address}?days={days}").status_code == 200
    problem(client.post(f"{address}?days={days + 1}"), 422, "request-invalid")


def test_one_waits_for_another_and_not_for_ever(client, plan_id, monkeypatch):
    monkeypatch.setattr(simulation, "PATIENCE_SECONDS", 0.0)
    with simulation._one_at_a_time:
        problem(client.post(f"/v1/plans/{plan_id}/simulation"), 503, "busy")

    assert client.post(f"/v1/plans/{plan_id}/simulation?days=7").status_code == 200


def test_without_a_forecast_s_distributions_there_is_nothing_to_simulate(client, chain, tiny_forecast, run_job):
    bare = tiny_forecast.campaigns[0].model_copy(update={"quantiles": (), "day_quantiles": ()})
    forecast = tiny_forecast.model_copy(update={"campaigns": (bare, *tiny_forecast.campaigns[1:])})
    chain.result = replace(chain.result, forecast=forecast)
    plan_id = run_job()["plan_id"]

    told = problem(client.post(f"/v1/plans/{plan_id}/simulation"), 409, "not-simulable")
    assert "service" in told["detail"]
    assert "Plan the case again" in told["detail"]


def test_a_forecast_of_other_data_is_refused(client, chain, tiny_forecast, run_job):
    chain.result = replace(chain.result, forecast=tiny_forecast.model_copy(update={"case_hash": "0" * 64}))
    plan_id = run_job()["plan_id"]

    assert "other data" in problem(client.post(f"/v1/plans/{plan_id}/simulation"), 409, "not-simulable")["detail"]
