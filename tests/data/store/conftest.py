"""A store on each real database, and a hand-made history and plan of the tiny case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from data.store.cases import add_case
from data.store.database import SETTING, Store
from data.store.jobs import add_job
from data.store.plans import Judged, add_plan, judge
from data.store.tables import StoredPlan
from wfm.case import Case, hash_histories
from wfm.demand import Forecast
from wfm.history import CampaignHistory
from wfm.plan import Plan
from wfm.requirement import Requirement
from wfm.violation import Violation


@pytest.fixture(autouse=True)
def _no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment says, each test names its database."""
    monkeypatch.delenv(SETTING, raising=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str | None:
    """Every test runs on both. None for SQLite, as in `Store`."""
    return request.getfixturevalue("postgres") if request.param == "postgresql" else None


@pytest.fixture
def open_store(tmp_path: Path, database: str | None) -> Iterator[Callable[[], Store]]:
    """Opens the same database each time."""
    opened = []

    def open_store() -> Store:
        opened.append(Store(tmp_path / "données", database))
        return opened[-1]

    yield open_store
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Callable[[], Store]) -> Store:
    return open_store()


@pytest.fixture(scope="session")
def odd_histories() -> dict[str, CampaignHistory]:
    start = np.arange(0, 90, 30, dtype=np.int64)
    volume = np.array([1.0, np.nan, 0.1 + 0.2])
    empty = np.full(3, np.nan)
    return {
        name: CampaignHistory(name, 30, start, volume, volume, np.array([300.0, 1e-9, np.nan]), empty, empty)
        for name in ("service", "réclamations")
    }


@pytest.fixture(scope="session")
def stored_case(tiny_case: Case, odd_histories: dict[str, CampaignHistory]) -> Case:
    """The tiny case with a name in full UTF-8 and the hash of its history."""
    return tiny_case.model_copy(update={"name": "Équipe ✓", "history_hash": hash_histories(odd_histories)})


@pytest.fixture
def keep(
    store: Store, tiny_case: Case, tiny_forecast: Forecast, tiny_requirement: Requirement, tiny_plan: Plan
) -> Callable[..., StoredPlan | list[Violation]]:
    """Stores the tiny plan, or another, as the answer to a new job."""

    def keep(plan: Plan = tiny_plan) -> StoredPlan | list[Violation]:
        made = judge(tiny_case, forecast=tiny_forecast, requirement=tiny_requirement, plan=plan, seconds={"plan": 0.5})
        if not isinstance(made, Judged):
            return made
        with store.write() as session:
            job = add_job(session, add_case(session, tiny_case, {})[0].id, {}, None)
            return add_plan(session, job.case_id, made, job=job)

    return keep
