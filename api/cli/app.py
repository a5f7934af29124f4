"""The commands put together, and what becomes of their errors."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli import accuracy, cases, erlang, forecasts, keys, law, plans, purge, simulate, worker
from api.cli.keys import Database
from api.cli.output import REFUSED, refuse
from wfm.errors import WfmError

app = typer.Typer(
    name="wfm",
    help="Forecasts contacts, rosters agents and buys partner capacity together.",
    epilog="Exit codes: 0 all well, 1 violations or a refused case, 2 wrong usage, 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # drawing boxes would double the time that --help takes
    context_settings={"help_option_names": ["-h", "--help"]},
)
case_app = typer.Typer(help="Make cases out of other data.", no_args_is_help=True)
app.add_typer(case_app, name="case")
key_app = typer.Typer(help="Keys to the service: make, list and revoke them.", no_args_is_help=True)
app.add_typer(key_app, name="key")

app.command()(cases.template)
app.command()(cases.validate)
app.command()(cases.generate)
case_app.command("from-history")(cases.from_history)
app.command()(forecasts.forecast)
app.command()(forecasts.requirement)
app.command()(forecasts.backtest)
app.command()(accuracy.accuracy)
app.command()(plans.plan)
app.command()(plans.check)
app.command()(simulate.simulate)
app.command()(erlang.erlang)
app.command()(law.rules)
app.command()(law.legal_window)
app.command()(law.next_attempt)
app.command()(law.holidays)
app.command()(purge.purge)
app.command()(worker.worker)
key_app.command("create")(keys.create)
key_app.command("list")(keys.list_all)
key_app.command("revoke")(keys.revoke)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 lets other machines in.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    data: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the service keeps its database; made when missing.")
    ] = keys.DATA_DIR,
    database: Database = None,
    worker: Annotated[bool, typer.Option(help="Whether to work jobs as well; else run wfm worker elsewhere.")] = True,
) -> None:
    """Run the service.

    API under /v1, its documentation under /docs, the latest plan under /. It works jobs as well, unless told not to.
    """
    from api.app import serve as run_service

    run_service(data, host, port, database=database, with_worker=worker)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"wfm {version('wfm-planner')}")
        raise typer.Exit


@app.callback()
def _options(
    _asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Comes before every command."""
    from wfm.clock import check_tzdata

    check_tzdata()


def main(args: list[str] | None = None) -> None:
    """Run the command line; ends with SystemExit. Errors on purpose are messages, never tracebacks."""
    given = sys.argv[1:] if args is None else args
    try:
        app(given)
    except (WfmError, OSError) as error:
        refuse(error, as_json="--json" in given)
        sys.exit(REFUSED)
