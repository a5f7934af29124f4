"""How good the forecasts of the case of a forecast or a plan have been: as JSON, as a table and as a page per campaign."""

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
from api.plan_loader import load_view
from api.problems import ProblemError
from api.services import Service
from api.v1.plan_tables import csv_file
from data.store.database import Store
from models.forecast.accuracy_report import AccuracyReport
from wfm.errors import WfmError

router = APIRouter(prefix="/v1/forecasts/{forecast_id}/accuracy", tags=["forecasts"])
Kind = Literal["forecast", "plan"]
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
    load_forecast(service.store, forecast_id)
    report = accuracy_report(service.store, "forecast", forecast_id, origins)
    if file_format == "json":
        return report
    if file_format == "csv":
        return csv_file(accuracy_csv(report), "accuracy.csv")
    return campaign_page(report, campaign, language, origins)


def campaign_page(report: AccuracyReport, campaign: str | None, language: Language, origins: int) -> HTMLResponse:
    """The page of one campaign, without one that of the first, with links to the others at the same address. Raises ProblemError
    for one of which nothing is known.
    """
    names = [entry.campaign for entry in report.campaigns]
    entry = next((entry for entry in report.campaigns if campaign in {None, entry.campaign}), None)
    if entry is None:
        raise ProblemError("not-found", f"No accuracy is known of campaign {campaign!r}. Known: {', '.join(names)}.")

    def link(name: str) -> str:
        return "?" + urlencode({"format": "html", "campaign": name, "lang": language, "origins": origins})

    script = f"/static/plotly.min.js?v={plotly.__version__}"
    return HTMLResponse(accuracy_page(report, entry, language, plotly=script, link=link))


def accuracy_report(store: Store, kind: Kind, its_id: str, origins: int) -> AccuracyReport:
    """Accuracy over the case of a stored forecast or plan; one is computed at a time. Raises ProblemError when others take too
    long, or when its history is too short.
    """
    if not _one_at_a_time.acquire(timeout=PATIENCE_SECONDS):
        raise ProblemError("busy", "Other forecasts are at work and this one has waited long. Send it again later.")
    try:
        return _report(store, kind, its_id, origins)
    finally:
        _one_at_a_time.release()


@lru_cache(maxsize=8)
def _report(store: Store, kind: Kind, its_id: str, origins: int) -> AccuracyReport:
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
