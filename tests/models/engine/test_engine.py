"""Chunks here, in processes and on a real Ray: the same results, progress, errors and cancel."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator, Sequence
from functools import partial
from operator import mul

import pytest

from models.engine.engine import LOCAL, Engine, map_chunks
from models.engine.meter import Meter, duration
from wfm.errors import WfmError
from wfm.progress import Progress

CHUNKS = [[9.0, 4.0], [1.0], [16.0, 25.0, 36.0], [0.0]]
ROOTS = partial(map, math.sqrt)
EXPECTED = [[3.0, 2.0], [1.0], [4.0, 5.0, 6.0], [0.0]]
RAY = Engine("ray")


@pytest.fixture(scope="module")
def ray() -> Iterator[object]:
    from models.engine.ray_runner import ray_session

    with ray_session(1, None) as session:
        yield session


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_results_come_in_the_order_of_chunks_for_any_number_of_workers(workers: int) -> None:
    seen: list[Progress] = []
    assert list(map_chunks(ROOTS, CHUNKS, workers=workers, on_progress=seen.append)) == EXPECTED
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
    assert (seen[0].message, seen[-1].message) == ("0 of 7 series", "7 of 7 series")


def test_more_chunks_than_the_window_are_all_worked_on() -> None:
    chunks = [[float(n)] for n in range(23)]
    assert list(map_chunks(partial(map, partial(mul, 2)), chunks, workers=2)) == [[2.0 * n] for n in range(23)]


def test_nothing_to_do_is_done_at_once() -> None:
    assert list(map_chunks(ROOTS, [], workers=2)) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_what_the_function_raises_is_raised(workers: int) -> None:
    with pytest.raises(ValueError, match="math domain error"):
        list(map_chunks(ROOTS, [[4.0], [-1.0]], workers=workers))


def test_stop_is_heard_between_series_and_between_chunks() -> None:
    with pytest.raises(WfmError, match="stopped on request after 1 of 7 series"):
        list(map_chunks(ROOTS, CHUNKS, stop=lambda: True))
    with pytest.raises(WfmError, match="stopped on request after 0 of 2 series"):
        list(map_chunks(partial(map, time.sleep), [[0.5], [0.5]], workers=2, stop=lambda: True))


def test_a_worker_that_dies_is_told() -> None:
    with pytest.raises(WfmError, match="fewer --workers"):
        list(map_chunks(partial(map, os._exit), [[1], [1]], workers=2))


def test_ray_gives_the_same_results_and_errors(ray: object) -> None:
    seen: list[Progress] = []
    assert list(map_chunks(ROOTS, CHUNKS, workers=2, engine=RAY, on_progress=seen.append)) == EXPECTED
    assert seen[-1].fraction == 1.0
    with pytest.raises(ValueError, match="math domain error"):
        list(map_chunks(ROOTS, [[4.0], [-1.0]], engine=RAY))
    with pytest.raises(WfmError, match="stopped on request after 0 of 2 series"):
        list(map_chunks(partial(map, time.sleep), [[30.0], [30.0]], engine=RAY, stop=lambda: True))


def test_forecasts_on_ray_are_those_of_this_process(ray: object, monkeypatch: pytest.MonkeyPatch) -> None:
    import numpy as np

    from models.forecast import forecast
    from models.forecast.calendar import Calendar
    from models.forecast.ensemble import Asked
    from models.forecast.series import DayTable

    monkeypatch.setattr(forecast, "CHUNK", 1)
    walls = np.arange("2026-01-05", "2026-02-23", 60, dtype="datetime64[m]")
    ahead = np.arange("2026-02-23", "2026-03-02", 60, dtype="datetime64[m]")
    rng = np.random.default_rng(3)
    batch = {
        f"queue {n}": Asked(
            f"queue {n}",
            DayTable.of(walls, rng.poisson(5.0 + n, len(walls)).astype(np.float64), 60),
            ahead,
            np.ones(len(ahead), dtype=bool),
            Calendar("FR"),
            seed=n,
        )
        for n in range(2)
    }

    def ask(names: Sequence[str]) -> list[Asked]:
        return [batch[name] for name in names]

    here, there = (
        [item for made in forecast.forecast_many(list(batch), ask, seed=1, engine=engine) for item in made]
        for engine in (LOCAL, RAY)
    )
    assert [name for name, _ in there] == [name for name, _ in here]
    for (_, mine), (_, theirs) in zip(here, there, strict=True):
        np.testing.assert_array_equal(mine.mean, theirs.mean)
        np.testing.assert_array_equal(mine.quantiles, theirs.quantiles)
        assert mine.method == theirs.method


def test_an_address_without_ray_is_refused() -> None:
    with pytest.raises(WfmError, match="--engine ray"):
        Engine("local", "10.0.0.1:6379")


def test_time_left_is_that_of_what_is_done_scaled() -> None:
    ticks = iter([0.0, 30.0, 100.0])
    seen: list[Progress] = []
    meter = Meter(40, seen.append, clock=lambda: next(ticks))
    meter.add(10)
    meter.add(15)
    meter.add(15)
    assert [progress.message for progress in seen] == [
        "10 of 40 series, about 2 min left",
        "25 of 40 series, about 1 min left",
        "40 of 40 series",
    ]
    assert [duration(seconds) for seconds in (0.2, 59.0, 100.0, 5000.0)] == ["1 s", "59 s", "2 min", "1 h 23 min"]
