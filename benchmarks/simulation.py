"""Speed and agreement of the simulator, as JSON: `./dev bench simulation [--plan DIR] [--workers N]`.

`multi_skill`: 20 inbound campaigns over 28 days of half-hours, 66,600 contacts a day, 40 sets of skills, pooled routing; 8
runs of it are 224 days. Volumes are Poisson counts drawn beforehand; `--plan` measures a stored plan with all that belongs to it.
`agreement`: stationary queues against Erlang's exact values, which the planner computes for staffing and the simulator does not
know.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np

from data.export.plan_folder import read_forecast, read_plan_folder
from models.promise import live_through
from models.simulate.estimate import ratio
from models.simulate.events import live
from models.simulate.state import ABANDONED, BUSY, OFFERED, PRESENT, WAIT, WITHIN, State, fresh
from models.simulate.streams import streams
from models.simulate.world import ACTIVITY, CLOSING, INBOUND, OFF, Changes, Floats, Ints, World, changes, in_order
from models.staffing.erlang import performance

CAMPAIGNS, GROUPS, DAYS, RUNS = 20, 40, 28, 8
SLOTS, SLOT_SECONDS, SHIFT_SLOTS = 48, 1800.0, 16
CONTACTS_A_DAY, AHT, PATIENCE, TARGET = 66_600, 270.0, 180.0, 20.0
ROOM = 200_000

# Agents, offered load in erlangs, mean patience (inf: nobody hangs up).
QUEUES = ((5, 4.2, math.inf), (30, 27.0, math.inf), (20, 20.0, 180.0), (20, 25.0, 60.0), (100, 98.0, 120.0))
HOURS, WARM_UP, REPEATS = 480, 8, 16


def world_of(campaigns: int, servers: int, slots: int, *, patience: float, group: Ints, serves: np.ndarray) -> World:
    every, ones = np.ones(campaigns), np.ones(servers)
    return World(
        interval=SLOT_SECONDS, slots=slots, sigma=0.0, channel=np.full(campaigns, INBOUND), target=TARGET * every,
        patience=patience * every, aht=np.full((campaigns, slots), AHT), pace=every.copy(), due=0.0 * every,
        attempt=0.0 * every, reach=0.0 * every, pooled=every > 0,
        callback=np.full(campaigns, OFF), offer=0.0 * every, accept=0.0 * every, lender=np.full(campaigns, OFF),
        kept=np.full((campaigns, slots), OFF), lends=every < 0, speed=ones, group=group, serves=serves,
    )  # fmt: skip


def state_of(world: World, mean: Floats, seed: int) -> State:
    counts = np.random.default_rng(seed).poisson(mean)
    return fresh(world, streams(seed, 0, len(counts)), counts, 1, ROOM)


def lived(world: World, todo: Changes, state: State) -> State:
    if not live(world, todo, state):
        raise RuntimeError(f"more than {ROOM} contacts wait at once")
    return state


def closings(world: World) -> Changes:
    queues = np.arange(len(world.channel))
    return changes(np.full(len(queues), world.slots * world.interval), CLOSING, queues, 0)


def multi_skill(workers: int) -> dict[str, object]:
    dice = np.random.default_rng(1)
    share = dice.dirichlet(np.full(CAMPAIGNS, 3.0))
    shape = np.clip(np.sin(np.linspace(0, np.pi, SLOTS)), 0, None)
    mean = np.tile(CONTACTS_A_DAY * share[:, None] * shape / shape.sum(), DAYS)
    home: list[int] = []
    seconds: list[float] = []
    activity: list[int] = []
    subject: list[int] = []
    for queue in range(CAMPAIGNS):
        load = mean[queue, :SLOTS] * AHT / SLOT_SECONDS
        for first in range(0, SLOTS, SHIFT_SLOTS):
            needed = math.ceil(load[first : first + SHIFT_SLOTS].mean() * 1.05) + 1
            for server in range(len(home), len(home) + needed):
                home.append(queue)
                starts = (np.arange(DAYS) * SLOTS + first) * SLOT_SECONDS
                for offset, value in ((0, queue), (8, OFF), (9, queue), (SHIFT_SLOTS, OFF)):
                    seconds += (starts + offset * SLOT_SECONDS).tolist()
                    activity += [value] * DAYS
                    subject += [server] * DAYS
    group = dice.integers(0, GROUPS, len(home))
    serves = dice.random((GROUPS, CAMPAIGNS)) < 0.2
    world = world_of(CAMPAIGNS, len(home), SLOTS * DAYS, patience=PATIENCE, group=group, serves=serves)
    roster = changes(np.array(seconds), ACTIVITY, np.array(subject), np.array(activity))
    todo = in_order([closings(world), roster])
    live(world, todo, state_of(world, 0 * mean, 0))  # compiles, or loads what was compiled

    found: dict[str, object] = {"servers": len(home), "contacts_per_day": round(mean.sum() / DAYS), "days": RUNS * DAYS}
    for name, threads in (("one_core", 1), ("workers", workers)):
        states = [state_of(world, mean, seed) for seed in range(RUNS)]
        begun = perf_counter()
        with ThreadPoolExecutor(threads) as pool:
            events = sum(int(done.events[0]) for done in pool.map(partial(lived, world, todo), states))
        elapsed = perf_counter() - begun
        found[name] = {
            "cores": threads,
            "events": events,
            "seconds": round(elapsed, 3),
            "events_per_second": round(events / elapsed),
        }
    return found


def agreement() -> list[dict[str, object]]:
    """Simulated values with 95 % intervals, which hold the exact one in 19 of 20 cases."""
    rows: list[dict[str, object]] = []
    for agents, load, patience in QUEUES:
        world = world_of(
            1, agents, 2 * HOURS, patience=patience, group=np.full(agents, OFF), serves=np.zeros((0, 1), dtype=np.bool_)
        )
        everybody, end = np.arange(agents), np.full(agents, world.slots * world.interval)
        comes, goes = changes(0 * end, ACTIVITY, everybody, 0), changes(end, ACTIVITY, everybody, OFF)
        todo = in_order([closings(world), comes, goes])
        tallies = []
        for seed in range(REPEATS):
            state = state_of(world, np.full((1, 2 * HOURS), load * SLOT_SECONDS / AHT), seed)
            tallies.append(lived(world, todo, state).tally[2 * WARM_UP : -2, 0].sum(axis=0))
        tally = np.array(tallies)[:, None, :]
        exact = performance(agents, load, AHT, TARGET, patience)
        for name, top, bottom in (
            ("service_level", WITHIN, OFFERED),
            ("asa_seconds", WAIT, OFFERED),
            ("abandonment", ABANDONED, OFFERED),
            ("occupancy", BUSY, PRESENT),
        ):
            if name == "abandonment" and math.isinf(patience):
                continue
            estimate = ratio(tally[..., top], tally[..., bottom])
            if estimate is None:
                raise RuntimeError("no contact came")
            true = float(getattr(exact, name))
            rows.append(
                {
                    "agents": agents, "load": load, "patience_s": None if math.isinf(patience) else patience, "measure": name,
                    "exact": round(true, 5), "simulated": round(estimate.value, 5),
                    "low": round(estimate.low, 5), "high": round(estimate.high, 5),
                    "holds": estimate.low <= true <= estimate.high,
                }
            )  # fmt: skip
    return rows


def stored_plan(folder: Path, workers: int) -> dict[str, object]:
    """Everything that `wfm simulate` does, reading and drawing included, once compiled."""
    live_through(*read_plan_folder(folder), read_forecast(folder), days=1)
    begun = perf_counter()
    report = live_through(*read_plan_folder(folder), read_forecast(folder), days=200, workers=workers)
    return {
        "days": report.days,
        "campaigns": len(report.inbound) + len(report.outbound) + len(report.deferrable),
        "events": report.events,
        "events_per_second": round(report.events_per_second),
        "seconds": round(perf_counter() - begun, 3),
        "largest_distance_from_promise_points": max(
            (
                round(100 * abs(entry.service_level.value - entry.rostered_service_level), 2)
                for entry in report.inbound
                if entry.service_level is not None and entry.rostered_service_level is not None
            ),
            default=None,
        ),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed and agreement of the simulator, as JSON.")
    parser.add_argument("--plan", type=Path, metavar="DIR", help="Folder that wfm plan wrote, to be measured too.")
    parser.add_argument("--workers", type=int, default=2, help="Processor cores of the runs that use several.")
    asked = parser.parse_args()
    rows = agreement()
    found: dict[str, object] = {
        "machine": {"processor": platform.processor() or platform.machine(), "python": platform.python_version()},
        "multi_skill": multi_skill(asked.workers),
        "agreement": {"within_interval": f"{sum(bool(row['holds']) for row in rows)}/{len(rows)}", "rows": rows},
    }
    if asked.plan is not None:
        found["plan"] = stored_plan(asked.plan, asked.workers)
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
