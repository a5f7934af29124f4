"""Daily forecasts from past origins with their 80 % band, and what came."""

from __future__ import annotations

import plotly.graph_objects as go

from api.accuracy_texts import Words
from api.figures.style import OWN, REQUIRED, finish
from api.figures.table import Cell, Table
from api.figures.text import compact
from models.forecast.accuracy_report import CampaignAccuracy


def figure(entry: CampaignAccuracy, words: Words, clock: str) -> go.Figure:
    x = [day.day.isoformat() for day in entry.days]
    low, high, mean, actual = (
        compact((getattr(day, name) for day in entry.days), 1) for name in ("low", "high", "mean", "actual")
    )
    edge = {"width": 0}
    result = go.Figure(
        [
            go.Scatter(x=x, y=low, mode="lines", line=edge, hoverinfo="skip", showlegend=False),
            go.Scatter(x=x, y=high, name=words("band_80"), mode="lines", line=edge, fill="tonexty", fillcolor="#cfe3f1",
                       customdata=low, hovertemplate="%{customdata:,.0f} – %{y:,.0f}"),
            go.Scatter(x=x, y=mean, name=words("mean"), mode="lines+markers", line={"color": OWN, "width": 2, "dash": "dash"},
                       marker={"symbol": "diamond", "size": 5}, hovertemplate="%{y:,.0f}"),
            go.Scatter(x=x, y=actual, name=words("actual"), mode="lines+markers", line={"color": REQUIRED, "width": 1.5},
                       marker={"size": 4}, hovertemplate="%{y:,.0f}"),
        ]
    )  # fmt: skip
    finish(result, words("fan"), hovermode="x unified")
    result.update_xaxes(title=words("day_axis", clock=clock), type="date", tickformat="%d/%m", hoverformat="%Y-%m-%d")
    result.update_yaxes(title=words("per_day", unit=words(entry.unit)), rangemode="tozero", tickformat=",.0f")
    return result


def table(entry: CampaignAccuracy, words: Words, clock: str) -> Table:
    unit = words(entry.unit)
    columns = (
        words("day_axis", clock=clock),
        *(f"{words(name)} ({unit})" for name in ("actual", "mean", "low", "high")),
    )
    rows: list[tuple[Cell, ...]] = [
        (day.day.isoformat(), *compact((day.actual, day.mean, day.low, day.high), 1)) for day in entry.days
    ]
    return Table(columns, tuple(rows))
