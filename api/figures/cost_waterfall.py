"""What the plan costs, item by item, up to the total of the bill."""

from __future__ import annotations

import plotly.graph_objects as go

from api.figures.style import OWN, PARTNER, REQUIRED, finish
from api.figures.table import Table
from api.figures.text import number, partner_name, wrapped
from api.figures.view import PlanView
from wfm.plan import BillLine


def items(view: PlanView) -> list[tuple[str, int]]:
    """Name and cents of every step; they add up to the bill's total."""
    lines = view.plan.bill.lines
    lost = _sum(lines, "lost_contacts")
    purchases = [
        (f"Purchases: {partner_name(view.case.partner_by_id[line.subject])}", line.cents)
        for line in lines
        if line.kind == "purchase"
    ]
    return [
        ("Contract wages", _sum(lines, "wages")),
        ("Overtime", _sum(lines, "overtime")),
        ("Work on holidays", _sum(lines, "holiday")),
        *(purchases or [("Purchases", 0)]),
        ("Shortage (priced)", _sum(lines, "shortage")),
        *([("Lost contacts (expected)", lost)] if lost else []),
        ("Broken wishes", _sum(lines, "wishes")),
    ]


def figure(view: PlanView) -> go.Figure:
    currency = view.plan.bill.currency
    steps = [*items(view), ("Total", view.plan.bill.total_cents)]
    trace = go.Waterfall(
        orientation="h",
        y=[wrapped(name, 18) for name, _ in steps],
        x=[cents / 100 for _, cents in steps],
        customdata=[cents for _, cents in steps],
        measure=["relative"] * (len(steps) - 1) + ["total"],
        text=[number(cents / 100) for _, cents in steps],
        textposition="outside",
        cliponaxis=False,
        hovertemplate=f"%{{y}}: %{{delta:,.2f}} {currency}<extra></extra>",
        increasing={"marker": {"color": OWN}},
        decreasing={"marker": {"color": PARTNER}},
        totals={"marker": {"color": REQUIRED}},
        connector={"line": {"color": "#999", "width": 1}},
    )
    result = finish(go.Figure(trace), f"Cost of the plan ({currency})", height=160 + 44 * len(steps), showlegend=False)
    room = 1.3 * max(1, view.plan.bill.total_cents / 100)  # for the text beside the longest bar on a telephone
    result.update_xaxes(title=f"Cost, cumulative ({currency})", tickformat=",.0f", range=[0, room], nticks=5)
    result.update_yaxes(title="Kind of cost", autorange="reversed")
    return result


def table(view: PlanView) -> Table:
    bill = view.plan.bill
    rows = [*items(view), ("Total", bill.total_cents)]
    return Table(
        ("Kind of cost", f"Cost ({bill.currency})"), tuple((name, round(cents / 100, 2)) for name, cents in rows)
    )


def _sum(lines: tuple[BillLine, ...], kind: str) -> int:
    return sum(line.cents for line in lines if line.kind == kind)
