"""How good the forecasts of a forecast's case have been, as JSON, as a table and as a page per campaign."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import Annotated, Literal
from urllib.parse import urlencode

import plotly
from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

from api.accuracy_page import accuracy_csv, accuracy_page
from api.accuracy_texts import Language
from api.forecast_loader import load_forecast
from api.problems import ProblemError
from api.services import Service
from api.v1.plan_tables import csv_file
from data.store.database import Store
from models.forecast.accuracy_report import AccuracyReport
from wfm.errors import WfmError

router = APIRouter(prefix="/v1/forecasts/{forecast_id}/accuracy", tags=["forecasts"])
WORKERS = 2
PATIENCE_SECONDS = 30.0
_FORMATS = {"text/html": {"schema": {"type": "string"}}, "text/csv": {"schema": {"type": "string"}}}
_one_at_a_time = Lock()


@router.get(
    "", response_model=AccuracyReport, responses={200: {"content": _FORMATS}, 404: {}, 409: {}, 422: {}, 503: {}}
)
def get_accuracy(
    forecast_id: str,
    service: Service,
    origins: Annotated[int, Query(ge=1, le=6, description="Past days to forecast from, 28 days apart.")] = 3,
    campaign: Annotated[str | None, Query(description="html: whose page; without it that of the first.")] = None,
    language: Annotated[Language, Query(alias="lang", description="html: language of the page.")] = "en",
    file_format: Annotated[
        Literal["json", "csv", "html"],
        Query(
            alias="format", description="json; csv: a row per campaign and volume band; html: a page of one campaign."
        ),
    ] = "json",
) -> AccuracyReport | Response:
    """What the method would have forecast from past days, held against what came: bias, WAPE by volume band, coverage,
    calibration, error by hour and weekday, and which member is wrong when. The first time about two seconds per campaign and
    origin; the last answers are kept.
    """
    view = load_forecast(service.store, forecast_id)
    if not _one_at_a_time.acquire(timeout=PATIENCE_SECONDS):
        raise ProblemError("busy", "Other forecasts are at work and this one has waited long. Send it again later.")
    try:
        report = _report(service.store, view.id, origins)
    finally:
        _one_at_a_time.release()
    if file_format == "json":
        return report
    if file_format == "csv":
        return csv_file(accuracy_csv(report), "accuracy.csv")
    names = [entry.campaign for entry in report.campaigns]
    entry = next((entry for entry in report.campaigns if campaign in {None, entry.campaign}), None)
    if entry is None:
        raise ProblemError("not-found", f"No accuracy is known of campaign {campaign!r}. Known: {', '.join(names)}.")

    def link(name: str) -> str:
        return "?" + urlencode({"format": "html", "campaign": name, "lang": language, "origins": origins})

    script = f"/static/plotly.min.js?v={plotly.__version__}"
    return HTMLResponse(accuracy_page(report, entry, language, plotly=script, link=link))


@lru_cache(maxsize=8)
def _report(store: Store, forecast_id: str, origins: int) -> AccuracyReport:
    """Stored forecasts never change, and nor do their cases."""
    from models.forecast.accuracy import accuracy_of

    view = load_forecast(store, forecast_id)
    try:
        return accuracy_of(view.case, view.histories, origins=origins, seed=view.document.seed, workers=WORKERS)
    except WfmError as error:
        raise ProblemError("no-forecast", str(error)) from error
