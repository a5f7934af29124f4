"""Which member is wrong when: the miss of each under each condition."""

from __future__ import annotations

import plotly.graph_objects as go

from api.accuracy_texts import Words
from api.figures.style import finish
from api.figures.table import Cell, Table
from models.forecast.accuracy_report import CampaignAccuracy


def _rows(entry: CampaignAccuracy, words: Words) -> list[tuple[str, tuple[float | None, ...]]]:
    return [
        *((words.member(one.member), one.miss) for one in entry.members),
        (words("all_members"), entry.ensemble_miss),
    ]


def _percent(value: float | None) -> float | None:
    return None if value is None else round(100 * value, 1)


def figure(entry: CampaignAccuracy, words: Words, clock: str) -> go.Figure:  # noqa: ARG001 - as all figures of the page
    """Members side by side, conditions below one another: it stays readable on a telephone."""
    rows = _rows(entry, words)
    z = [[_percent(miss[place]) for _, miss in rows] for place in range(len(entry.conditions))]
    heat = go.Heatmap(
        z=z, x=[name for name, _ in rows], y=[words.condition(name) for name in entry.conditions],
        colorscale="Oranges", zmin=0, texttemplate="%{z:.0f}", hoverongaps=False, xgap=1, ygap=1,
        colorbar={"title": {"text": "%"}, "thickness": 10},
        hovertemplate="%{x}, %{y}: %{z:.1f} %<extra></extra>",
    )  # fmt: skip
    result = finish(go.Figure(heat), words("who_wrong"), height=120 + 30 * len(entry.conditions))
    result.update_yaxes(autorange="reversed")
    result.update_xaxes(title=f"{words('day_wape')} (%)")
    return result


def table(entry: CampaignAccuracy, words: Words, clock: str) -> Table:  # noqa: ARG001 - as all tables of the page
    rows = _rows(entry, words)
    columns = ("", *(f"{name} ({words('day_wape')}, %)" for name, _ in rows))
    cells: list[tuple[Cell, ...]] = []
    for place, name in enumerate(entry.conditions):
        values = (_percent(miss[place]) for _, miss in rows)
        cells.append((words.condition(name), *("" if value is None else value for value in values)))
    return Table(columns, tuple(cells))
