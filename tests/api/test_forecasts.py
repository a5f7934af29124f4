"""Forecasts over HTTP: made, read, overridden and taken back, and held against what came."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from api.upload import case_of_upload
from api.v1 import forecast_accuracy
from data.store.cases import add_case
from data.store.forecasts import add_forecast
from data.store.jobs import add_job, finish_job
from data.store.plans import add_plan, judge
from data.store.tables import JobState
from wfm.clock import zone
from wfm.opening import open_slots

OVERRIDE = {
    "campaign": "service",
    "first_day": "2026-12-08",
    "last_day": "2026-12-08",
    "percent": 20,
    "author": "P01",
    "reason": "mailing brought forward",
}


@pytest.fixture
def forecast(app, tiny_case, modelled):
    """Path of a stored forecast of the tiny case."""
    with app.state.services.store.write() as session:
        case_id = add_case(session, tiny_case, {})[0].id
        return f"/v1/forecasts/{add_forecast(session, case_id, modelled=modelled, document=modelled).id}"


def of_service(answer):
    return next(entry for entry in answer.json()["campaigns"] if entry["campaign"] == "service")


def test_a_case_is_forecast_and_read(client, small_zip, ended):
    case = client.post("/v1/cases", content=small_zip, headers={"Content-Type": "application/zip"}).json()
    asked = client.post("/v1/forecasts", json={"case_id": case["id"], "seed": 3})

    assert asked.status_code == 202, asked.text
    made = f"/v1/forecasts/{ended(asked.json()['id'])['forecast_id']}"
    summary = client.get(made).json()
    assert (summary["version"], summary["overrides"], summary["case_id"], summary["seed"]) == (1, 0, case["id"], 3)
    (service,) = summary["campaigns"]
    assert service["time_zone"] == "Europe/Paris"
    assert service["total"] == service["modelled_total"] > 0
    points = client.get(made + "/points").json()
    assert len(points) == 7 * 48
    assert sum(point["mean"] for point in points) == pytest.approx(service["total"], abs=1e-4)
    days = client.get(made + "/quantiles").json()
    assert sum(day["mean"] for day in days["days"]) == pytest.approx(service["total"], abs=1e-4)
    assert all(sorted(day["quantiles"]) == day["quantiles"] and len(day["quantiles"]) == 13 for day in days["days"])
    assert [entry["id"] for entry in client.get("/v1/forecasts").json()] == [made.rpartition("/")[2]]


def test_an_override_makes_a_version_and_a_case_that_can_be_planned(client, forecast):
    before = of_service(client.get(forecast))
    made = client.post(f"{forecast}/overrides", json=OVERRIDE)

    assert made.status_code == 201, made.text
    assert made.json()["version"] == 2
    assert made.json()["case_id"] != client.get(forecast).json()["case_id"]
    after = of_service(client.get(made.headers["Location"]))
    day = before["total"] / 5
    assert after["total"] == pytest.approx(before["total"] + 0.2 * day, rel=1e-6)
    assert after["modelled_total"] == before["total"]
    assert "overridden: service, 2026-12-08: +20 % (P01: mailing brought forward)" in after["method"]
    planned = client.post("/v1/plans", json={"case_id": made.json()["case_id"], "time_limit_seconds": 1})
    assert planned.status_code == 202
    assert of_service(client.get(forecast)) == before
    assert [entry["version"] for entry in client.get(f"{forecast}/versions").json()] == [1, 2]


def test_an_override_is_taken_back(client, forecast):
    made = client.post(f"{forecast}/overrides", json=OVERRIDE).headers["Location"]
    (entry,) = client.get(f"{made}/overrides").json()
    assert entry["override"]["reason"] == "mailing brought forward"

    back = client.delete(f"{made}/overrides/{entry['id']}")

    assert (back.status_code, back.json()["version"], back.json()["overrides"]) == (200, 3, 0)
    first = client.get(forecast).json()
    again = client.get(f"/v1/forecasts/{back.json()['id']}").json()
    assert again["campaigns"] == first["campaigns"]
    assert again["case_id"] == first["case_id"]
    assert client.delete(f"{made}/overrides/nothing").status_code == 404


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"campaign": "nobody"}, "no campaign 'nobody'"),
        ({"volume": 5}, "either a volume or a percentage"),
        ({"percent": None}, "either a volume or a percentage"),
        ({"first_day": "2026-12-13", "last_day": "2026-12-13"}, "no interval in which the campaign is open"),
        ({"reason": ""}, "reason"),
        ({"why": "?"}, "why"),
    ],
)
def test_a_wrong_override_is_refused_and_nothing_is_stored(client, forecast, change, told):
    answer = client.post(f"{forecast}/overrides", json=OVERRIDE | change)

    assert answer.status_code == 422
    assert told in answer.json()["detail"]
    assert len(client.get("/v1/forecasts").json()) == 1


def test_the_same_override_twice_is_refused(client, forecast):
    made = client.post(f"{forecast}/overrides", json=OVERRIDE).headers["Location"]
    assert client.post(f"{made}/overrides", json=OVERRIDE).status_code == 422


def test_points_as_a_file(client, forecast):
    rows = list(csv.DictReader(io.StringIO(client.get(f"{forecast}/points?campaign=service&format=csv").text)))
    assert len(rows) == 7 * 48
    assert {row["campaign"] for row in rows} == {"service"}
    assert {"mean", "q0.5", "start_utc", "time_zone"} <= set(rows[0])


def test_what_came_is_held_against_models_and_planner(client, app, forecast, tiny_case, tiny_forecast, tiny_histories):
    """On Tuesday a fifth more came than the models said, as the planner knew; on Monday just what they said."""
    made = client.post(f"{forecast}/overrides", json=OVERRIDE).headers["Location"]
    mean = np.array(next(entry for entry in tiny_forecast.campaigns if entry.campaign == "service").mean)
    slots = np.flatnonzero(open_slots(tiny_case, tiny_case.campaign_by_id["service"]))
    paris = zone("Europe/Paris")
    days = np.array([tiny_case.grid.instant(int(slot)).astimezone(paris).isoweekday() for slot in slots])
    came = np.where(days == 2, 1.2, 1.0) * mean[slots]
    early = slots[days <= 2]
    minutes = np.array([int(tiny_case.grid.instant(int(slot)).timestamp()) // 60 for slot in early])
    nothing = np.full(len(early), np.nan)
    history = replace(
        tiny_histories["service"], start_minute=minutes, volume=came[days <= 2], handled=nothing, aht_seconds=nothing,
        attempts=nothing, contacts=nothing,
    )  # fmt: skip
    later = tiny_case.model_copy(update={"name": "later", "as_of": tiny_case.first_day + timedelta(days=2)})
    with app.state.services.store.write() as session:
        later_id = add_case(session, later, {"service": history})[0].id

    models, planner = client.get(f"{made}/outcome?actuals={later_id}").json()

    assert (models["who"], planner["who"]) == ("models", "planner")
    assert models["intervals"] == planner["intervals"] == len(early)
    assert models["wape"] == pytest.approx(0.2 / 2.2)
    assert models["bias"] == pytest.approx(-0.2 / 2.2)
    assert planner["wape"] == pytest.approx(0, abs=1e-6)
    assert client.get(f"{made}/outcome?actuals=nothing").status_code == 404


def test_what_is_not_there_is_not_found(client):
    for address in ("", "/points", "/quantiles", "/versions", "/overrides"):
        assert client.get(f"/v1/forecasts/nothing{address}").status_code == 404
    assert client.post("/v1/forecasts", json={"case_id": "nothing"}).status_code == 422


def test_how_good_forecasts_have_been(client, long_zip, monkeypatch, ended):
    monkeypatch.setattr(forecast_accuracy, "WORKERS", 1)  # other processes would take longer to start than this takes
    case = client.post("/v1/cases", content=long_zip, headers={"Content-Type": "application/zip"}).json()
    job = ended(client.post("/v1/forecasts", json={"case_id": case["id"]}).json()["id"])
    made = f"/v1/forecasts/{job['forecast_id']}"

    report = client.get(f"{made}/accuracy?origins=1").json()

    assert report["origins"] == ["2026-10-26"]
    (service,) = report["campaigns"]
    assert service["day_wape"] < 0.1
    table = client.get(f"{made}/accuracy?origins=1&format=csv")
    assert table.headers["content-type"].startswith("text/csv")
    assert len(table.text.splitlines()) == 2 + len(service["bands"])
    page = client.get(f"{made}/accuracy?origins=1&format=html&campaign=service&lang=fr")
    assert page.headers["content-type"].startswith("text/html")
    assert "Précision des prévisions" in page.text
    assert client.get(f"{made}/accuracy?origins=1&format=html&campaign=nobody").status_code == 404


def test_too_short_a_history_has_no_accuracy(client, forecast):
    answer = client.get(f"{forecast}/accuracy")

    assert answer.status_code == 409
    assert "56 days of history" in answer.json()["detail"]


def test_a_plan_tells_how_good_the_forecasts_of_its_case_have_been(
    client, app, long_zip, tiny_case, tiny_forecast, tiny_requirement, tiny_plan, monkeypatch
):
    monkeypatch.setattr(forecast_accuracy, "WORKERS", 1)
    (_, histories), _ = case_of_upload(long_zip)
    with app.state.services.store.write() as session:
        case_id = add_case(session, tiny_case, histories)[0].id
        made = judge(tiny_case, forecast=tiny_forecast, requirement=tiny_requirement, plan=tiny_plan, seconds={})
        job = add_job(session, case_id, {}, None)
        plan = add_plan(session, case_id, made, job=job).id
        finish_job(job, JobState.DONE, None)

    page = client.get(f"/plans/{plan}/accuracy?origins=1&lang=fr")

    assert page.headers["content-type"].startswith("text/html")
    assert "Précision des prévisions" in page.text
    assert "2026-10-26" in page.text
    assert client.get(f"/plans/{plan}/accuracy?origins=1&campaign=nobody").status_code == 404


def test_the_accuracy_behind_a_plan_is_found_from_the_pages(client, plan_id):
    assert f'href="/plans/{plan_id}/accuracy"' in client.get("/").text
    assert f'href="/plans/{plan_id}/accuracy?lang=fr"' in client.get("/").text
    assert f'href="/plans/{plan_id}/accuracy"' in client.get(f"/v1/plans/{plan_id}/report").text
    assert client.get(f"/plans/{plan_id}/accuracy").status_code == 409  # the tiny case has no history
    assert client.get("/plans/nothing/accuracy").status_code == 404
