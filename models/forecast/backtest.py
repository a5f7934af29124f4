"""Scoring forecasts of the past: rolling origins over any contact history, ours beside the benchmarks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from models.engine.engine import LOCAL, Engine, map_chunks
from models.forecast.benchmarks import same_weekday_mean, stock_prophet
from models.forecast.calendar import Calendar
from models.forecast.country import AUTO, check_country
from models.forecast.ensemble import forecast_batch
from models.forecast.forecast import even_chunks
from models.forecast.metrics import Tally, ratio, tally
from models.forecast.prophet_member import prophet_class
from models.forecast.seeds import series_seed
from models.forecast.series import DayTable, Floats, Walls, by_series, interval_minutes
from models.forecast.tidy import countries_of, tidy_batch
from wfm.document import Document
from wfm.errors import WfmError
from wfm.progress import OnProgress, Stop, never, silent

if TYPE_CHECKING:
    import pandas as pd

POOLED = "all"
SHORTEST_TRAINING_DAYS = 28


class Score(Document):
    """Scores of one method on one series, or pooled over all (`series` is "all").

    `wape` = sum |error| / sum of actuals over intervals, `day_wape` the same over days, `bias` = sum of (forecast - actual) /
    sum of actuals, `mase` over intervals against the 7-day difference in training, `quantile_loss` the weighted quantile loss
    over 13 levels, coverages of the 80 % and 95 % bands rounded outward to whole contacts, over all intervals and over those
    with a forecast of at least 5 (`big`) or 20 (`huge`). `floor_wape`: the WAPE that the chance of counts alone would leave were
    the forecast the true rate; `holiday_wape`: WAPE on public holidays of the country used. None: the method has no bands, or
    there was nothing to divide by.
    """

    series: str
    method: str
    intervals: int
    volume: float
    wape: float | None
    day_wape: float | None
    bias: float | None
    mase: float | None
    quantile_loss: float | None
    coverage_80: float | None
    coverage_95: float | None
    big_coverage_80: float | None
    big_coverage_95: float | None
    huge_coverage_80: float | None
    huge_coverage_95: float | None
    floor_wape: float | None
    holiday_wape: float | None
    cpu_seconds: float


class BacktestResult(Document):
    """`origins`: first forecast days per series; `scores`: per series and method, then pooled."""

    schema_version: Literal[1] = 1
    horizon_days: int
    country: str | None
    seed: int
    origins: dict[str, tuple[date, ...]]
    scores: tuple[Score, ...]

    def __str__(self) -> str:
        titles = ("WAPE", "day", "bias", "MASE", "WQL", "in 80%", "in 95%", "CPU s")
        head = f"{'series':24} {'method':16} " + " ".join(f"{title:>7}" for title in titles)
        return "\n".join([head, *(_line(score) for score in self.scores)])


@dataclass(frozen=True, eq=False)
class _Task:
    """One series seen from one origin, the end of its `table`: what was known, and the slots that had a row afterwards."""

    series: str
    table: DayTable
    walls: Walls
    actual: Floats
    country: str | None
    seed: int

    @property
    def scorable(self) -> bool:
        return bool(len(self.walls) and self.table.recorded.any())


def backtest(
    history: pd.DataFrame,
    *,
    horizon_days: int = 28,
    origins: int = 6,
    country: str | None = AUTO,
    seed: int = 0,
    stock: bool = True,
    workers: int = 1,
    engine: Engine = LOCAL,
    on_progress: OnProgress = silent,
    stop: Stop = never,
) -> BacktestResult:
    """Score a tidy history with columns `series`, `ds` (naive wall time of the interval's start) and `y` (contacts).

    Origins lie `horizon_days` apart and the last one `horizon_days` before the end of each series; those with less than 28
    days of training are left out. Only intervals with a row are scored. `country` (ISO 3166 alpha-2) gives our method the
    public holidays; with AUTO, the default, it finds out from what was known at each origin; None gives it none. Stock Prophet
    knows none either way, by definition; without `stock` it is left out, which takes most of the time. As in a forecast, series
    learn from those of their chunk. The scores, but for CPU seconds, depend neither on `workers` nor on the `engine`.

    Raises WfmError when no series is long enough, when the country is unknown, or when `stop` asked to stop.
    """
    check_country(country)
    by_origin: dict[np.datetime64, list[_Task]] = {}
    for name, walls, y in by_series(history):
        for task in _tasks(name, walls, y, horizon_days=horizon_days, origins=origins, country=country, seed=seed):
            by_origin.setdefault(task.table.end, []).append(task)
    if not by_origin:
        raise WfmError(
            f"No series reaches over {horizon_days + SHORTEST_TRAINING_DAYS} days, so there is nothing to train on and score: "
            "give a longer history or a shorter horizon."
        )
    batches = [chunk for origin in sorted(by_origin) for chunk in even_chunks(by_origin[origin])]
    tasks = [task for batch in batches for task in batch]
    tallies: dict[tuple[str, str], Tally] = {}
    rivals = tuple(name for name in BENCHMARKS if stock or name != STOCK)
    evaluate = partial(_evaluate, rivals=rivals, seed=seed)
    made = map_chunks(evaluate, batches, workers=workers, engine=engine, on_progress=on_progress, stop=stop)
    for batch, results in zip(batches, made, strict=True):
        for task, by_method in zip(batch, results, strict=True):
            for method, result in by_method.items():
                for series in (task.series, POOLED):
                    tallies[series, method] = tallies.get((series, method), Tally()) + result
    days: dict[str, list[date]] = {}
    for task in tasks:
        days.setdefault(task.series, []).append(task.table.end.astype(object))
    names = [*days, POOLED]
    return BacktestResult(
        horizon_days=horizon_days,
        country=country,
        seed=seed,
        origins={name: tuple(sorted(items)) for name, items in days.items()},
        scores=tuple(_score(name, method, tallies[name, method]) for name in names for method in (OURS, *rivals)),
    )


def _tasks(
    name: str, walls: Walls, y: Floats, *, horizon_days: int, origins: int, country: str | None, seed: int
) -> Iterator[_Task]:
    table = DayTable.of(walls, y, interval_minutes(walls))
    end = walls[-1].astype("datetime64[D]") + 1
    first = walls[0].astype("datetime64[D]") + SHORTEST_TRAINING_DAYS
    for back in range(origins, 0, -1):
        origin = end - back * horizon_days
        if origin >= first:
            ahead = (walls >= origin) & (walls < origin + np.timedelta64(horizon_days, "D")) & ~np.isnan(y)
            yield _Task(name, table.before(origin), walls[ahead], y[ahead], country, series_seed(seed, name))


Bands = tuple[Floats, Floats | None]
"""Mean (n,) and quantiles (13, n), None for a point forecast."""


def _ours(batch: list[_Task], countries: dict[str, str | None], seed: int) -> dict[str, Bands]:
    tables = {seen.series: seen.table for seen in batch}
    walls = {seen.series: seen.walls for seen in batch}
    asked = tidy_batch(tables, walls, countries, seed)
    return {name: (made.mean, made.quantiles) for name, made in forecast_batch(asked, seed=seed)}


OURS = "wfm"
STOCK = "stock_prophet"
BENCHMARKS: dict[str, Callable[[_Task], Bands]] = {
    STOCK: lambda seen: stock_prophet(seen.table, seen.walls, seen.seed),
    "last_week": lambda seen: (same_weekday_mean(seen.table, seen.walls, 1), None),
    "four_week_mean": lambda seen: (same_weekday_mean(seen.table, seen.walls, 4), None),
}


def _evaluate(tasks: Sequence[_Task], *, rivals: Sequence[str], seed: int) -> list[dict[str, Tally]]:
    """Scores of our method and its `rivals` on each series of one origin; {} where no interval of the horizon has a row. The CPU
    seconds of our method, which forecasts them together, are shared out evenly.
    """
    batch = [task for task in tasks if task.scorable]
    results: dict[str, dict[str, Tally]] = {}
    if batch:
        _warm_up()
        with _cpu_seconds() as spent:
            countries = countries_of({seen.series: seen.table for seen in batch}, batch[0].country)
            ours = _ours(batch, countries, seed)
        each = spent() / len(batch)
        for seen in batch:
            name = seen.series
            days = seen.walls.astype("datetime64[D]")
            holiday = Calendar(countries[name]).tags(days).is_holiday
            results[name] = {OURS: _tally(seen, ours[name], holiday, each)}
            for method in rivals:
                with _cpu_seconds() as spent:
                    made = BENCHMARKS[method](seen)
                results[name][method] = _tally(seen, made, holiday, spent())
    return [results.get(task.series, {}) for task in tasks]


def _warm_up() -> None:
    """Slow imports must not count as work."""
    import sklearn.ensemble  # noqa: F401 - imported for its side effect: later imports are instant

    prophet_class()


def _tally(seen: _Task, bands: Bands, holiday: NDArray[np.bool_], cpu_seconds: float) -> Tally:
    y = seen.table.y
    differences = np.abs(y[7:] - y[:-7])
    seasonal = float(np.nanmean(differences)) if not np.isnan(differences).all() else 0.0
    day = np.unique(seen.walls.astype("datetime64[D]"), return_inverse=True)[1]
    mean, quantiles = bands
    return tally(
        seen.actual, mean, quantiles, day, holiday=holiday, seasonal_difference=seasonal, cpu_seconds=cpu_seconds
    )


@contextmanager
def _cpu_seconds() -> Iterator[Callable[[], float]]:
    """Gives a function that tells the CPU seconds since entry, child processes (Stan) included."""

    def now() -> float:
        return sum(os.times()[:4])

    start = now()
    yield lambda: now() - start


def _score(series: str, method: str, sums: Tally) -> Score:
    return Score(
        series=series,
        method=method,
        intervals=int(sums.intervals),
        volume=sums.volume,
        wape=ratio(sums.absolute, sums.volume),
        day_wape=ratio(sums.day_absolute, sums.volume),
        bias=ratio(sums.error, sums.volume),
        mase=ratio(sums.scaled, sums.scalings),
        quantile_loss=ratio(sums.pinball, sums.volume),
        coverage_80=ratio(sums.inside_80, sums.intervals),
        coverage_95=ratio(sums.inside_95, sums.intervals),
        big_coverage_80=ratio(sums.big_inside_80, sums.big),
        big_coverage_95=ratio(sums.big_inside_95, sums.big),
        huge_coverage_80=ratio(sums.huge_inside_80, sums.huge),
        huge_coverage_95=ratio(sums.huge_inside_95, sums.huge),
        floor_wape=ratio(sums.chance, sums.volume),
        holiday_wape=ratio(sums.holiday_absolute, sums.holiday_volume),
        cpu_seconds=round(sums.cpu_seconds, 3),
    )


def _line(score: Score) -> str:
    figures = (
        score.wape, score.day_wape, score.bias, score.mase, score.quantile_loss, score.coverage_80, score.coverage_95,
    )  # fmt: skip
    shown = ["-" if figure is None else f"{figure:.3f}" for figure in figures]
    cells = " ".join(f"{text:>7}" for text in [*shown, f"{score.cpu_seconds:.1f}"])
    return f"{score.series[:24]:24} {score.method:16} {cells}"
