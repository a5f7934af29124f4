"""Commands that stop before the plan: the forecast, the requirement, and how good forecasts have been."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.cli.output import AsJson, CasePath, console, print_json, say, write_text

if TYPE_CHECKING:
    from models.engine.engine import Engine

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


HORIZON_DAYS = 28
NONE = "none"
Country = Annotated[
    str,
    typer.Option(
        metavar="CODE",
        help="Country, such as FR, whose public holidays a history lives by; auto finds out, none knows none.",
    ),
]


def forecast(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="CASE|HISTORY",
            help="A case (folder or .xlsx workbook); or a history, CSV or parquet, with columns series, ds (local wall time "
            "at which the interval starts) and y (contacts).",
        ),
    ],
    *,
    out: OutFile = None,
    horizon_days: Annotated[
        int | None, typer.Option(min=1, help="Days to forecast after the end of a history; 28 without it.")
    ] = None,
    country: Country = "auto",
    seed: Seed = 0,
    workers: Workers = 2,
    engine: EngineName = "local",
    engine_address: EngineAddress = None,
) -> None:
    """Forecast volumes and handling times of a case, or volumes of a history.

    As CSV, one row per campaign or series and interval; of a history also as parquet.
    """
    from models.engine.engine import Engine

    where = Engine(engine, engine_address)
    if source.is_file() and source.suffix in {".csv", ".parquet"}:
        _forecast_history(source, out, horizon_days or HORIZON_DAYS, country, seed, workers, where)
        return
    if horizon_days is not None:
        raise typer.BadParameter("a case says itself what days it plans", param_hint="--horizon-days")
    from api.progress_bar import ProgressBar
    from data.export.forecast import forecast_csv
    from data.ingest.case import read_case
    from models.expected import expected

    loaded, histories = read_case(source)
    with ProgressBar(console(), loaded.currency) as bar:
        outlook = expected(loaded, histories, seed=seed, workers=workers, engine=where, on_progress=bar)
    write_text(out, forecast_csv(loaded, outlook))


def _forecast_history(
    history: Path, out: Path | None, horizon_days: int, country: str, seed: int, workers: int, engine: Engine
) -> None:
    if out is None:
        raise typer.BadParameter("say where to write the forecast of a history", param_hint="--out")
    from api.progress_bar import ProgressBar
    from data.export.tidy_forecast import write_tidy_forecast
    from data.ingest.tidy import read_tidy
    from models.forecast.tidy import forecast_tidy

    rows = read_tidy(history)
    with ProgressBar(console(), currency="") as bar:
        made = forecast_tidy(
            rows,
            horizon_days=horizon_days,
            country=None if country == NONE else country,
            seed=seed,
            workers=workers,
            engine=engine,
            on_progress=bar,
        )
        write_tidy_forecast(out, ((one.series, one.walls, one.forecast.mean, one.forecast.quantiles) for one in made))
    say(f"Written: {out}")


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
    country: Country = "auto",
    seed: Seed = 0,
    stock: Annotated[
        bool, typer.Option("--stock/--no-stock", help="Score stock Prophet too, which takes most of the time.")
    ] = True,
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
    from data.ingest.tidy import read_tidy
    from models.engine.engine import Engine
    from models.forecast.backtest import backtest as score

    where = Engine(engine, engine_address)
    rows = read_tidy(history)
    if queues is not None:
        largest = rows.groupby("series")["y"].sum().nlargest(queues).index
        rows = rows[rows["series"].isin(largest)]
    with ProgressBar(console(), currency="") as bar:
        scores = score(
            rows,
            horizon_days=horizon_days,
            origins=origins,
            country=None if country == NONE else country,
            seed=seed,
            stock=stock,
            workers=workers,
            engine=where,
            on_progress=bar,
        )
    if as_json:
        print_json(scores.to_dict())
    else:
        print(scores)
