"""How much each member weighs in the forecast made now."""

from __future__ import annotations

import plotly.graph_objects as go

from api.accuracy_texts import Words
from api.figures.style import colour, finish, pattern
from api.figures.table import Table
from models.forecast.accuracy_report import CampaignAccuracy


def figure(entry: CampaignAccuracy, words: Words, clock: str) -> go.Figure:  # noqa: ARG001 - as all figures of the page
    bars = [
        go.Bar(y=[""], x=[round(100 * one.weight, 2)], name=words.member(one.member), orientation="h",
               marker={"color": colour(place), "pattern": {"shape": pattern(place), "fgcolor": "#fff"}},
               text=f"{words.member(one.member)} {one.weight:.0%}", textposition="inside", insidetextanchor="middle",
               hovertemplate=f"{words.member(one.member)}: %{{x:.0f}} %<extra></extra>")
        for place, one in enumerate(entry.members)
    ]  # fmt: skip
    result = finish(go.Figure(bars), words("members"), height=230, barmode="stack")
    result.update_xaxes(title=words("weight_axis"), range=[0, 100])
    return result


def table(entry: CampaignAccuracy, words: Words, clock: str) -> Table:  # noqa: ARG001 - as all tables of the page
    columns = (words("member"), f"{words('weight')} (%)", f"{words('day_wape')} (%)", f"{words('bias')} (%)")
    rows = [
        (
            words.member(one.member),
            round(100 * one.weight, 1),
            *("" if v is None else round(100 * v, 1) for v in (one.day_wape, one.bias)),
        )
        for one in entry.members
    ]
    return Table(columns, tuple(rows))
