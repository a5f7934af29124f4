"""A store on a real SQLite file, and a hand-made history and plan of the tiny case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from data.store.database import Store
from wfm.case import Case, hash_histories
from wfm.history import CampaignHistory


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "données")
    yield store
    store.close()


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
