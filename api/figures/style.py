"""One look for all figures: a palette that colour-blind readers can tell apart, and the same sign for the same thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

OWN = "#0072B2"
PARTNER = "#E69F00"
REQUIRED = "#1a1a1a"
OVER = "#2166ac"
UNDER = "#b2500f"
BREAK = "#ffffff"
IDLE = "#d9d9d9"
PALETTE = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#332288",
    "#88CCEE", "#882255", "#999933", "#44AA99",
)  # fmt: skip
"""Okabe and Ito, 2008, then Tol's muted scheme."""
PATTERNS = ("", "/", "x", ".", "\\", "-", "+", "|")
"""A second sign next to colour, for partners."""


def colour(index: int) -> str:
    return PALETTE[index % len(PALETTE)]


def pattern(index: int) -> str:
    return PATTERNS[index % len(PATTERNS)]


def finish(figure: go.Figure, title: str, *, height: int = 460, menu_rows: int = 0, **layout: Any) -> go.Figure:
    """Give a figure the house's look; `menu_rows` rows of menus stand above the plot."""
    figure.update_layout(
        template="plotly_white",
        title={"text": title, "x": 0, "xref": "container", "xanchor": "left", "pad": {"l": 12}, "font": {"size": 18}},
        font={"family": "system-ui, -apple-system, Segoe UI, Roboto, sans-serif", "size": 13, "color": "#222"},
        separators=".\u202f",
        height=height,
        margin={"l": 64, "r": 16, "t": 56 + 40 * menu_rows, "b": 48},
        legend={"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0, "xanchor": "left"},
        hoverlabel={"align": "left"},
    )
    figure.update_layout(**layout)
    figure.update_xaxes(automargin=True, title={"standoff": 8})
    figure.update_yaxes(automargin=True)
    return figure


def menu(buttons: Sequence[dict[str, Any]], row: int, *, above: int = 6, active: int = 0) -> dict[str, Any]:
    """A drop-down list in a row above the plot, row 0 `above` pixels above it, that shows choice `active` first."""
    return {
        "buttons": list(buttons), "active": active, "direction": "down", "showactive": True,
        "bgcolor": "#ffffff", "bordercolor": "#888",
        "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom", "pad": {"b": above + 40 * row}, "font": {"size": 12},
    }  # fmt: skip
