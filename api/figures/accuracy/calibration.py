"""How often what came fell into each tenth of the forecast distribution."""

from __future__ import annotations

import plotly.graph_objects as go

from api.accuracy_texts import Words
from api.figures.style import OWN, PARTNER, REQUIRED, finish
from api.figures.table import Table
from models.forecast.accuracy_report import PIT_BINS, CampaignAccuracy

_BINS = [f"{100 * n // PIT_BINS}–{100 * (n + 1) // PIT_BINS}" for n in range(PIT_BINS)]
_MIDDLES = [100 * (n + 0.5) / PIT_BINS for n in range(PIT_BINS)]


def _series(entry: CampaignAccuracy, words: Words) -> list[tuple[str, list[float]]]:
    """Intervals are left out where none is large enough."""
    found = [("pit_intervals", entry.pit_intervals), ("pit_days", entry.pit_days)]
    return [(words(key), [round(100 * share, 1) for share in shares]) for key, shares in found if any(shares)]


def figure(entry: CampaignAccuracy, words: Words, clock: str) -> go.Figure:  # noqa: ARG001 - as all figures of the page
    looks = [{"color": OWN}, {"color": PARTNER, "pattern": {"shape": "/", "fgcolor": "#fff"}}]
    bars = [
        go.Bar(x=_MIDDLES, y=shares, name=name, marker=look, hovertemplate=f"{name}: %{{y:.1f}} %<extra></extra>")
        for (name, shares), look in zip(_series(entry, words), looks, strict=False)
    ]
    result = finish(go.Figure(bars), words("calibration"), height=380, barmode="group")
    line = go.Scatter(
        x=[0, 100], y=[100 / PIT_BINS] * 2, name=words("right"), mode="lines", hoverinfo="skip",
        line={"color": REQUIRED, "width": 1.5, "dash": "dot"},
    )  # fmt: skip
    result.add_trace(line)
    result.update_xaxes(title=words("pit_axis"), range=[0, 100], dtick=20)
    result.update_yaxes(title=words("pit_share"), rangemode="tozero")
    return result


def table(entry: CampaignAccuracy, words: Words, clock: str) -> Table:  # noqa: ARG001 - as all tables of the page
    series = _series(entry, words)
    columns = (words("pit_axis"), *(f"{words('pit_share')}, {name}" for name, _ in series))
    return Table(columns, tuple((_BINS[n], *(shares[n] for _, shares in series)) for n in range(PIT_BINS)))
