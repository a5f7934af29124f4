"""A service with something of everything in it, whose ids are always the same: those of the examples in the documents."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import data.store.cases
from api.app import create_app
from api.v1 import forecast_accuracy
from data.store.capacity_requests import list_requests
from data.store.cases import add_case, find_case, load_case, load_histories
from data.store.forecasts import add_forecast
from data.store.keys import add_key
from data.store.tables import Role
from data.store.webhooks import add_webhook
from models.forecast.forecast import forecast_case
from wfm.case import Case
from wfm.demand import Forecast
from wfm.override import Override


@pytest.fixture(autouse=True)
def _same_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids that do not change from run to run."""
    count = itertools.count(1)

    def token_hex(nbytes: int) -> str:
        return hashlib.blake2b(str(next(count)).encode(), digest_size=nbytes).hexdigest()

    monkeypatch.setattr(data.store.cases, "secrets", SimpleNamespace(token_hex=token_hex))


@pytest.fixture
def app(tmp_path: Path, chain: Any) -> Iterator[FastAPI]:
    """A service that takes requests as fast as they come."""
    app = create_app(tmp_path / "data", chain, max_upload_bytes=1_000_000, requests_per_second=1e9)
    yield app
    app.state.services.store.close()


@pytest.fixture
def full_zip(small_case: dict[str, str], zipped: Callable[[Mapping[str, bytes | str]], bytes]) -> bytes:
    """The small case with two of everything that can be taken away, and a partner."""
    more = {
        "plan.csv": "",
        "campaigns.csv": "mail,Courrier,FR,deferrable,industrialised,,life,1,no,0.85,45,EUR,0,0,,,,,24,,\n",
        "opening_hours.csv": "mail,1-5,09:00,18:00\n",
        "history.csv": small_case["history.csv"].partition("\n")[2].replace("service,", "mail,"),
        "contracts.csv": "part,20,4,0\n",
        "agents.csv": "A2,rabat,full,5.00,EUR,0,\n",
        "skills.csv": "A2,life,1\n",
        "shift_patterns.csv": "late,,12:00,14:00,30,360\n",
    }
    partner = {
        "partners.csv": "partner,name,city,time_zone,seats,current_seats,ramp_seats_per_week,block_seats,lead_time_days,"
        "min_billed_hours,tier_mode,currency\ncasa,Casa,Casablanca,Africa/Casablanca,20,10,5,5,7,0,incremental,EUR\n",
        "partner_tiers.csv": "partner,from_hours,price_per_hour\ncasa,0,12.50\n",
        "partner_campaigns.csv": "partner,campaign,productivity\ncasa,service,0.9\n",
        "partner_shifts.csv": "partner,shift,start,end,weekdays\ncasa,am,08:00,12:00,1-5\n",
        "holidays.csv": "country,feast,day,status\nMA,Fête de la ville,2026-12-09,declared\n",
    }
    return zipped({name: text + more.get(name, "") for name, text in small_case.items()} | partner)


@pytest.fixture
def world(
    app: FastAPI,
    client: TestClient,
    case_id: str,
    run_job: Callable[[], dict[str, Any]],
    chain: Any,
    tiny_case: Case,
    modelled: Forecast,
    long_zip: bytes,
    full_zip: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> dict[str, str]:
    """A plan in force, whose request waits for its partner, a later draft, a job at work and two that wait; closed to all but
    an admin and a partner. Tells the ids and both secrets.
    """
    monkeypatch.setattr(forecast_accuracy, "WORKERS", 1)  # other processes would take longer to start than this takes
    first, second = run_job(), run_job()
    client.post(f"/v1/plans/{first['plan_id']}/publish", headers={"X-Request-ID": "publishing-week-50"})
    chain.started.clear()
    chain.release.clear()
    jobs = [client.post("/v1/plans", json={"case_id": case_id}).json()["id"] for _ in range(3)]
    chain.started.wait()
    store = app.state.services.store
    later = datetime.now(UTC) + timedelta(days=1)
    with store.write() as session:
        (request,) = list_requests(session, "casa", 2)
        _, secret = add_key(session, Role.ADMIN, None, later)
        _, partner = add_key(session, Role.PARTNER, "casa", later)
        spare, _ = add_key(session, Role.VIEWER, None, later, name="meeting room screen")
        override = Override(
            campaign="mail", first_day=tiny_case.first_day, last_day=tiny_case.first_day, percent=5, author="P1",
            reason="relance",
        )  # fmt: skip
        overridden, _ = add_case(session, tiny_case.model_copy(update={"overrides": (override,)}), {})
        forecast = add_forecast(session, overridden.id, modelled=modelled, document=modelled)
        webhook = add_webhook(session, "http://127.0.0.1:9/plans")
    long = client.post(
        "/v1/cases", content=long_zip, headers={"Content-Type": "application/zip", "Authorization": f"Bearer {secret}"}
    ).json()
    with store.write() as session:
        stored = find_case(session, long["id"])
        assert stored is not None
        expected = forecast_case(load_case(stored), load_histories(stored), seed=0)
        judged = add_forecast(session, stored.id, modelled=expected, document=expected)
    header = {"Authorization": f"Bearer {secret}"}
    full = client.post("/v1/cases", content=full_zip, headers={"Content-Type": "application/zip"} | header)
    draft = client.post("/v1/drafts", json={"case_id": full.json()["id"]}, headers=header)
    reckoned = client.post("/v1/requirements", json={"forecast_id": forecast.id}, headers=header)
    return {
        "requirement_id": reckoned.json()["id"],
        "judged": judged.id, "draft_id": draft.json()["id"], "key": "A1",
        "case_id": case_id, "plan_id": first["plan_id"], "other": second["plan_id"], "job_id": first["id"],
        "waiting": jobs[1], "last": jobs[2], "request_id": request.id, "key_id": spare.id, "name": "coverage",
        "forecast_id": forecast.id, "override_id": override.content_hash()[:12], "webhook_id": webhook.id,
        "secret": secret, "partner": partner,
    }  # fmt: skip
