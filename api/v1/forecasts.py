"""Forecasts by themselves: asked for here, made by a job. A plan brings its own."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, ConfigDict, Field

from api.problems import ProblemError, ProblemItem, not_found
from api.request_log import current_request
from api.services import Service, Services
from api.v1.jobs import Job, job_view
from api.v1.plan_tables import csv_file
from data.export.forecast import forecast_csv
from data.store.cases import find_case, load_case
from data.store.forecasts import find_forecast, list_forecasts
from data.store.jobs import add_job
from data.store.tables import JobKind, StoredForecast
from wfm.demand import Forecast

router = APIRouter(prefix="/v1/forecasts", tags=["forecasts"])


class ForecastRequest(BaseModel):
    """What to forecast."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"case_id": "5f0c2a9be1d34c77", "seed": 0}]}
    )

    case_id: str = Field(description="Id of a stored case.")
    seed: int = Field(0, ge=0, lt=2**31, description="Seed of everything random.")
    workers: int = Field(2, ge=1, le=64, description="Threads; the forecast does not depend on them.")


class ForecastEntry(BaseModel):
    """A stored forecast."""

    id: str
    case_id: str
    job_id: str
    seed: int
    created_at: datetime = Field(description="When it was stored, UTC.")


@router.post(
    "",
    status_code=status.HTTP_202_ACCEPTED,
    responses={202: {"headers": {"Location": {"description": "The job.", "schema": {"type": "string"}}}}, 422: {}},
)
def post_forecast(wanted: ForecastRequest, response: Response, service: Service) -> Job:
    """Ask for the forecast of a case alone. The answer is a job to follow; its `forecast_id` is there when it is done."""
    with service.store.write() as session:
        if find_case(session, wanted.case_id) is None:
            item = ProblemItem(
                reason="There is no such case.", pointer="/case_id", value=wanted.case_id, mend="POST it first."
            )
            raise ProblemError(
                "request-invalid", f"There is no case {wanted.case_id!r}. GET /v1/cases lists them.", [item]
            )
        parameters = wanted.model_dump(exclude={"case_id"})
        queued = add_job(session, wanted.case_id, parameters, None, kind=JobKind.FORECAST, request_id=current_request())
        job = job_view(queued, None)
    service.runner.wake()
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return job


@router.get("")
def get_forecasts(
    service: Service, limit: Annotated[int, Query(ge=1, le=1000, description="Most entries to list.")] = 100
) -> list[ForecastEntry]:
    """Stored forecasts, newest first."""
    with service.store.read() as session:
        return [_entry(stored) for stored in list_forecasts(session, limit)]


@router.get(
    "/{forecast_id}",
    response_model=Forecast,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, 404: {}},
)
def get_forecast(
    forecast_id: str,
    service: Service,
    file_format: Annotated[
        Literal["json", "csv"], Query(alias="format", description="json, or csv for a file.")
    ] = "json",
) -> Response:
    """Volumes and handling times of every campaign and interval, with their quantiles; and how each was forecast."""
    stored, text = _load(service, forecast_id, as_csv=file_format == "csv")
    if file_format == "csv":
        return csv_file(text, "forecast.csv")
    return Response(stored.document, media_type="application/json")


def _load(service: Services, forecast_id: str, *, as_csv: bool) -> tuple[StoredForecast, str]:
    with service.store.read() as session:
        stored = find_forecast(session, forecast_id)
        if stored is None:
            raise not_found("forecast", forecast_id)
        document = stored.document  # loads it while the session is open
        if not as_csv:
            return stored, ""
        stored_case = find_case(session, stored.case_id)
        assert stored_case is not None, "a foreign key holds the case"  # noqa: S101 - an invariant of the tables
        return stored, forecast_csv(load_case(stored_case), Forecast.from_json(document))


def _entry(stored: StoredForecast) -> ForecastEntry:
    return ForecastEntry(
        id=stored.id, case_id=stored.case_id, job_id=stored.job_id, seed=stored.seed, created_at=stored.created_at
    )
