"""What a plan promises beside what happens when it is lived through, campaign by campaign."""

from __future__ import annotations

import math
from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from api.figures.style import OWN, REQUIRED, UNDER, finish
from api.figures.table import Cell, Table
from api.figures.text import percent, plain, shortened
from api.figures.view import PlanView
from wfm.simulation import Estimate, InboundFigures, OutboundFigures, SimulationReport

ROW_PIXELS = 34
NAME_WIDTH = 22
ROSTERED, PROMISED_DAYS = "Expected of this roster", "Share of days promised"
SIMULATED, MET = "Simulated, with 95 % interval", "Days that reach the target, with 95 % interval"


@dataclass(frozen=True)
class Line:
    """One campaign; shares, not percents. `measure`: what `promised` and `simulated` are shares of. Outbound: of the contacts
    that the records would give at full coverage; there and in deferrable work the promise is what the plan has capacity for.
    `rostered` is what the staffing formulas expect of the agents and seats that the plan has, absences included; None where
    nobody reckoned it. `days_met`, `met_on_days` (the share of days promised, where one is) and `target` are of inbound campaigns
    alone.
    """

    campaign: str
    measure: str
    covered: float
    target: float | None
    promised: float | None
    simulated: Estimate | None
    rostered: float | None = None
    days_met: Estimate | None = None
    mean_wait_seconds: Estimate | None = None
    abandonment: Estimate | None = None
    occupancy: Estimate | None = None
    met_on_days: float | None = None


def lines(view: PlanView, report: SimulationReport) -> list[Line]:
    """Every campaign of the report, in the order of the case."""
    found = [_inbound(entry, view.case.campaign_by_id[entry.campaign].risk) for entry in report.inbound]
    found += [_outbound(entry) for entry in report.outbound]
    found += [
        Line(entry.campaign, "done in time", entry.covered_share, None, entry.covered_share, entry.done_in_time,
             occupancy=entry.occupancy)
        for entry in report.deferrable
    ]  # fmt: skip
    place = {campaign.id: index for index, campaign in enumerate(view.case.campaigns)}
    return sorted(found, key=lambda line: place[line.campaign])


def figure(view: PlanView, report: SimulationReport) -> go.Figure:
    """Above, promised and simulated; below, how many days reach the target. Signs differ in shape as well as in colour."""
    found = lines(view, report)
    inbound = [line for line in found if line.target is not None]
    panels = [("Promised and simulated", found)]
    if inbound:
        panels.append(("Days that reach the target", inbound))
    rows = [max(len(part), 1) for _, part in panels]
    result = make_subplots(
        rows=len(panels),
        cols=1,
        row_heights=rows,
        vertical_spacing=110 / (130 * len(panels) + ROW_PIXELS * sum(rows)),
        subplot_titles=[title for title, _ in panels],
    )
    named = {line.campaign: _name(view, line) for line in found}
    for trace in (
        _points("Promised", found, named, "promised", symbol="diamond-open", colour=REQUIRED, size=12),
        _points(ROSTERED, found, named, "rostered", symbol="x-thin", colour=OWN, size=10),
        _points("Target", found, named, "target", symbol="line-ns", colour=UNDER, size=14),
        _estimates(SIMULATED, found, named, "simulated", symbol="circle", colour=OWN),
    ):
        result.add_trace(trace, row=1, col=1)
    if inbound:
        short = {line.campaign: _name(view, line, measure=False) for line in inbound}
        result.add_trace(_estimates(MET, inbound, short, "days_met", symbol="square", colour=OWN), row=2, col=1)
        promised = _points(
            PROMISED_DAYS, inbound, short, "met_on_days", symbol="hexagon-open", colour=REQUIRED, size=12
        )
        if promised.x:
            result.add_trace(promised, row=2, col=1)
    finish(
        result,
        "Promised against simulated",
        height=250 + 90 * (len(panels) - 1) + ROW_PIXELS * sum(rows),
        margin={"l": 64, "r": 16, "t": 84, "b": 110},
    )
    for row, (_, part) in enumerate(panels, start=1):
        names = named if row == 1 else short
        result.update_yaxes(
            categoryorder="array", categoryarray=[names[line.campaign] for line in part],
            autorange="reversed", row=row, col=1,
        )  # fmt: skip
        what = "Share of contacts (%)" if row == 1 else f"Share of {report.days} days (%)"
        result.update_xaxes(title=what, range=_range(part) if row == 1 else [-2, 102], row=row, col=1)
    result.update_annotations(x=0, xref="paper", xanchor="left", font={"size": 13})
    return result


def table(view: PlanView, report: SimulationReport) -> Table:
    """A row per campaign; shares in percent, empty where there is nothing to tell."""
    columns = ["Campaign", "Measure", "Covered by the plan (%)", "Target (%)", "Promised (%)"]
    columns += [f"{ROSTERED} (%)", f"{PROMISED_DAYS} (%)"]
    estimates = {
        "Simulated (%)": "simulated",
        "Days that reach the target (%)": "days_met",
        "Mean wait (s)": "mean_wait_seconds",
        "Abandoned (%)": "abandonment",
        "Occupancy (%)": "occupancy",
    }
    for name in estimates:
        columns += [name, f"{name}, 95 % from", f"{name}, 95 % to"]
    rows = []
    for line in lines(view, report):
        row: list[Cell] = [view.case.campaign_by_id[line.campaign].name, line.measure]
        row += [
            _cell(value, 100) for value in (line.covered, line.target, line.promised, line.rostered, line.met_on_days)
        ]
        for name, field in estimates.items():
            found: Estimate | None = getattr(line, field)
            size = 100 if name.endswith("(%)") else 1
            row += [""] * 3 if found is None else [_cell(value, size) for value in (found.value, found.low, found.high)]
        rows.append(tuple(row))
    return Table(tuple(columns), tuple(rows))


def _inbound(entry: InboundFigures, met_on_days: float | None) -> Line:
    return Line(
        entry.campaign, "service level", entry.covered_share, entry.target_service_level, entry.promised_service_level,
        entry.service_level, entry.rostered_service_level, entry.days_met, entry.mean_wait_seconds, entry.abandonment,
        entry.occupancy, met_on_days,
    )  # fmt: skip


def _outbound(entry: OutboundFigures) -> Line:
    made = rostered = None
    if entry.planned_contacts > 0:
        whole = entry.planned_contacts / entry.covered_share
        made = Estimate(**{name: value / whole for name, value in entry.contacts.to_dict().items()})
        rostered = None if entry.rostered_contacts is None else entry.rostered_contacts / whole
    return Line(
        entry.campaign, "contacts made", entry.covered_share, None, entry.covered_share, made, rostered,
        occupancy=entry.occupancy,
    )  # fmt: skip


def _name(view: PlanView, line: Line, *, measure: bool = True) -> str:
    name = plain(f"{view.codes[line.campaign]} · {shortened(view.case.campaign_by_id[line.campaign].name, NAME_WIDTH)}")
    return f"{name}<br><i>{line.measure}</i>" if measure else name


def _points(name: str, part: list[Line], named: dict[str, str], field: str, **sign: str | float) -> go.Scatter:
    known = [(line, value) for line in part if (value := getattr(line, field)) is not None]
    return go.Scatter(
        name=name, mode="markers", x=[round(100 * value, 3) for _, value in known],
        y=[named[line.campaign] for line, _ in known],
        customdata=[percent(line.covered) for line, _ in known],
        marker={"symbol": sign["symbol"], "size": sign["size"], "color": sign["colour"],
                "line": {"width": 2.5, "color": sign["colour"]}},
        hovertemplate=f"%{{y}}<br>{name}: %{{x:.1f}} %<br>Work covered: %{{customdata}}<extra></extra>",
    )  # fmt: skip


def _estimates(name: str, part: list[Line], named: dict[str, str], field: str, **sign: str) -> go.Scatter:
    known: list[tuple[Line, Estimate]] = [(line, value) for line in part if (value := getattr(line, field)) is not None]
    return go.Scatter(
        name=name, mode="markers", x=[round(100 * found.value, 3) for _, found in known],
        y=[named[line.campaign] for line, _ in known],
        customdata=[f"{percent(found.value)} [{percent(found.low)}, {percent(found.high)}]" for _, found in known],
        error_x={"type": "data", "symmetric": False, "thickness": 2, "width": 5, "color": sign["colour"],
                 "array": [round(100 * (found.high - found.value), 3) for _, found in known],
                 "arrayminus": [round(100 * (found.value - found.low), 3) for _, found in known]},
        marker={"symbol": sign["symbol"], "size": 8, "color": sign["colour"]},
        hovertemplate=f"%{{y}}<br>{name.partition(',')[0]}: %{{customdata}}<extra></extra>",
    )  # fmt: skip


def _range(part: list[Line]) -> list[float]:
    """Of the axis, in percent: dots, unlike bars, need no zero. More records than expected may give more than 100 %."""
    shares = [share for line in part for share in (line.target, line.promised, line.rostered) if share is not None]
    shares += [
        edge for line in part if line.simulated is not None for edge in (line.simulated.low, line.simulated.high)
    ]
    return [10 * math.floor(10 * min(shares, default=0.0) - 0.01), 100 * max([1.0, *shares]) + 2]


def _cell(share: float | None, size: int) -> Cell:
    return "" if share is None else round(size * share, 2)
