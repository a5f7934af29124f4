"""Agents wanted against agents there, interval by interval, own and bought."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import numpy as np
import plotly.graph_objects as go

from api.figures.campaign_menu import campaign_menu
from api.figures.staffing import Staffing, staffing
from api.figures.style import OWN, PARTNER, REQUIRED, finish, menu
from api.figures.table import Table
from api.figures.text import compact, week
from api.figures.view import PlanView
from wfm.campaign import Campaign

DAY_MS = 86_400_000


def figure(view: PlanView) -> go.Figure:
    """Opens on all campaigns in the week with the most work; menus choose another campaign or week, the slider below any span."""
    first = staffing(view, None)
    busiest = _busiest_week(view, first)
    x, notes = view.walls.x, view.walls.notes
    hover = "%{y:.1f}"
    if any(notes):
        hover += "%{customdata}"
    result = go.Figure(
        [
            _area(x, compact(first.own), "In-house", OWN, "", hover),
            _area(x, compact(first.partner), "Partners", PARTNER, "/", hover),
            go.Scatter(
                x=x, y=compact(first.required), name="Required", mode="lines", hovertemplate=hover,
                line={"color": REQUIRED, "width": 2, "shape": "hv", "dash": "2px,2px"},
            ),
        ]
    )  # fmt: skip

    if any(notes):
        result.update_traces(customdata=notes)

    def show(campaign: Campaign | None) -> list[dict[str, Any]]:
        chosen = staffing(view, campaign)
        return [
            {"y": [compact(chosen.own), compact(chosen.partner), compact(chosen.required)]},
            {"yaxis.autorange": True},
        ]

    finish(
        result, "Required against planned agents", height=560, menu_rows=2, hovermode="x unified",
        updatemenus=[campaign_menu(view, show, row=1, total=True), menu(_weeks(view), 0, active=busiest)],
    )  # fmt: skip
    result.update_xaxes(
        title=f"Interval start ({view.clock})", type="date", ticklabelmode="period",
        range=_span(view, busiest, busiest + 1), hoverformat="%a %-d %b %H:%M",
        rangeslider={"visible": True, "thickness": 0.08},
        tickformatstops=[
            {"dtickrange": [None, DAY_MS - 1], "value": "%H:%M\n%a %-d %b"},
            {"dtickrange": [DAY_MS, None], "value": "%a\n%-d %b"},
        ],
    )  # fmt: skip
    result.update_yaxes(title="Net agents (productive)", rangemode="tozero", fixedrange=True)
    return result


def table(view: PlanView) -> Table:
    rows: list[tuple[str | float, ...]] = []
    for entry in view.case.campaigns:
        levels = staffing(view, entry)
        columns = (compact(levels.required), compact(levels.own), compact(levels.partner), compact(levels.balance))
        rows.extend(
            (entry.name, wall, *(column[place] for column in columns))
            for place, (wall, active) in enumerate(zip(view.walls.labels, levels.active, strict=True))
            if active
        )
    columns_ = ("Campaign", f"Interval start ({view.clock})", "Required (agents)", "In-house (agents)")
    return Table((*columns_, "Partners (agents)", "Over (+) or under (-) (agents)"), tuple(rows))


def _area(x: list[str], y: list[float], name: str, fill: str, shape: str, hover: str) -> go.Scatter:
    return go.Scatter(
        x=x, y=y, name=name, mode="lines", stackgroup="there", hovertemplate=hover,
        line={"color": fill, "width": 0.5, "shape": "hv"}, fillcolor=fill,
        fillpattern={"shape": shape, "fgcolor": "#ffffff", "bgcolor": fill, "size": 6, "solidity": 0.25} if shape else None,
    )  # fmt: skip


def _span(view: PlanView, first_week: int, last_week: int) -> list[str]:
    start = datetime.combine(view.case.first_day, time(0))
    return [f"{start + timedelta(weeks=index):%Y-%m-%d %H:%M}" for index in (first_week, last_week)]


def _busiest_week(view: PlanView, levels: Staffing) -> int:
    """The week with the most required work, the first of equals."""
    first = view.case.first_day
    weeks = [(wall.date() - first).days // 7 for wall in view.walls.walls[:-1]]
    return int(np.argmax(np.bincount(weeks, weights=np.round(levels.required, 6), minlength=view.case.weeks)))


def _weeks(view: PlanView) -> list[dict[str, Any]]:
    weeks = view.case.weeks
    choices = [(week(view.case, index), index, index + 1) for index in range(weeks)]
    if weeks > 1:
        choices.append((f"All {weeks} weeks", 0, weeks))
    return [
        {"label": name, "method": "relayout", "args": [{"xaxis.range": _span(view, first, last)}]}
        for name, first, last in choices
    ]
