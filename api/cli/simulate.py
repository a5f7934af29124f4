"""The command that lives through a plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.forecasts import EngineAddress, EngineName
from api.cli.output import AsJson, print_json, say
from wfm.assumptions import Handling, Rates, Routing

if TYPE_CHECKING:
    from wfm.case import Case
    from wfm.demand import Forecast
    from wfm.plan import Plan
    from wfm.requirement import Requirement
    from wfm.simulation import DeferrableFigures, Estimate, InboundFigures, OutboundFigures, SimulationReport


def simulate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that wfm plan wrote.")],
    *,
    days: Annotated[
        int, typer.Option(min=1, help="Days to simulate; rounded up to whole runs of the plan, first day to last.")
    ] = 200,
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything random.")] = 0,
    workers: Annotated[int, typer.Option(min=1, help="Processor cores to use; the figures do not depend on it.")] = 2,
    rates: Annotated[
        Rates, typer.Option(help="Volumes as uncertain as the forecast says, or known to be its mean.")
    ] = Rates.UNCERTAIN,
    handling: Annotated[Handling, typer.Option(help="Law of handling times.")] = Handling.EXPONENTIAL,
    routing: Annotated[
        Routing | None,
        typer.Option(
            help="Whether idle agents also answer other inbound campaigns that they have the skill for; else as the case says."
        ),
    ] = None,
    engine: EngineName = "local",
    engine_address: EngineAddress = None,
    as_json: AsJson = False,
) -> None:
    """Live through a stored plan.

    Contact by contact, as often as asked: promised against simulated service level, waits, occupancy and work done in time.
    Kept in the plan's folder as simulation.json, and shown in its report.
    """
    from data.export.plan_folder import read_forecast, read_plan_folder
    from data.export.simulation import write_simulation
    from models.engine.engine import Engine
    from models.promise import live_through

    case, requirement, plan = read_plan_folder(folder)
    forecast = read_forecast(folder)
    report = live_through(
        case,
        requirement,
        plan,
        forecast,
        days=days,
        seed=seed,
        workers=workers,
        rates=rates,
        handling=handling,
        routing=routing,
        engine=Engine(engine, engine_address),
    )
    write_simulation(folder, report)
    if as_json:
        print_json(report.to_dict())
    else:
        print("\n".join(_told(plan.case_name, report)))
    _add_to_report(folder, case, forecast, requirement, plan, report)


def _add_to_report(
    folder: Path, case: Case, forecast: Forecast, requirement: Requirement, plan: Plan, report: SimulationReport
) -> None:
    """Put the section into the page that wfm plan wrote: the folder lacks the history to write the whole page anew."""
    from api.cli.plans import REPORT
    from api.figures import PlanView
    from api.report_simulation import simulation_section, with_section
    from data.export.simulation import SIMULATION, write_whole

    file = folder / REPORT
    if not file.exists():
        say(f"Written: {folder / SIMULATION}; there is no {REPORT} to show it in")
        return
    section = simulation_section(PlanView(case, {}, forecast, requirement, plan), report)
    page = with_section(file.read_text(encoding="utf-8"), section)
    if page is None:
        say(f"Written: {folder / SIMULATION}; {REPORT} is of an older version and has no place for it: plan again")
        return
    write_whole(file, page)
    say(f"Written: {folder / SIMULATION}; open {file} in a browser, at 'Promise and simulation'")


INBOUND = (
    "inbound",
    "covered",
    "target",
    "promised",
    "rostered",
    "simulated",
    "days met",
    "abandoned",
    "mean wait, s",
    "occupancy",
)
OUTBOUND = ("outbound", "covered", "planned contacts", "rostered contacts", "simulated contacts", "occupancy")
DEFERRABLE = ("deferrable", "covered", "done in time", "occupancy")
"""Heads of the tables; the first column names the campaigns of a channel."""


def _told(name: str, report: SimulationReport) -> list[str]:
    how = f"{report.rates} rates, {report.handling} handling times, {report.routing} routing, seed {report.seed}"
    lines = [
        f"{name}: {report.days} days in {report.runs} runs of the plan; {how}",
        f"{report.events:,} events in {report.seconds:.2f} s; in brackets 95 % confidence intervals",
    ]
    definitions = sorted({entry.service_level_definition for entry in report.inbound})
    lines.extend(f"Service level: {definition}" for definition in definitions)
    for head, rows in (
        (INBOUND, [_inbound(entry) for entry in report.inbound]),
        (OUTBOUND, [_outbound(entry) for entry in report.outbound]),
        (DEFERRABLE, [_deferrable(entry) for entry in report.deferrable]),
    ):
        if rows:
            lines += ["", *_aligned([list(head), *rows])]
    return lines


def _inbound(entry: InboundFigures) -> list[str]:
    promised, rostered = (
        "-" if level is None else _percent(level)
        for level in (entry.promised_service_level, entry.rostered_service_level)
    )
    return [
        entry.campaign,
        _percent(entry.covered_share),
        _percent(entry.target_service_level),
        promised,
        rostered,
        _share(entry.service_level),
        _share(entry.days_met),
        _share(entry.abandonment),
        _amount(entry.mean_wait_seconds),
        _share(entry.occupancy),
    ]


def _outbound(entry: OutboundFigures) -> list[str]:
    return [
        entry.campaign,
        _percent(entry.covered_share),
        f"{entry.planned_contacts:.1f}",
        "-" if entry.rostered_contacts is None else f"{entry.rostered_contacts:.1f}",
        _amount(entry.contacts),
        _share(entry.occupancy),
    ]


def _deferrable(entry: DeferrableFigures) -> list[str]:
    return [entry.campaign, _percent(entry.covered_share), _share(entry.done_in_time), _share(entry.occupancy)]


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _share(estimate: Estimate | None) -> str:
    if estimate is None:
        return "-"
    return f"{100 * estimate.value:.1f} % [{100 * estimate.low:.1f}, {100 * estimate.high:.1f}]"


def _amount(estimate: Estimate | None) -> str:
    return "-" if estimate is None else f"{estimate.value:.1f} [{estimate.low:.1f}, {estimate.high:.1f}]"


def _aligned(rows: list[list[str]]) -> list[str]:
    """Names to the left, figures to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(wide) for cell, wide in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]
