"""How good the forecasts of the case of a forecast or a plan have been, as JSON, as a table and as a page per campaign."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import plotly
from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse

from api.accuracy_page import accuracy_csv, accuracy_page
from api.accuracy_texts import Language
from api.forecast_loader import load_forecast
from api.plan_loader import VisiblePlan, load_view
from api.problems import ProblemError
from api.services import Service
from api.v1.plan_tables import csv_file
from data.store.database import Store
from models.forecast.accuracy_report import AccuracyReport
from wfm.errors import WfmError

router = APIRouter()
WORKERS = 2
PATIENCE_SECONDS = 30.0
_FORMATS = {"text/html": {"schema": {"type": "string"}}, "text/csv": {"schema": {"type": "string"}}}
_RESPONSES: dict[int | str, dict[str, Any]] = {200: {"content": _FORMATS}, 404: {}, 409: {}, 422: {}, 503: {}}
_one_at_a_time = Lock()


@dataclass(frozen=True)
class _Asked:
    """What is asked of accuracy, and in which form."""

    origins: Annotated[int, Query(ge=1, le=6, description="Past days to forecast from, 28 days apart.")] = 3
    campaign: Annotated[str | None, Query(description="html: whose page; without it that of the first.")] = None
    language: Annotated[Language, Query(alias="lang", description="html: language of the page.")] = "en"
    file_format: Annotated[
        Literal["json", "csv", "html"],
        Query(
            alias="format", description="json; csv: a row per campaign and volume band; html: a page of one campaign."
        ),
    ] = "json"


Wanted = Annotated[_Asked, Depends()]


@router.get(
    "/v1/forecasts/{forecast_id}/accuracy", tags=["forecasts"], response_model=AccuracyReport, responses=_RESPONSES
)
def get_accuracy(forecast_id: str, service: Service, asked: Wanted) -> AccuracyReport | Response:
    """What the method would have forecast from past days, held against what came: bias, WAPE by volume band, coverage,
    calibration, error by hour and weekday, and which member is wrong when. The first time about two seconds per campaign and
    origin; the last answers are kept.
    """
    load_forecast(service.store, forecast_id)
    return _answer(service.store, "forecast", forecast_id, asked)


@router.get("/v1/plans/{plan_id}/accuracy", tags=["plans"], response_model=AccuracyReport, responses=_RESPONSES)
def get_plan_accuracy(
    plan_id: str,
    view: VisiblePlan,  # noqa: ARG001 - refuses plans that the caller may not see
    service: Service,
    asked: Wanted,
) -> AccuracyReport | Response:
    """How good the forecasts behind a plan have been: as the accuracy of a forecast, of the plan's case."""
    return _answer(service.store, "plan", plan_id, asked)


def _answer(store: Store, kind: Literal["forecast", "plan"], its_id: str, asked: _Asked) -> AccuracyReport | Response:
    if not _one_at_a_time.acquire(timeout=PATIENCE_SECONDS):
        raise ProblemError("busy", "Other forecasts are at work and this one has waited long. Send it again later.")
    try:
        report = _report(store, kind, its_id, asked.origins)
    finally:
        _one_at_a_time.release()
    if asked.file_format == "json":
        return report
    if asked.file_format == "csv":
        return csv_file(accuracy_csv(report), "accuracy.csv")
    names = [entry.campaign for entry in report.campaigns]
    entry = next((entry for entry in report.campaigns if asked.campaign in {None, entry.campaign}), None)
    if entry is None:
        known = ", ".join(names)
        raise ProblemError("not-found", f"No accuracy is known of campaign {asked.campaign!r}. Known: {known}.")

    def link(name: str) -> str:
        return "?" + urlencode({"format": "html", "campaign": name, "lang": asked.language, "origins": asked.origins})

    script = f"/static/plotly.min.js?v={plotly.__version__}"
    return HTMLResponse(accuracy_page(report, entry, asked.language, plotly=script, link=link))


@lru_cache(maxsize=8)
def _report(store: Store, kind: Literal["forecast", "plan"], its_id: str, origins: int) -> AccuracyReport:
    """Stored forecasts and plans never change, and nor do their cases."""
    from models.forecast.accuracy import accuracy_of

    if kind == "forecast":
        made = load_forecast(store, its_id)
        case, histories, seed = made.case, made.histories, made.document.seed
    else:
        view = load_view(store, its_id)
        case, histories, seed = view.case, view.histories, view.forecast.seed
    try:
        return accuracy_of(case, histories, origins=origins, seed=seed, workers=WORKERS)
    except WfmError as error:
        raise ProblemError("no-forecast", str(error)) from error
