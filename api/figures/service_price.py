"""What each further point of service level costs, per inbound campaign."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import plotly.graph_objects as go

from api.figures.style import colour, finish
from api.figures.table import Cell, Table
from api.figures.text import plain, wrapped
from api.figures.view import PlanView
from wfm.campaign import Campaign, Channel
from wfm.errors import WfmError

if TYPE_CHECKING:
    from models.staffing.price import ServicePrice

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
"""A second sign next to colour."""
STEPS = (-0.05, -0.02, 0.0, 0.02, 0.05)
"""Levels drawn, as differences from a campaign's own: each takes a tenth of a second and more."""
NONE = "No inbound campaign"


def figure(view: PlanView) -> go.Figure:
    """A line per campaign; the large dot is its own target."""
    currency = view.plan.bill.currency
    result = go.Figure()
    prices = _prices(view)
    for index, (campaign, rows) in enumerate(prices.rows):
        own = campaign.service_level
        result.add_scatter(
            name=plain(f"{view.codes[campaign.id]} · {campaign.name}"), mode="lines+markers",
            x=[round(100 * row.service_level, 2) for row in rows], y=[row.point_cents / 100 for row in rows],
            customdata=[[round(row.agent_hours, 1), row.cost_cents / 100] for row in rows],
            line={"color": colour(index), "dash": DASHES[index % len(DASHES)]},
            marker={"size": [13 if row.service_level == own else 6 for row in rows]},
            hovertemplate=f"%{{x:.1f}} %: %{{y:,.2f}} {currency} a point<br>"
            f"%{{customdata[0]:,.1f}} productive hours, %{{customdata[1]:,.2f}} {currency} in all",
        )  # fmt: skip
    finish(result, "What each point of service level costs", height=420)
    result.update_xaxes(title="Service level promised, answered in time / offered (%)")
    result.update_yaxes(title=f"Cost of one further point over the plan ({currency})", rangemode="tozero")
    if not result.data:
        result.add_scatter(x=[], y=[])
        text = "<br>".join(wrapped(plain(why), 60) for why in prices.missing) or NONE
        result.add_annotation(text=text, showarrow=False, xref="paper", yref="paper", x=0.5, y=0.5)
    return result


def table(view: PlanView) -> Table:
    currency = view.plan.bill.currency
    columns = (
        "Campaign", "Service level promised (%)", "Expected (%)", "Productive hours (h)", f"Their cost ({currency})",
        "One further point (h)", f"One further point ({currency})",
    )  # fmt: skip
    prices = _prices(view)
    rows: list[tuple[Cell, ...]] = [
        (
            campaign.name, round(100 * row.service_level, 2), round(100 * row.expected, 2), round(row.agent_hours, 2),
            row.cost_cents / 100, round(row.point_hours, 2), row.point_cents / 100,
        )
        for campaign, found in prices.rows
        for row in found
    ]  # fmt: skip
    rows += [(why, *[""] * (len(columns) - 1)) for why in prices.missing or ([] if rows else [NONE])]
    return Table(columns, tuple(rows))


class Prices(NamedTuple):
    """Rows of every inbound campaign that can be priced, and of the others why not."""

    rows: tuple[tuple[Campaign, tuple[ServicePrice, ...]], ...]
    missing: tuple[str, ...]


@lru_cache(maxsize=8)
def _prices(view: PlanView) -> Prices:
    """Figure and table share the work."""
    from models.staffing.price import service_prices  # numba takes a second to load, and few figures need it

    forecasts = {entry.campaign: entry for entry in view.forecast.campaigns}
    rows, missing = [], []
    for campaign in view.case.campaigns:
        forecast = forecasts.get(campaign.id)
        if campaign.channel is not Channel.INBOUND:
            continue
        if forecast is None or not forecast.quantiles or not forecast.day_quantiles:
            missing.append(f"{campaign.name}: the stored forecast does not tell how uncertain it is")
            continue
        try:
            rows.append((campaign, service_prices(view.case, campaign, forecast, steps=STEPS)))
        except WfmError as error:
            missing.append(f"{campaign.name}: {error}")
    return Prices(tuple(rows), tuple(missing))
