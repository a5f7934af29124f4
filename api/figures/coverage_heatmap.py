"""Where the plan has too many or too few agents: days down, times of day across."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import numpy as np
import plotly.graph_objects as go

from api.figures.campaign_menu import campaign_menu
from api.figures.staffing import staffing
from api.figures.style import OVER, UNDER, finish
from api.figures.table import Table
from api.figures.text import day, number
from api.figures.view import PlanView
from api.figures.walls import time_of_day
from wfm.campaign import Campaign


@dataclass(frozen=True)
class Balance:
    """Agents there less agents wanted, `cells[day][time]`; None where nobody is wanted or there. On the day on which a clock
    goes back, times that occur twice have a column each.
    """

    days: list[date]
    times: list[str]
    cells: list[list[float | None]]


def balance(view: PlanView, campaign: Campaign | None) -> Balance:
    """Days and times of day on which any campaign is active, so that every campaign has the same rows and columns."""
    walls = view.walls.walls[:-1]
    active = staffing(view, None).active
    shown = [wall for wall, on in zip(walls, active, strict=True) if on]
    last_twice = max((wall.time() for wall in walls if wall.fold), default=time(0))

    def in_order(wall: datetime) -> tuple[time, int, time]:
        """The second time round comes after all of the first."""
        return (last_twice if wall.fold else wall.time(), wall.fold, wall.time())

    days = sorted({wall.date() for wall in shown})
    times = list(dict.fromkeys(time_of_day(wall) for wall in sorted(shown, key=in_order)))
    row, column = {value: i for i, value in enumerate(days)}, {value: i for i, value in enumerate(times)}
    cells: list[list[float | None]] = [[None] * len(times) for _ in days]
    levels = staffing(view, campaign)
    for wall, on, value in zip(walls, levels.active, np.round(levels.balance, 2).tolist(), strict=True):
        if on:
            cells[row[wall.date()]][column[time_of_day(wall)]] = value
    return Balance(days, times, cells)


def figure(view: PlanView) -> go.Figure:
    first = balance(view, None)
    scale = [[0, UNDER], [0.5, "#f7f7f7"], [1, OVER]]
    trace = go.Heatmap(
        x=first.times, y=[day(value) for value in first.days],
        colorscale=scale, zmid=0, xgap=1, ygap=1, texttemplate="%{text}", hoverongaps=False,
        hovertemplate="%{y}, %{x}: %{z:+.1f} agents<extra></extra>",
        colorbar={"title": {"text": "agents"}, "thickness": 12, "tickformat": "+.0f"}, **_values(first),
    )  # fmt: skip

    def show(campaign: Campaign | None) -> list[dict[str, Any]]:
        return [{key: [value] for key, value in _values(balance(view, campaign)).items()}, {}]

    finish(
        result := go.Figure(trace), "Over- and understaffing", height=190 + 20 * len(first.days), menu_rows=1,
        updatemenus=[campaign_menu(view, show, row=0, total=True)],
    )  # fmt: skip
    result.update_xaxes(
        title=f"Interval start, time of day ({view.clock})", type="category", tickangle=-90, showgrid=False
    )
    result.update_yaxes(
        title="Day", type="category", autorange="reversed", dtick=1, tickfont={"size": 11}, showgrid=False
    )
    return result


def table(view: PlanView) -> Table:
    """One row a day, one column a time of day, all campaigns together; empty: nobody wanted or there."""
    found = balance(view, None)
    columns = ("Day", *(f"{value} (agents)" for value in found.times))
    rows = (
        (value.isoformat(), *("" if cell is None else cell for cell in cells))
        for value, cells in zip(found.days, found.cells, strict=True)
    )
    return Table(columns, tuple(rows))


def _values(found: Balance) -> dict[str, Any]:
    """Colours reach equally far to both sides; the sign is written as well, because colour alone is no sign."""
    largest = max((abs(cell) for cells in found.cells for cell in cells if cell is not None), default=0.0) or 1.0
    text = [[_sign(cell) for cell in cells] for cells in found.cells]
    return {"z": found.cells, "text": text, "zmin": -largest, "zmax": largest}


def _sign(cell: float | None) -> str:
    if cell is None or round(cell) == 0:
        return ""
    return f"+{number(cell)}" if cell > 0 else number(cell)
