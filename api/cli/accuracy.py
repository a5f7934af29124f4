"""The command that says how good forecasts of a case have been."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from api.cli.forecasts import EngineAddress, EngineName, Seed
from api.cli.output import AsJson, CasePath, console, print_json, say


def accuracy(
    case: CasePath,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the pages, JSON and CSV.")],
    *,
    origins: Annotated[int, typer.Option(min=1, max=12, help="Past days to forecast from, 28 days apart.")] = 3,
    language: Annotated[Literal["en", "fr"], typer.Option("--lang", help="Language of the pages.")] = "en",
    seed: Seed = 0,
    workers: Annotated[int, typer.Option(min=1, help="Origins side by side; the result does not depend on it.")] = 2,
    engine: EngineName = "local",
    engine_address: EngineAddress = None,
    as_json: AsJson = False,
) -> None:
    """Say how good forecasts of a case have been.

    A page per campaign: bias, error by volume, hour and weekday, calibration, which member is wrong when.
    """
    from plotly.offline import get_plotlyjs

    from api.accuracy_page import accuracy_csv, accuracy_page
    from api.progress_bar import ProgressBar
    from data.ingest.case import read_case
    from models.engine.engine import Engine
    from models.forecast.accuracy import accuracy_of

    where = Engine(engine, engine_address)
    loaded, histories = read_case(case)
    with ProgressBar(console(), loaded.currency) as bar:
        report = accuracy_of(
            loaded, histories, origins=origins, seed=seed, workers=workers, engine=where, on_progress=bar
        )
    files = {
        "accuracy.json": report.canonical_json(),
        "accuracy.csv": accuracy_csv(report),
        "plotly.min.js": get_plotlyjs(),
    }
    for entry in report.campaigns:
        page = accuracy_page(report, entry, language, plotly="plotly.min.js", link=lambda name: f"{name}.html")
        files[f"{entry.campaign}.html"] = page
    out.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (out / name).write_text(text, encoding="utf-8", newline="\n")
    if as_json:
        print_json(report.to_dict())
    else:
        say(f"Written: {out}, one page per campaign: {', '.join(f'{one.campaign}.html' for one in report.campaigns)}")
