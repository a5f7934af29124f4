"""What is bought from each partner in each week, in hours and in money."""

from __future__ import annotations

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from api.figures.purchase_costs import Bought, bought
from api.figures.style import colour, finish, pattern
from api.figures.table import Table
from api.figures.text import hours, money, partner_name, plain, week
from api.figures.view import PlanView


def figure(view: PlanView) -> go.Figure:
    currency = view.plan.bill.currency
    found = bought(view)
    weeks = _weeks(view, found)
    result = make_subplots(
        rows=2,
        cols=1,
        shared_xaxes=True,
        vertical_spacing=0.14,
        subplot_titles=("Productive hours bought", "Their cost"),
    )
    for index, partner in enumerate(view.case.partners):
        own = [entry for entry in found if entry.partner == partner.id]
        by_week = [[entry for entry in own if entry.week == value] for value in weeks]
        amount = [sum(entry.hours for entry in part) for part in by_week]
        cents = [sum(entry.cents for entry in part) for part in by_week]
        name = plain(partner_name(partner))
        for row, values, text in (
            (1, amount, [hours(value) if value else "" for value in amount]),
            (2, [value / 100 for value in cents], [money(value, currency) if value else "" for value in cents]),
        ):
            result.add_bar(
                row=row, col=1, x=[_label(view, value) for value in weeks], y=values, name=name, legendgroup=partner.id,
                showlegend=row == 1, text=text, textposition="inside", insidetextanchor="middle", textangle=0,
                marker={"color": colour(index), "line": {"color": "#fff", "width": 1},
                        "pattern": {"shape": pattern(index), "fgcolor": "#ffffff", "solidity": 0.2, "size": 7}},
                hovertemplate=f"{name}, %{{x}}: %{{y:,.1f}} {'h' if row == 1 else currency}<extra></extra>",
            )  # fmt: skip
    finish(
        result,
        "Purchases per partner and week",
        height=620,
        barmode="stack",
        uniformtext={"mode": "hide", "minsize": 10},
    )
    result.update_xaxes(type="category")
    result.update_xaxes(title="Week of the plan (partner's local days)", row=2, col=1)
    result.update_yaxes(title="Hours (h)", row=1, col=1, tickformat=",.0f")
    result.update_yaxes(title=f"Cost ({currency})", row=2, col=1, tickformat=",.0f")
    return result


def table(view: PlanView) -> Table:
    rows = tuple(
        (
            view.case.partner_by_id[entry.partner].name,
            _label(view, entry.week),
            "" if entry.campaign is None else view.case.campaign_by_id[entry.campaign].name,
            round(entry.hours, 2),
            round(entry.cents / 100, 2),
        )
        for entry in bought(view)
    )
    return Table(("Partner", "Week", "Campaign", "Productive hours (h)", f"Cost ({view.plan.bill.currency})"), rows)


def _weeks(view: PlanView, found: list[Bought]) -> list[int | None]:
    extra: list[int | None] = [None] if any(entry.week is None for entry in found) else []
    return [*range(view.case.weeks), *extra]


def _label(view: PlanView, value: int | None) -> str:
    return "Minimum billing" if value is None else week(view.case, value)
