"""The service with everything real except the chain: a runner that hands out the hand-built plan of the tiny case."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.cli import main
from api.client import Client as ServiceClient
from data.store.cases import add_case
from data.store.database import SETTING
from models.result import ChainResult
from wfm.case import Case
from wfm.checkpoint import Checkpoint, forgetful
from wfm.demand import Forecast
from wfm.plan import Plan
from wfm.progress import Progress
from wfm.requirement import Requirement


class HandMade:
    """A chain that keeps its plan at once, and gives `result` when `release` is set or a stop is asked for; `started` tells that
    it is at work.
    """

    def __init__(self, result: ChainResult) -> None:
        self.result = result
        self.release = threading.Event()
        self.release.set()
        self.started, self.stopped = threading.Event(), threading.Event()
        self.error: Exception | None = None
        self.calls: list[dict[str, Any]] = []

    def __call__(
        self,
        case,
        histories,
        *,
        time_limit,
        seed,
        workers,
        stop,
        on_progress,
        rounds=None,
        begin=None,
        on_checkpoint=forgetful,
    ):
        self.calls.append(
            {
                "case": case,
                "time_limit": time_limit,
                "rounds": rounds,
                "seed": seed,
                "workers": workers,
                "begin": begin,
            }
        )
        on_progress(Progress(stage="forecast", fraction=0.5, message="Forecasting réclamations"))
        if self.error is None:
            made = self.result
            on_checkpoint(Checkpoint(made.forecast, made.requirement, made.plan, made.seconds, searched=4.0))
        on_progress(
            Progress(stage="plan", fraction=0.25, message="Searching", incumbent_cents=200_00, bound_cents=150_00)
        )
        self.started.set()
        while not (self.release.is_set() or stop()):
            time.sleep(0.01)
        if not self.release.is_set():
            self.stopped.set()
        if self.error is not None:
            raise self.error
        return self.result


@pytest.fixture
def wfm(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[Any, str, str]]:
    """Runs the command line; returns exit code, standard output and standard error."""

    def run(*args: object) -> tuple[Any, str, str]:
        with pytest.raises(SystemExit) as ended:
            main([str(arg) for arg in args])
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return run


@pytest.fixture
def live_service(tmp_path: Path) -> Iterator[str]:
    """A real service with its worker, data in `tmp_path`/out/service and log in `tmp_path`/log; tells its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("wfm"), "serve", "--port", str(port), "--data", tmp_path / "out/service"]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}"
        while server.poll() is None:
            try:
                ServiceClient(address).request("GET", "/health")
                break
            except OSError:
                time.sleep(0.1)
        yield address
        server.terminate()
        server.wait()


@pytest.fixture
def small_case() -> dict[str, str]:
    """A case of one agent and one campaign as its CSV files."""
    return {
        "plan.csv": "name,as_of,first_day,days,interval_minutes,currency\nCentre d'été,2026-11-23,2026-12-07,7,30,EUR\n",
        "sites.csv": "site,name,city,country,time_zone,unplanned_shrinkage\nrabat,Rabat,Rabat,MA,Africa/Casablanca,0.1\n",
        "markets.csv": "market,name,country,time_zone\nFR,France,FR,Europe/Paris\n",
        "campaigns.csv": "campaign,name,market,channel,stage,legal_basis,skill,min_level,open_on_holidays,max_occupancy,"
        "shortage_cost_per_hour,currency,min_inhouse_share,min_partner_share,max_agents,service_level,service_seconds,"
        "patience_seconds,deadline_hours,attempt_seconds,max_attempts\n"
        "service,Réclamations,FR,inbound,industrialised,,life,1,no,0.85,45,EUR,0,0,,0.8,20,120,,,\n",
        "opening_hours.csv": "campaign,weekdays,opens,closes\nservice,1-5,09:00,18:00\n",
        "history.csv": "campaign,interval_start,volume,handled,aht_seconds\n"
        + "".join(
            f"service,2026-11-{day:02}T{hour:02}:{minute:02},{hour % 5 + 1},{hour % 5 + 1},300\n"
            for day in (*range(2, 7), *range(9, 14), *range(16, 21))
            for hour in range(9, 18)
            for minute in (0, 30)
        ),
        "contracts.csv": "contract,week_hours,days_per_week,max_overtime_hours_week\nfull,35,5,4\n",
        "agents.csv": "agent,site,contract,hourly_cost,currency,days_worked_before,last_shift_end\n"
        "A1,rabat,full,5.00,EUR,0,\n",
        "skills.csv": "agent,skill,level\nA1,life,2\n",
        "shift_patterns.csv": "pattern,contract,earliest_start,latest_start,step_minutes,presence_minutes\n"
        "day,,08:00,10:00,30,480\n",
        "breaks.csv": "pattern,name,minutes,paid,earliest_after,latest_after\nday,lunch,60,no,180,240\n",
    }


@pytest.fixture
def zipped() -> Callable[[Mapping[str, bytes | str]], bytes]:
    """Files as a zip."""

    def pack(files: Mapping[str, bytes | str]) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return buffer.getvalue()

    return pack


@pytest.fixture
def small_zip(small_case: dict[str, str], zipped: Callable[[Mapping[str, bytes | str]], bytes]) -> bytes:
    return zipped(small_case)


@pytest.fixture
def long_zip(small_case: dict[str, str], zipped: Callable[[Mapping[str, bytes | str]], bytes]) -> bytes:
    """The small case with thirteen weeks of history, so that past forecasts can be held against what came."""
    days = [date(2026, 8, 24) + timedelta(days=back) for back in range(91)]
    rows = [
        f"service,{day}T{hour:02}:{minute:02},{hour % 5 + 6},{hour % 5 + 6},300\n"
        for day in days
        if day.isoweekday() < 6
        for hour in range(9, 18)
        for minute in (0, 30)
    ]
    header = "campaign,interval_start,volume,handled,aht_seconds\n"
    return zipped(small_case | {"history.csv": header + "".join(rows)})


@pytest.fixture
def chain(tiny_forecast: Forecast, tiny_requirement: Requirement, tiny_plan: Plan) -> HandMade:
    return HandMade(ChainResult(tiny_forecast, tiny_requirement, tiny_plan, [], {"plan": 1.5}))


@pytest.fixture(autouse=True)
def _database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service's one setting: SQLite, or with WFM_TEST_DATABASE=postgresql a PostgreSQL database of each test's own."""
    monkeypatch.delenv(SETTING, raising=False)
    if os.environ.get("WFM_TEST_DATABASE") == "postgresql":
        monkeypatch.setenv(SETTING, request.getfixturevalue("postgres"))


@pytest.fixture
def app(tmp_path: Path, chain: HandMade) -> Iterator[FastAPI]:
    app = create_app(tmp_path / "data", chain, max_upload_bytes=1_000_000)
    yield app
    app.state.services.store.close()


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """Errors inside the service are answers here too, as they are to everyone."""
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def modelled(tiny_case: Case, tiny_forecast: Forecast) -> Forecast:
    """The forecast of the tiny case with all its days: its last hour is already Monday in Paris."""
    monday = tiny_case.first_day + timedelta(days=7)
    campaigns = tuple(
        entry.model_copy(
            update={
                "days": (*entry.days, monday),
                "day_mean": (*entry.day_mean, 0.0),
                "day_quantiles": tuple((*row, 0.0) for row in entry.day_quantiles),
            }
        )
        for entry in tiny_forecast.campaigns
    )
    return tiny_forecast.model_copy(update={"case_hash": tiny_case.content_hash(), "campaigns": campaigns})


@pytest.fixture
def case_id(app: FastAPI, tiny_case: Case) -> str:
    """The tiny case, stored without the way of an upload."""
    with app.state.services.store.write() as session:
        return add_case(session, tiny_case, {})[0].id


@pytest.fixture
def ended(client: TestClient) -> Callable[[str], dict[str, Any]]:
    """Waits for the end of a job and gives it."""

    def wait(job_id: str) -> dict[str, Any]:
        while True:
            job = client.get(f"/v1/jobs/{job_id}").json()
            if job["state"] not in {"queued", "running"}:
                return job
            time.sleep(0.01)

    return wait


@pytest.fixture
def run_job(client: TestClient, case_id: str, ended: Callable[[str], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    """Asks for a plan of the tiny case and gives the job when it has ended."""
    return lambda: ended(client.post("/v1/plans", json={"case_id": case_id}).json()["id"])


@pytest.fixture
def plan_id(run_job: Callable[[], dict[str, Any]]) -> str:
    """A stored plan."""
    return run_job()["plan_id"]
