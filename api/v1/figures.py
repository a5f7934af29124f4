"""Figures and the report of a plan."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from api.access import Caller
from api.auth import CalledBy
from api.figures import FIGURES, TABLES
from api.kept import answer_json, pack
from api.pages.home import figure_page
from api.plan_loader import VisiblePlan, load_view_of_site
from api.problems import ProblemError
from api.report import render_report
from api.services import Service
from api.v1.plan_tables import csv_file
from data.store.database import Store

router = APIRouter(prefix="/v1/plans/{plan_id}", tags=["figures"])
WITHOUT_MONEY = frozenset(("coverage", "coverage_heatmap", "forecast_fan", "roster_gantt"))
"""Figures for those who see no costs; whatever is not named here may show some."""
_FORMATS = {"text/html": {"schema": {"type": "string"}}, "text/csv": {"schema": {"type": "string"}}}


class FigureEntry(BaseModel):
    """A figure and where it is."""

    name: str
    href: str = Field(
        description="Plotly figure (data and layout) as JSON; ?format=html draws it, ?format=csv tabulates it."
    )


@router.get("/figures", responses={404: {}})
def get_figures(plan_id: str, _view: VisiblePlan, caller: CalledBy) -> list[FigureEntry]:
    """The figures there are."""
    return [FigureEntry(name=name, href=f"/v1/plans/{plan_id}/figures/{name}") for name in _names(caller)]


@router.get("/figures/{name}", response_model=None, responses={200: {"content": _FORMATS}, 404: {}})
def get_figure(
    request: Request,
    plan_id: str,
    name: str,
    service: Service,
    view: VisiblePlan,
    caller: CalledBy,
    figure_format: Annotated[
        Literal["json", "html", "csv"],
        Query(
            alias="format", description="json: Plotly figure; html: a page that draws it; csv: its figures as a table."
        ),
    ] = "json",
) -> Response:
    """One figure of a plan. Its times are wall times; the axis says whose."""
    if name not in _names(caller):
        raise ProblemError("not-found", f"There is no figure {name!r}. Figures are {', '.join(_names(caller))}.")
    if figure_format == "html":
        return figure_page(plan_id, name, view)
    if figure_format == "csv":
        return csv_file(TABLES[name](view).csv(), f"{name}.csv")
    headers = {
        "Cache-Control": "private, max-age=3600"
    }  # a stored plan never changes, a new version may draw it otherwise
    return answer_json(request, _figure_json(service.store, plan_id, caller.site, name), headers)


@router.get("/report", response_class=HTMLResponse, responses={404: {}})
def get_report(plan_id: str, view: VisiblePlan) -> HTMLResponse:
    """The whole plan as one page that needs nothing else: for mail and archive."""
    return HTMLResponse(render_report(view, accuracy=f"/plans/{plan_id}/accuracy"))


def _names(caller: Caller) -> list[str]:
    return [name for name in FIGURES if caller.sees_costs or name in WITHOUT_MONEY]


@lru_cache(maxsize=64)
def _figure_json(store: Store, plan_id: str, site: str | None, name: str) -> bytes:
    text = FIGURES[name](load_view_of_site(store, plan_id, site)).to_json()
    return pack(str(text).encode())
