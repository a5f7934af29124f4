"""Forecasts of real series on every engine, as JSON: `./dev bench engine [--history FILE] [--series N] [--chunk N]`.

This process alone, the pool of processes, and Ray with one and with two workers forecast the same chunks 28 days ahead; all
must give the same figures (`digest`). `seconds` are wall time, which other work on the machine lengthens: `start` until Ray
stands, `first` with the imports of fresh workers, `again` with warm ones (a pool is always fresh). `work_cpu` are CPU seconds of
forecasting wherever it ran, Stan's processes included; `driver_cpu` those of this process, which no worker can take off it.
`growth` carries CPU seconds on to more series and more workers.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from operator import itemgetter
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pandas as pd

from models.engine.engine import LOCAL, Engine, map_chunks
from models.engine.ray_runner import ray_session
from models.forecast.calendar import Calendar
from models.forecast.ensemble import Asked, SeriesForecast, forecast_batch
from models.forecast.opening import LearntOpening
from models.forecast.prophet_member import prophet_class
from models.forecast.seeds import series_seed
from models.forecast.series import DayTable

HISTORY = Path("../shared/data/forecasting/axa_france_30min_2011_2012.parquet")
DAYS, SEED = 28, 0
GROWTH = ((1_000, 2), (20_000, 16), (100_000, 16), (100_000, 64))


def asked_of(name: str, rows: pd.DataFrame) -> Asked:
    walls, calendar = rows["ds"].to_numpy().astype("datetime64[m]"), Calendar("FR")
    minutes = int(np.diff(np.unique(walls)).astype(np.int64).min())
    table = DayTable.of(walls, rows["y"].to_numpy(dtype=np.float64), minutes)
    opening = LearntOpening.of(table, calendar)
    end = table.end.astype("datetime64[m]")
    ahead = np.arange(end, end + DAYS * 1440, minutes)
    return Asked(
        name, opening.clean(table), ahead, opening.is_open(ahead), calendar, series_seed(SEED, name)
    )  # fmt: skip


@dataclass(frozen=True)
class Taken:
    seconds: float
    work_cpu: float
    driver_cpu: float
    digest: str


@dataclass(frozen=True)
class Run:
    start: float = 0.0
    first: Taken | None = None
    again: Taken | None = None


def timed(chunk: Sequence[Asked]) -> list[tuple[str, SeriesForecast, float]]:
    """Names and forecasts with the CPU seconds of each."""
    prophet_class()  # imports must not count as work
    before = sum(os.times()[:4])
    made = list(forecast_batch(chunk, seed=SEED))
    each = (sum(os.times()[:4]) - before) / max(len(made), 1)
    return [(name, forecast, each) for name, forecast in made]


def measure(chunks: list[list[Asked]], engine: Engine, workers: int) -> Taken:
    digest, work = hashlib.sha256(), 0.0
    begun, cpu = perf_counter(), process_time()
    for made in map_chunks(timed, chunks, workers=workers, engine=engine):
        for name, forecast, spent in sorted(made, key=itemgetter(0)):
            digest.update(name.encode() + forecast.mean.tobytes() + forecast.quantiles.tobytes())
            work += spent
    driver = process_time() - cpu
    return Taken(round(perf_counter() - begun, 2), round(work, 2), round(driver, 2), digest.hexdigest()[:16])


def on_ray(chunks: list[list[Asked]], workers: int) -> Run:
    begun = perf_counter()
    with ray_session(workers, None):
        start = round(perf_counter() - begun, 2)
        first, again = (measure(chunks, Engine("ray"), workers) for _ in range(2))
    return Run(start, first, again)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--history", type=Path, default=HISTORY)
    parser.add_argument(
        "--series", type=int, default=24, help="series; those of the file are repeated until there are so many"
    )
    parser.add_argument("--chunk", type=int, default=3, help="series per chunk")
    args = parser.parse_args()
    rows = (
        pd.read_parquet(args.history)
        if args.history.suffix == ".parquet"
        else pd.read_csv(args.history, parse_dates=["ds"])
    )
    groups = [(str(name), part) for name, part in rows.groupby("series", sort=True)]
    batch = [asked_of(f"{groups[n % len(groups)][0]} {n}", groups[n % len(groups)][1]) for n in range(args.series)]
    chunks = [batch[n : n + args.chunk] for n in range(0, len(batch), args.chunk)]
    measure(chunks[:1], LOCAL, 1)  # imports
    runs = {"in_process": Run(again=measure(chunks, LOCAL, 1)), "pool_2": Run(first=measure(chunks, LOCAL, 2))}
    runs |= {"ray_1": on_ray(chunks, 1), "ray_2": on_ray(chunks, 2)}
    one, two = runs["ray_1"].again, runs["ray_2"].again
    if one is None or two is None:
        raise RuntimeError("Ray was not measured")
    digests = {taken.digest for run in runs.values() for taken in (run.first, run.again) if taken is not None}
    a_series, driver = one.work_cpu / args.series, two.driver_cpu / args.series
    start = runs["ray_2"].start
    print(
        json.dumps(
            {
                "history": args.history.name,
                "series": args.series,
                "chunks": len(chunks),
                "cpus": len(os.sched_getaffinity(0)),
                "python": platform.python_version(),
                "runs": {name: asdict(run) for name, run in runs.items()},
                "identical": len(digests) == 1,
                "ray_2_over_ray_1": round(one.seconds / two.seconds, 2),
                "work_cpu_a_series": round(a_series, 3),
                "driver_cpu_a_series": round(driver, 4),
                "growth": [
                    {
                        "series": series,
                        "workers": workers,
                        "minutes": round((start + max(series * a_series / workers, series * driver)) / 60, 1),
                        "bound_by": "workers" if a_series / workers >= driver else "driver",
                    }
                    for series, workers in GROWTH
                ],
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
