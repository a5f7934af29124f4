"""The figures of a plan, one per file: `FIGURES[name](view)` draws it, `TABLES[name](view)` gives the same as a table."""

from __future__ import annotations

from collections.abc import Callable

import plotly.graph_objects as go

from api.figures import (
    cost_waterfall,
    coverage,
    coverage_heatmap,
    forecast_fan,
    purchases,
    roster_gantt,
    service_price,
)
from api.figures.table import Table
from api.figures.view import PlanView

__all__ = ["FIGURES", "TABLES", "PlanView", "Table"]

FIGURES: dict[str, Callable[[PlanView], go.Figure]] = {
    "coverage": coverage.figure,
    "coverage_heatmap": coverage_heatmap.figure,
    "cost_waterfall": cost_waterfall.figure,
    "purchases": purchases.figure,
    "forecast_fan": forecast_fan.figure,
    "service_price": service_price.figure,
    "roster_gantt": roster_gantt.figure,
}
TABLES: dict[str, Callable[[PlanView], Table]] = {
    "coverage": coverage.table,
    "coverage_heatmap": coverage_heatmap.table,
    "cost_waterfall": cost_waterfall.table,
    "purchases": purchases.table,
    "forecast_fan": forecast_fan.table,
    "service_price": service_price.table,
    "roster_gantt": roster_gantt.table,
}
