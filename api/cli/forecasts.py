"""Commands that stop before the plan: the forecast, the requirement, and how good forecasts have been."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from api.cli.output import AsJson, CasePath, console, print_json, write_text

OutFile = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="CSV file to write; standard output without it.")
]
Seed = Annotated[int, typer.Option(min=0, help="Seed of everything random.")]
Workers = Annotated[int, typer.Option(min=1, help="Campaigns forecast side by side; the result does not depend on it.")]
EngineName = Annotated[
    Literal["local", "ray"],
    typer.Option("--engine", help="local: processes of this machine; ray: Ray. The result does not depend on it."),
]
EngineAddress = Annotated[
    str | None,
    typer.Option(metavar="HOST:PORT", help="The Ray cluster's head; without it Ray runs on this machine alone."),
]


def forecast(
    case: CasePath,
    *,
    out: OutFile = None,
    seed: Seed = 0,
    workers: Workers = 2,
    engine: EngineName = "local",
    engine_address: EngineAddress = None,
) -> None:
    """Forecast volumes and handling times.

    As CSV, one row per campaign and interval.
    """
    from api.progress_bar import ProgressBar
    from data.export.forecast import forecast_csv
    from data.ingest.case import read_case
    from models.engine.engine import Engine
    from models.expected import expected

    where = Engine(engine, engine_address)
    loaded, histories = read_case(case)
    with ProgressBar(console(), loaded.currency) as bar:
        outlook = expected(loaded, histories, seed=seed, workers=workers, engine=where, on_progress=bar)
    write_text(out, forecast_csv(loaded, outlook))


def requirement(case: CasePath, *, out: OutFile = None, seed: Seed = 0, workers: Workers = 2) -> None:
    """Compute the agents wanted.

    Forecasts first. As CSV, one row per campaign and interval.
    """
    from api.progress_bar import ProgressBar
    from data.export.requirement import requirement_csv
    from data.ingest.case import read_case
    from models.expected import expected
    from models.staffing.requirement import build_requirement

    loaded, histories = read_case(case)
    with ProgressBar(console(), loaded.currency) as bar:
        outlook = expected(loaded, histories, seed=seed, workers=workers, on_progress=bar)
        wanted = build_requirement(loaded, outlook)
    write_text(out, requirement_csv(loaded, wanted))


def backtest(
    history: Annotated[
        Path,
        typer.Argument(
            metavar="HISTORY",
            help="CSV or parquet with columns series, ds (local wall time at which the interval starts) and y (contacts).",
        ),
    ],
    *,
    horizon_days: Annotated[int, typer.Option(min=1, help="Days forecast from every origin.")] = 28,
    origins: Annotated[int, typer.Option(min=1, help="Days in the past from which to forecast.")] = 6,
    queues: Annotated[
        int | None, typer.Option(min=1, help="Score only that many of the largest series; without it all.")
    ] = None,
    country: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="Country, such as FR, whose public holidays the forecast may know."),
    ] = None,
    seed: Seed = 0,
    workers: Annotated[
        int, typer.Option(min=1, help="Forecasts made side by side; the scores do not depend on it.")
    ] = 2,
    engine: EngineName = "local",
    engine_address: EngineAddress = None,
    as_json: AsJson = False,
) -> None:
    """Score forecasts of the past.

    Against what happened then, beside seasonal naive and stock Prophet.
    """
    from api.progress_bar import ProgressBar
    from data.generate.foreign import read_foreign
    from models.engine.engine import Engine
    from models.forecast.backtest import backtest as score

    where = Engine(engine, engine_address)
    rows = read_foreign(history).rows
    if queues is not None:
        largest = rows.groupby("series")["y"].sum().nlargest(queues).index
        rows = rows[rows["series"].isin(largest)]
    with ProgressBar(console(), currency="") as bar:
        scores = score(
            rows,
            horizon_days=horizon_days,
            origins=origins,
            country=country,
            seed=seed,
            workers=workers,
            engine=where,
            on_progress=bar,
        )
    if as_json:
        print_json(scores.to_dict())
    else:
        print(scores)
