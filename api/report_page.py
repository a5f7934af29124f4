"""What the report and its parts are rendered with."""

from __future__ import annotations

import json
from functools import cache
from urllib.parse import quote

import jinja2
import plotly.graph_objects as go

from api.figures import Table
from api.figures.text import day, hours, money, number, percent
from api.report_law import tightest


def drawn(name: str, heading: str, reading: str, figure: go.Figure, table: Table) -> dict[str, object]:
    """A figure with its table, as the template report_figure.html takes it; the page's heading stands for its title."""
    content = json.loads(figure.to_json())
    layout = content["layout"]
    layout["margin"]["t"] -= 36  # the page's heading says what the title would
    layout["height"] -= 36
    del layout["title"]
    if name == "roster_gantt":
        layout["showlegend"] = False  # at the foot of a hundred rows nobody finds it: the page has a key above them
    return {
        "name": name, "heading": heading, "reading": reading, "figure": _script_json(content), "table": table,
        "csv": data_uri(table.csv()), "height": layout["height"],
    }  # fmt: skip


def data_uri(csv: str) -> str:
    """With a byte order mark, without which spreadsheets misread accents."""
    return "data:text/csv;charset=utf-8," + quote("\ufeff" + csv, safe=",;:()+-'")


@cache
def environment() -> jinja2.Environment:
    """Templates, with the ways in which the report writes numbers."""
    found = jinja2.Environment(
        loader=jinja2.PackageLoader("api", "pages/templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters.update(
        money=money, hours=hours, percent=percent, day=day, number=number, cell=_cell, tightest=tightest
    )
    return found


def _script_json(value: object) -> str:
    """JSON that may stand inside a script element: no character of it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return value
    return number(value, 0 if value == int(value) else 2)
