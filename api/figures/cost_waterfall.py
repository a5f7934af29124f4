"""What the plan costs, item by item, up to the total of the bill."""

from __future__ import annotations

import plotly.graph_objects as go

from api.figures.style import OWN, PARTNER, REQUIRED, finish
from api.figures.table import Table
from api.figures.text import money, plain
from api.figures.view import PlanView
from wfm.plan import BillLine


def items(view: PlanView) -> list[tuple[str, int]]:
    """Name and cents of every step; they add up to the bill's total."""
    lines = view.plan.bill.lines
    purchases = [
        (f"Purchases: {view.case.partner_by_id[line.subject].name}", line.cents)
        for line in lines
        if line.kind == "purchase"
    ]
    return [
        ("Contract wages", _sum(lines, "wages")),
        ("Overtime", _sum(lines, "overtime")),
        *(purchases or [("Purchases", 0)]),
        ("Shortage (priced)", _sum(lines, "shortage")),
        ("Broken wishes", _sum(lines, "wishes")),
    ]


def figure(view: PlanView) -> go.Figure:
    currency = view.plan.bill.currency
    steps = [*items(view), ("Total", view.plan.bill.total_cents)]
    trace = go.Waterfall(
        x=[plain(name).replace(": ", ":<br>") for name, _ in steps],
        y=[cents / 100 for _, cents in steps],
        customdata=[cents for _, cents in steps],
        measure=["relative"] * (len(steps) - 1) + ["total"],
        text=[money(cents, currency) for _, cents in steps],
        textposition="outside",
        cliponaxis=False,
        hovertemplate=f"%{{x}}: %{{delta:,.2f}} {currency}<extra></extra>",
        increasing={"marker": {"color": OWN}},
        decreasing={"marker": {"color": PARTNER}},
        totals={"marker": {"color": REQUIRED}},
        connector={"line": {"color": "#999", "width": 1}},
    )
    result = finish(go.Figure(trace), f"Cost of the plan ({currency})", showlegend=False)
    result.update_yaxes(title=f"Cost, cumulative ({currency})", rangemode="tozero", tickformat=",.0f")
    result.update_xaxes(title="Kind of cost (no unit)")
    return result


def table(view: PlanView) -> Table:
    bill = view.plan.bill
    rows = [*items(view), ("Total", bill.total_cents)]
    return Table(
        ("Kind of cost", f"Cost ({bill.currency})"), tuple((name, round(cents / 100, 2)) for name, cents in rows)
    )


def _sum(lines: tuple[BillLine, ...], kind: str) -> int:
    return sum(line.cents for line in lines if line.kind == kind)
