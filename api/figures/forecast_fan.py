"""What happened, what is expected and how sure that is: daily volumes of a campaign."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import plotly.graph_objects as go

from api.figures.campaign_menu import campaign_menu
from api.figures.style import OWN, REQUIRED, finish
from api.figures.table import Table
from api.figures.text import compact, plain
from api.figures.view import PlanView
from wfm.campaign import Campaign, Channel
from wfm.clock import day_start, zone
from wfm.demand import QUANTILES, CampaignForecast

WEEKS_BACK = 10
HALF_A_DAY = timedelta(hours=12)
"""A day's point stands at its midnight: an event's shade reaches half a day to both sides."""
BANDS = ((0.025, 0.975, "95 % band", "#cfe3f1"), (0.1, 0.9, "80 % band", "#8fbfe0"))


def actuals(view: PlanView, campaign: Campaign) -> list[tuple[date, float]]:
    """Volume per day of the market's clock over the last weeks before the plan was made; days without record are left out."""
    history = view.histories.get(campaign.id)
    if history is None:
        return []
    tz = zone(view.case.market_by_id[campaign.market].time_zone)
    first = view.case.as_of - timedelta(weeks=WEEKS_BACK)
    days = [first + timedelta(days=index) for index in range(7 * WEEKS_BACK + 1)]
    edges = [int(day_start(value, tz).timestamp()) // 60 for value in days]
    place = np.searchsorted(history.start_minute, edges)
    result = []
    for index, value in enumerate(days[:-1]):
        volumes = history.volume[place[index] : place[index + 1]]
        recorded = volumes[~np.isnan(volumes)]
        if recorded.size:
            result.append((value, float(recorded.sum())))
    return result


def figure(view: PlanView) -> go.Figure:
    """Opens on the first campaign. Closed days are left out, so lines run over them."""
    campaigns = view.case.campaigns
    edge = {"width": 0}
    traces: list[go.Scatter] = []
    for _, _, name, fill in BANDS:
        traces.append(go.Scatter(mode="lines", line=edge, hoverinfo="skip", showlegend=False, legendgroup=name))
        traces.append(
            go.Scatter(name=name, mode="lines", line=edge, fill="tonexty", fillcolor=fill, legendgroup=name,
                       customdata=[], hovertemplate=f"{name}: %{{customdata:,.0f}} to %{{y:,.0f}}<extra></extra>")
        )  # fmt: skip
    for name, line, marker in (
        ("Forecast (mean)", {"color": OWN, "width": 2, "dash": "dash"}, {"symbol": "diamond", "size": 6}),
        ("Actual", {"color": REQUIRED, "width": 1.5}, {"size": 4}),
    ):
        hover = f"{name}: %{{y:,.0f}}<extra></extra>"
        traces.append(go.Scatter(name=name, mode="lines+markers", line=line, marker=marker, hovertemplate=hover))
    for trace, changes in zip(traces, zip(*_data(view, campaigns[0]).values(), strict=True), strict=True):
        trace.update(x=changes[0], y=changes[1], customdata=changes[2])

    def show(campaign: Campaign | None) -> list[dict[str, Any]]:
        assert campaign is not None, "the menu has no total"  # noqa: S101 - volumes of different work do not add up
        return [
            _data(view, campaign),
            {
                "yaxis.title.text": _unit(campaign),
                "xaxis.title.text": _clock(view, campaign),
                "xaxis.type": "date",
                **_marks(view, campaign),
            },
        ]

    result = finish(
        go.Figure(traces), "Forecast and recent actuals", menu_rows=1, hovermode="x unified",
        updatemenus=[campaign_menu(view, show, row=0, total=False)],
    )  # fmt: skip
    result.update_layout(**_marks(view, campaigns[0]))
    result.update_xaxes(title=_clock(view, campaigns[0]), type="date", tickformat="%-d %b", hoverformat="%a %-d %b %Y")
    result.update_yaxes(title=_unit(campaigns[0]), rangemode="tozero", tickformat=",.0f")
    return result


def table(view: PlanView) -> Table:
    rows: list[tuple[str | float, ...]] = []
    for campaign, forecast in _pairs(view):
        rows.extend(
            (campaign.name, value.isoformat(), round(total, 2), "", "", "", "", "")
            for value, total in actuals(view, campaign)
        )
        levels = [forecast.day_quantiles[QUANTILES.index(level)] for level in (0.025, 0.1, 0.9, 0.975)]
        rows.extend(
            (campaign.name, value.isoformat(), "", *compact([forecast.day_mean[i], *(level[i] for level in levels)]))
            for i, value in enumerate(forecast.days)
        )
    return Table(
        ("Campaign", "Day (market's clock)", "Actual (contacts or records)", "Mean", "2.5 %", "10 %", "90 %", "97.5 %"),
        tuple(rows),
    )


def _pairs(view: PlanView) -> list[tuple[Campaign, CampaignForecast]]:
    by_id = {entry.campaign: entry for entry in view.forecast.campaigns}
    return [(campaign, by_id[campaign.id]) for campaign in view.case.campaigns]


def _data(view: PlanView, campaign: Campaign) -> dict[str, list[Any]]:
    """x, y and customdata of all traces, in their order."""
    forecast = next(entry for entry in view.forecast.campaigns if entry.campaign == campaign.id)
    open_days = [i for i in range(len(forecast.days)) if forecast.day_mean[i] > 0 or forecast.day_quantiles[-1][i] > 0]
    x = [forecast.days[i].isoformat() for i in open_days]
    ys: list[list[float]] = []
    lows: list[list[float] | None] = []
    for low, high, _, _ in BANDS:
        below, above = (
            compact((forecast.day_quantiles[QUANTILES.index(level)][i] for i in open_days), 1) for level in (low, high)
        )
        ys.extend((below, above))
        lows.extend((None, below))
    past = actuals(view, campaign)
    ys.extend((compact((forecast.day_mean[i] for i in open_days), 1), compact((total for _, total in past), 1)))
    xs = [x] * 5 + [[value.isoformat() for value, _ in past]]
    return {"x": xs, "y": ys, "customdata": [*lows, None, None]}


def _marks(view: PlanView, campaign: Campaign) -> dict[str, list[dict[str, Any]]]:
    """Lines where the plan is made and starts, and a shade with its name over every event that explains the volume."""
    case = view.case
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []

    def note(when: date, text: str, anchor: str) -> None:
        notes.append(
            {"x": when.isoformat(), "y": 1, "yref": "paper", "text": plain(text), "showarrow": False, "textangle": -90,
             "xanchor": anchor, "yanchor": "top", "font": {"size": 11, "color": "#444"}}
        )  # fmt: skip

    for when, text in ((case.as_of, "plan made"), (case.first_day, "plan starts")):
        line = {"color": "#666", "width": 1, "dash": "dot"}
        day_line = {"type": "line", "x0": when.isoformat(), "x1": when.isoformat(), "y0": 0, "y1": 1, "yref": "paper"}
        shapes.append({**day_line, "line": line})
        note(when, text, "right")
    earliest = case.as_of - timedelta(weeks=WEEKS_BACK)
    for event in case.events:
        if event.campaign in {None, campaign.id} and event.last_day >= earliest and event.first_day <= case.last_day:
            first, last = max(event.first_day, earliest), min(event.last_day, case.last_day)
            span = (datetime.combine(first, time(0)) - HALF_A_DAY, datetime.combine(last, time(0)) + HALF_A_DAY)
            shapes.append(
                {"type": "rect", "x0": span[0].isoformat(), "x1": span[1].isoformat(), "y0": 0, "y1": 1, "yref": "paper",
                 "fillcolor": "#f3e9c6", "line": {"width": 0}, "layer": "below"}
            )  # fmt: skip
            note(last, event.name, "left")
    return {"shapes": shapes, "annotations": notes}


def _unit(campaign: Campaign) -> str:
    return "Records loaded per day" if campaign.channel is Channel.OUTBOUND else "Contacts offered per day"


def _clock(view: PlanView, campaign: Campaign) -> str:
    """The last part of an IANA zone is the city whose clock it is."""
    city = view.case.market_by_id[campaign.market].time_zone.rsplit("/", 1)[-1].replace("_", " ")
    return f"Day ({city} time)"
