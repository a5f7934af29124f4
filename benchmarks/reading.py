"""How fast a published plan of 1,000 agents is read, as JSON: `./dev bench reading [--database ADDRESS] [--rate 50]`.

The service answers in a process of its own; this one asks it for a summary, a week of the roster and a figure in turn, so many
requests a second whether or not earlier ones were answered, and counts from when each was due. Then the same is asked of an empty
FastAPI route. The plan is made up (XL case, everybody works five days a week), because only its size matters here. What is read
for the first time is told apart: it is written down once, and then kept.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from data.generate.case import generate_case
from data.ingest.case import read_case
from data.store.cases import add_case
from data.store.database import SETTING, Store
from data.store.jobs import add_job, finish_job
from data.store.plans import publish_plan
from data.store.tables import JobState, PlanState, StoredPlan
from wfm.case import Case
from wfm.clock import tzdata_version
from wfm.costs import bill
from wfm.demand import QUANTILES, CampaignForecast, Forecast
from wfm.plan import Certificate, Plan, Segment, Shift, Status, StopReason
from wfm.requirement import CampaignRequirement, Requirement, WorkItem

PYTHON = Path(sys.executable)
EMPTY = """
import sys, uvicorn
from fastapi import FastAPI
app = FastAPI()
@app.get("/")
def empty() -> None: ...
uvicorn.run(app, port=int(sys.argv[1]), log_level="warning")
"""
THREADS = 32


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default=None, help="address of an empty PostgreSQL database")
    parser.add_argument("--rate", type=float, default=50.0, help="requests per second")
    parser.add_argument("--seconds", type=float, default=60.0)
    arguments = parser.parse_args()
    count = int(arguments.rate * arguments.seconds)
    with tempfile.TemporaryDirectory(prefix="wfm-reading-") as name:
        folder = Path(name)
        store = Store(folder / "data", arguments.database)
        plan_id, monday = _store_plan(store, folder)
        store.close()
        environment = os.environ | ({SETTING: arguments.database} if arguments.database else {})
        week = f"first_day={monday}&last_day={monday + timedelta(days=6)}"
        address = f"/v1/plans/{plan_id}"
        paths = {"summary": address, "week": f"{address}/roster?{week}", "figure": f"{address}/figures/coverage"}
        command = [PYTHON.with_name("wfm"), "serve", "--no-worker", "--data", folder / "data", "--port"]
        service = _ask(command, environment, list(paths.values()), count, arguments.rate)
        empty = _ask([PYTHON, "-c", EMPTY], environment, ["/"], count, arguments.rate)
    every = [seconds for answers in service["seconds"] for seconds in answers]
    told = {
        "database": "postgresql" if arguments.database else "sqlite",
        "load": os.getloadavg()[0],
        "requests_per_second": arguments.rate,
        "requests": count,
        "errors": service["errors"],
        "all": _figures(every),
        **{
            name: _figures(seconds) | {"first_seconds": first, "bytes": size}
            for name, seconds, first, size in zip(
                paths, service["seconds"], service["first"], service["bytes"], strict=True
            )
        },
        "empty_route": _figures(empty["seconds"][0]),
    }
    told["p99_ratio"] = round(told["all"]["p99_ms"] / told["empty_route"]["p99_ms"], 2)
    told["median_ratio"] = round(told["all"]["median_ms"] / told["empty_route"]["median_ms"], 2)
    print(json.dumps(told, indent=1))
    return 0


def _ask(
    command: Sequence[str | Path], environment: dict[str, str], paths: list[str], count: int, rate: float
) -> dict[str, Any]:
    """Seconds of each answer by path, how long the first of each took, and its size on the wire."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([*command, str(port)], env=environment, stderr=subprocess.DEVNULL)  # noqa: S603 - ours
    mine = threading.local()

    def get(path: str) -> tuple[int, int]:
        if not hasattr(mine, "connection"):
            mine.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        mine.connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = mine.connection.getresponse()
        return answer.status, len(answer.read())

    try:
        _wait_for(port)
        first, sizes = [], []
        for path in paths:
            begun = time.perf_counter()
            status, size = get(path)
            first.append(round(time.perf_counter() - begun, 3))
            sizes.append(size)
            if status != http.client.OK:
                raise RuntimeError(f"{path} answered {status}")
        begin = time.perf_counter() + 1

        def send(number: int) -> tuple[int, float]:
            due = begin + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            status, _ = get(paths[number % len(paths)])
            return status, time.perf_counter() - due

        with ThreadPoolExecutor(THREADS) as threads:
            answers = list(threads.map(send, range(count)))
    finally:
        server.terminate()
        server.wait()
    return {
        "seconds": [[seconds for _, seconds in answers[part :: len(paths)]] for part in range(len(paths))],
        "errors": sum(status != http.client.OK for status, _ in answers),
        "first": first,
        "bytes": sizes,
    }


def _wait_for(port: int) -> None:
    over = time.monotonic() + 120
    while time.monotonic() < over:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server does not answer")


def _figures(seconds: list[float]) -> dict[str, float]:
    median, p99, longest = (round(1000 * float(np.quantile(seconds, level)), 1) for level in (0.5, 0.99, 1.0))
    return {"median_ms": median, "p99_ms": p99, "longest_ms": longest}


def _store_plan(store: Store, folder: Path) -> tuple[str, Any]:
    """Store the made-up plan past the checker, and publish it; its id and first day."""
    generate_case("XL", 1, folder / "case")
    loaded = read_case(folder / "case")
    case = loaded.case
    forecast, requirement = _documents(case)
    plan = _plan(case, requirement)
    with store.write() as session:
        stored_case, _ = add_case(session, case, loaded.histories)
        job = add_job(session, stored_case.id, {}, None)
        plan_id = secrets.token_hex(8)
        certificate = plan.certificate
        session.add(
            StoredPlan(
                id=plan_id, case_id=stored_case.id, job_id=job.id, case_name=case.name, version=1, state=PlanState.DRAFT,
                inputs_hash=plan.case_hash, seed=0, versions={}, tzdata_version=plan.tzdata_version, status="feasible",
                stop_reason="converged", currency=case.currency, cost_cents=certificate.cost_cents,
                bound_cents=certificate.bound_cents, gap=certificate.gap, created_at=datetime.now(UTC), seconds={},
                forecast=forecast.canonical_json(), requirement=requirement.canonical_json(), plan=plan.canonical_json(),
            )
        )  # fmt: skip
        session.flush()
        finish_job(job, JobState.DONE, None)
        publish_plan(session, plan_id)
    return plan_id, case.first_day


def _documents(case: Case) -> tuple[Forecast, Requirement]:
    """A day of work a day for every campaign."""
    slots = case.grid.slots
    ones = (10.0,) * slots
    days = tuple(case.first_day + timedelta(days=day) for day in range(case.days))
    forecasts, requirements = [], []
    for campaign in case.campaigns:
        quantiles = tuple((10.0 * (0.5 + level),) * slots for level in QUANTILES)
        forecasts.append(
            CampaignForecast(
                campaign=campaign.id, mean=ones, quantiles=quantiles, aht_seconds=(300.0,) * slots, days=days,
                day_mean=(480.0,) * case.days, day_quantiles=tuple((480.0,) * case.days for _ in QUANTILES),
                reach_rate=None, method="made up",
            )
        )  # fmt: skip
        items = tuple(WorkItem(first_slot=slot, last_slot=slot + 1, work=10_000) for slot in range(slots))
        requirements.append(
            CampaignRequirement(
                campaign=campaign.id, items=items, volume=ones, aht_seconds=(300.0,) * slots, net_agents=ones,
                service_level=None, service_level_definition=None, method="made up",
            )
        )  # fmt: skip
    case_hash = case.content_hash()
    forecast = Forecast(case_hash=case_hash, seed=0, grid=case.grid, campaigns=tuple(forecasts))
    return forecast, Requirement(case_hash=case_hash, grid=case.grid, campaigns=tuple(requirements))


def _plan(case: Case, requirement: Requirement) -> Plan:
    """Everybody works five days a week, eight activities a shift."""
    first = case.grid.day_first_slots(case.first_day, case.days, case.home_zone)
    skilled = {agent.id: [c.id for c in case.campaigns if c.skill in agent.skills] or ["idle"] for agent in case.agents}
    shifts = []
    for row, agent in enumerate(case.agents):
        for day in range(case.days):
            if (day + row) % 7 >= 5:
                continue
            start, segments = int(first[day]) + 16 + row % 6, []
            for part in range(8):
                activity = "break:lunch" if part == 4 else skilled[agent.id][part % len(skilled[agent.id])]
                segments.append(Segment(activity=activity, first_slot=start + 2 * part, slots=2))
            pattern = case.shift_patterns[0].id
            on = case.first_day + timedelta(days=day)
            shifts.append(Shift(agent=agent.id, day=on, pattern=pattern, segments=tuple(segments)))
    costs = bill(case, requirement, shifts, [])
    cost = costs.total_cents
    certificate = Certificate(
        cost_cents=cost, bound_cents=cost, changeable_cost_cents=costs.changeable_cents,
        changeable_bound_cents=costs.changeable_cents, gap=0.0, changeable_gap=0.0, currency=case.currency, method="none",
    )  # fmt: skip
    return Plan(
        case_name=case.name, case_hash=case.content_hash(), requirement_hash=requirement.content_hash(), seed=0, versions={},
        tzdata_version=tzdata_version(), grid=case.grid, status=Status.FEASIBLE, stop_reason=StopReason.CONVERGED,
        shifts=tuple(shifts), purchases=(), bill=costs, certificate=certificate,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
