"""A database of each kind with the tiny case in it, and worker processes that can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data.store.cases import add_case
from data.store.database import SETTING, Store
from data.store.jobs import add_job
from wfm.case import Case
from wfm.demand import Forecast
from wfm.plan import Plan
from wfm.requirement import Requirement

PATIENCE = 60.0


@pytest.fixture(autouse=True)
def _no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SETTING, raising=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str | None:
    return request.getfixturevalue("postgres") if request.param == "postgresql" else None


@pytest.fixture
def store(tmp_path: Path, database: str | None) -> Iterator[Store]:
    store = Store(tmp_path / "data", database)
    yield store
    store.close()


@pytest.fixture
def queue(store: Store, tiny_case: Case) -> Callable[..., list[str]]:
    """Queues so many jobs of the tiny case that take so many seconds each; their ids."""

    def queue(count: int, seconds: float, seed: int = 0) -> list[str]:
        parameters = {"time_limit_seconds": seconds, "seed": seed, "workers": 1}
        with store.write() as session:
            case, _ = add_case(session, tiny_case, {})
            return [add_job(session, case.id, parameters, None).id for _ in range(count)]

    return queue


@pytest.fixture
def start_worker(
    store: Store,
    database: str | None,
    tmp_path: Path,
    tiny_forecast: Forecast,
    tiny_requirement: Requirement,
    tiny_plan: Plan,
) -> Iterator[Callable[[], int]]:
    """Starts a worker process that gives the tiny plan to every job; its process id. Those left are killed at the end."""
    for name, document in {"forecast": tiny_forecast, "requirement": tiny_requirement, "plan": tiny_plan}.items():
        (tmp_path / f"{name}.json").write_text(document.canonical_json(), encoding="utf-8")
    hive = Path(__file__).with_name("hive.py")
    environment = os.environ | ({SETTING: database} if database else {})
    parent = subprocess.Popen(
        [sys.executable, hive, store.data_dir, tmp_path],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert parent.stdin is not None
    assert parent.stdout is not None

    def start() -> int:
        print(file=parent.stdin, flush=True)
        return int(parent.stdout.readline())

    yield start
    os.killpg(parent.pid, signal.SIGKILL)
    parent.communicate()


@pytest.fixture(scope="session")
def wait_until() -> Callable[[Callable[[], object]], None]:
    """Waits until a condition holds; fails when it never does."""

    def wait(condition: Callable[[], object]) -> None:
        until = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < until
            time.sleep(0.02)

    return wait
