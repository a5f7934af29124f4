"""Commands that make cases and look at them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.cli.output import AsJson, CasePath, print_json, say
from wfm.errors import WfmError


class Size(StrEnum):
    """Sizes of generated cases."""

    S = "S"
    M = "M"
    L = "L"
    XL = "XL"


OutCase = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write the case to: new or empty.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of everything random: the same seed gives the same case.")]


def template(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write to: new or empty.")]) -> None:
    """Write an empty case with comments.

    Every table with its columns and a comment on each.
    """
    from data.ingest.template import write_template

    write_template(folder)
    say(f"Written: {folder}. Fill in the tables (docs/data-contract.md explains them), then: wfm validate {folder}")


def validate(case: CasePath, as_json: AsJson = False) -> None:
    """List all problems of a case."""
    from data.ingest.case import read_case

    loaded = read_case(case).case
    counts = {
        "campaigns": len(loaded.campaigns),
        "agents": len(loaded.agents),
        "partners": len(loaded.partners),
        "weeks": loaded.weeks,
    }
    if as_json:
        print_json({"status": "valid", "case_hash": loaded.content_hash(), **counts, "problems": []})
        return
    figures = ", ".join(f"{count} {name}" for name, count in counts.items())
    print(f"{loaded.name}: no problems ({figures} from {loaded.first_day})")


def generate(
    size: Annotated[
        Size,
        typer.Option(
            help="S: 20 agents, 1 week, 3 campaigns, 2 partners; M: 100 agents, 4 weeks, 8 campaigns, 4 partners; "
            "L: 300 agents; XL: 1,000 agents, 12 campaigns, 6 partners."
        ),
    ],
    out: OutCase,
    seed: Seed = 1,
    first_day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day planned, a Monday; else 2026-12-07.")
    ] = None,
) -> None:
    """Write a synthetic case.

    With two years of history; the same size, seed and first day give the same bytes.
    """
    from data.generate.case import FIRST_DAY, generate_case

    _need_empty(out)
    generate_case(size.value, seed, out, FIRST_DAY if first_day is None else first_day.date())
    say(f"Written: {out}")


def from_history(
    history: Annotated[
        Path,
        typer.Argument(
            metavar="HISTORY",
            help="CSV or parquet with columns series, ds (local wall time at which the interval starts) and y (contacts).",
        ),
    ],
    *,
    agents: Annotated[int, typer.Option(help="Own agents to make up.")],
    partners: Annotated[int, typer.Option(help="Partners to make up, 0 to 6.")],
    out: OutCase,
    queues: Annotated[int, typer.Option(help="How many of the largest series become campaigns.")] = 11,
    first_day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="First day planned, a Monday; else two weeks after the history's end."),
    ] = None,
    aht_seconds: Annotated[float, typer.Option(help="Handling time assumed, seconds.")] = 300.0,
    seed: Seed = 0,
) -> None:
    """Build a case around a contact history.

    Its largest series become campaigns; agents and partners are made up to fit.
    """
    from data.generate.from_history import from_history as build_case

    _need_empty(out)
    monday = None if first_day is None else first_day.date()
    notes = build_case(
        history,
        out,
        agents=agents,
        partners=partners,
        seed=seed,
        queues=queues,
        first_day=monday,
        aht_seconds=aht_seconds,
    )
    for note in notes:
        say(f"- {note}")
    say(f"Written: {out}")


def _need_empty(folder: Path) -> None:
    """Refuse to write a case into a folder that holds something."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WfmError(f"{folder} exists and is not an empty folder. Give a new folder, or empty this one first.")
