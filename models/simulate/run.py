"""Runs of a scenario, side by side: in threads of this process, or on Ray."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from models.engine.engine import LOCAL, Engine, map_chunks
from models.simulate.events import live
from models.simulate.scenario import Scenario
from models.simulate.state import COLUMNS, fresh
from models.simulate.streams import streams
from models.simulate.world import Floats

ROOM = 20_000
"""Contacts that may wait at once before a run is begun again with more room."""
CHUNK = 10
"""Runs that go to a machine of a cluster together: some seconds of work, against milliseconds to send the scenario."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """`by_day` (runs, days, Q, COLUMNS): what each simulated day of the plan counted, see `models.simulate.state`; `by_slot`
    (slots, Q, COLUMNS): sums over all runs. `events` of all runs together.
    """

    by_day: Floats
    by_slot: Floats
    events: int


def run(scenario: Scenario, runs: int, *, seed: int, workers: int = 1, engine: Engine = LOCAL) -> Outcome:
    """Live through the plan `runs` times. The result depends on `seed` and `runs` alone, not on `workers` or `engine`.

    Runs of this machine are threads, for the loop over events holds no lock of Python. Raises WfmError when Ray cannot do it.
    """
    campaigns = len(scenario.volumes)
    by_day = np.zeros((runs, len(scenario.day_starts), campaigns, COLUMNS))
    by_slot = np.zeros((scenario.world.slots, campaigns, COLUMNS))
    events = 0
    for index, (tally, count) in enumerate(_each(scenario, runs, seed, workers, engine)):
        by_day[index] = np.add.reduceat(tally, scenario.day_starts, axis=0)
        by_slot += tally
        events += count
    return Outcome(by_day, by_slot, events)


def _each(scenario: Scenario, runs: int, seed: int, workers: int, engine: Engine) -> Iterator[tuple[Floats, int]]:
    """(tally, events) of every run, in order."""
    if engine.name == "local":
        with ThreadPoolExecutor(max(workers, 1)) as pool:
            yield from pool.map(partial(_once, scenario, seed), range(runs))
        return
    chunks = [range(first, min(first + CHUNK, runs)) for first in range(0, runs, CHUNK)]
    for made in map_chunks(partial(_some, scenario, seed), chunks, workers=workers, engine=engine):
        yield from made


def prepare(scenario: Scenario) -> None:
    """Compile the loop over events, or load it, so that a run is timed without it."""
    world = scenario.world
    nothing = scenario.fixed._replace(**{name: column[:0] for name, column in scenario.fixed._asdict().items()})
    none = np.zeros((len(scenario.volumes), world.slots), dtype=np.int64)
    live(world, nothing, fresh(world, streams(0, 0, len(none)), none, scenario.attempts, 1))


def _some(scenario: Scenario, seed: int, indices: Sequence[int]) -> Iterator[tuple[Floats, int]]:
    return (_once(scenario, seed, index) for index in indices)


def _once(scenario: Scenario, seed: int, index: int) -> tuple[Floats, int]:
    to_come, changes = scenario.draw(seed, index)
    room = ROOM
    while True:
        state = fresh(scenario.world, streams(seed, index, len(to_come)), to_come, scenario.attempts, room)
        if live(scenario.world, changes, state):
            return state.tally, int(state.events[0])
        room *= 4
