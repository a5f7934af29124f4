"""Bias of each hour of the week."""

from __future__ import annotations

import plotly.graph_objects as go

from api.accuracy_texts import Words
from api.figures.style import finish
from api.figures.table import Cell, Table
from models.forecast.accuracy_report import CampaignAccuracy

MOST = 40.0
"""Colours end at this bias, %: an hour of few contacts must not wash out the others."""


def _open(entry: CampaignAccuracy) -> tuple[list[int], list[int]]:
    """Weekdays and hours of which anything came."""
    days = [day for day in range(7) if any(value is not None for value in entry.hour_bias[day])]
    hours = [hour for hour in range(24) if any(entry.hour_bias[day][hour] is not None for day in range(7))]
    return days, hours


def figure(entry: CampaignAccuracy, words: Words, clock: str) -> go.Figure:
    """Hours below one another, weekdays side by side: it stays readable on a telephone."""
    days, hours = _open(entry)
    z = [[_percent(entry.hour_bias[day][hour]) for day in days] for hour in hours]
    signed = [["" if value is None else f"{round(value):+d}".replace("-", "−") for value in row] for row in z]
    heat = go.Heatmap(
        z=z, x=[words.weekdays[day] for day in days], y=[f"{hour:02d}:00" for hour in hours], text=signed,
        texttemplate="%{text}", colorscale="RdBu", zmid=0, zmin=-MOST, zmax=MOST, hoverongaps=False, xgap=1, ygap=1,
        colorbar={"title": {"text": "%"}, "thickness": 10}, hovertemplate="%{x} %{y}: %{z:+.1f} %<extra></extra>",
    )  # fmt: skip
    result = finish(go.Figure(heat), words("hours"), height=140 + 26 * max(len(hours), 1))
    result.update_yaxes(autorange="reversed", title=words("hour_axis", clock=clock), type="category")
    result.update_xaxes(title=f"{words('bias')} (%)", type="category")
    return result


def _percent(value: float | None) -> float | None:
    return None if value is None else round(100 * value, 1)


def table(entry: CampaignAccuracy, words: Words, clock: str) -> Table:
    days, hours = _open(entry)
    columns = (
        words("weekday"), words("hour_axis", clock=clock), f"{words('bias')} (%)", f"{words('wape')} (%)",
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for day in days:
        for hour in hours:
            values = (_percent(entry.hour_bias[day][hour]), _percent(entry.hour_wape[day][hour]))
            if values[0] is not None:
                rows.append((words.weekdays[day], f"{hour:02d}:00", *("" if v is None else v for v in values)))
    return Table(columns, tuple(rows))
