"""Forecasts: points and quantiles, the planner's overrides, versions, and what became of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, ConfigDict, Field

from api.auth import CalledBy
from api.forecast_loader import ForecastView, load_forecast, next_version, view_of
from api.idempotency import IdempotencyKey, Once
from api.job_queue import queue_job
from api.paging import PageBy1
from api.problems import ProblemError, ProblemItem, not_found
from api.services import Service
from api.v1.jobs import Job
from api.v1.plan_tables import TableFormat, csv_file
from data.export.forecast import forecast_csv
from data.store.cases import find_case, load_histories
from data.store.forecasts import list_forecasts, list_versions
from data.store.tables import JobKind
from models.forecast.outcome import Outcome, outcomes
from wfm.clock import zone
from wfm.demand import QUANTILES, CampaignForecast
from wfm.override import Override

router = APIRouter(prefix="/v1/forecasts", tags=["forecasts"])
_CSV = {"content": {"text/csv": {"schema": {"type": "string"}}}}
Campaign = Annotated[str | None, Query(description="Only this campaign.")]


class ForecastRequest(BaseModel):
    """What to forecast."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"case_id": "5f0c2a9be1d34c77", "seed": 0}]}
    )

    case_id: str = Field(description="Id of a stored case.")
    seed: int = Field(0, ge=0, lt=2**31, description="Seed of everything random.")
    workers: int = Field(2, ge=1, le=64, description="Threads; the forecast does not depend on them.")


class OverrideEntry(BaseModel):
    """An override in force in a version of a forecast."""

    id: str = Field(description="To remove it with.")
    override: Override


class CampaignSummary(BaseModel):
    """One campaign of a forecast."""

    campaign: str
    unit: str = Field(description="contacts offered, or records to dial (outbound).")
    time_zone: str = Field(description="Clock of the market.")
    total: float = Field(description="Mean over the days planned, in that unit.")
    modelled_total: float = Field(description="The same by the models alone, before lists and overrides.")
    reach_rate: float | None = Field(description="Outbound: right-party contacts per attempt.")
    method: str = Field(description="How it was made: members, weights and why, lists, overrides.")


class ForecastEntry(BaseModel):
    """A version of a forecast. It never changes: an override makes the next version."""

    id: str
    version: int = Field(description="Counts from 1; overrides added or removed make the next one.")
    case_id: str = Field(description="The case with the overrides of this version: plan it to use them.")
    created_at: datetime = Field(description="UTC.")
    seed: int
    overrides: int = Field(description="Overrides in force.")


class ForecastSummary(ForecastEntry):
    """A version of a forecast and what it expects."""

    first_day: date
    days: int
    interval_minutes: int
    campaigns: list[CampaignSummary]


class Point(BaseModel):
    """One interval of one campaign."""

    campaign: str
    start: datetime = Field(description="Start of the interval, UTC.")
    start_local: datetime = Field(description="Wall time of the market, with its offset.")
    mean: float = Field(description="Contacts offered, or records to dial (outbound).")
    aht_seconds: float = Field(description="Mean handling time, seconds.")


class DayQuantiles(BaseModel):
    """One day of one campaign, of the market's calendar."""

    campaign: str
    day: date
    mean: float
    quantiles: list[float] = Field(description="At `levels`.")


class Quantiles(BaseModel):
    """Days with their distribution; those of intervals are in the CSV of `points`."""

    levels: list[float]
    days: list[DayQuantiles]


def _entry(view: ForecastView) -> ForecastEntry:
    return ForecastEntry(
        id=view.id, version=view.version, case_id=view.case_id, created_at=view.created_at, seed=view.document.seed,
        overrides=len(view.case.overrides),
    )  # fmt: skip


@router.post(
    "",
    status_code=status.HTTP_202_ACCEPTED,
    responses={202: {"headers": {"Location": {"description": "The job.", "schema": {"type": "string"}}}}, 422: {}},
)
def post_forecast(
    wanted: ForecastRequest,
    response: Response,
    service: Service,
    caller: CalledBy,
    idempotency_key: IdempotencyKey = None,
) -> Job:
    """Ask for the forecast of a case alone, its lists and overrides included. The answer is a job to follow; its `forecast_id` is
    there when it is done.
    """
    parameters = wanted.model_dump(exclude={"case_id"})
    job = queue_job(service, caller, JobKind.FORECAST, wanted.case_id, parameters, idempotency_key)
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return job


@router.get("", responses={422: {}})
def get_forecasts(service: Service, page: PageBy1) -> list[ForecastEntry]:
    """Stored forecasts, newest first."""
    with service.store.read() as session:
        found = list_forecasts(session, page.limit + 1, after_row=page.after)
        rows = page.cut(found, lambda row: (row.created_at, row.id))
        return [_entry(view_of(session, stored)) for stored in rows]


@router.get("/{forecast_id}", responses={404: {}})
def get_forecast(forecast_id: str, service: Service) -> ForecastSummary:
    """What a forecast expects of each campaign, and how it was made."""
    view = load_forecast(service.store, forecast_id)
    before = {entry.campaign: sum(entry.mean) for entry in view.modelled.campaigns}
    campaigns = [
        CampaignSummary(
            campaign=entry.campaign,
            unit="records to dial" if entry.reach_rate is not None else "contacts offered",
            time_zone=_clock(view, entry.campaign),
            total=round(sum(entry.mean), 6),
            modelled_total=round(before[entry.campaign], 6),
            reach_rate=entry.reach_rate,
            method=entry.method,
        )
        for entry in view.document.campaigns
    ]
    return ForecastSummary(
        **_entry(view).model_dump(), first_day=view.case.first_day, days=view.case.days,
        interval_minutes=view.case.interval_minutes, campaigns=campaigns,
    )  # fmt: skip


def _clock(view: ForecastView, campaign: str) -> str:
    return view.case.market_by_id[view.case.campaign_by_id[campaign].market].time_zone


@router.get("/{forecast_id}/points", response_model=list[Point], responses={200: _CSV, 404: {}})
def get_points(
    forecast_id: str, service: Service, campaign: Campaign = None, file_format: TableFormat = "json"
) -> list[Point] | Response:
    """Mean volume and handling time per interval; the CSV has the 13 quantiles of each too."""
    view = load_forecast(service.store, forecast_id)
    document = view.document.model_copy(update={"campaigns": _of(view, campaign)})
    if file_format == "csv":
        return csv_file(forecast_csv(view.case, document), "forecast.csv")
    grid = document.grid
    return [
        Point(
            campaign=entry.campaign,
            start=grid.instant(slot),
            start_local=grid.instant(slot).astimezone(zone(_clock(view, entry.campaign))),
            mean=entry.mean[slot],
            aht_seconds=entry.aht_seconds[slot],
        )
        for entry in document.campaigns
        for slot in range(grid.slots)
    ]


@router.get("/{forecast_id}/quantiles", responses={404: {}})
def get_quantiles(forecast_id: str, service: Service, campaign: Campaign = None) -> Quantiles:
    """The distribution of each day's volume, on the market's calendar."""
    view = load_forecast(service.store, forecast_id)
    days = [
        DayQuantiles(
            campaign=entry.campaign,
            day=day,
            mean=entry.day_mean[place],
            quantiles=[row[place] for row in entry.day_quantiles],
        )
        for entry in _of(view, campaign)
        for place, day in enumerate(entry.days)
    ]
    return Quantiles(levels=list(QUANTILES), days=days)


def _of(view: ForecastView, campaign: str | None) -> tuple[CampaignForecast, ...]:
    entries = tuple(entry for entry in view.document.campaigns if campaign in {None, entry.campaign})
    if not entries:
        raise ProblemError("not-found", f"The forecast has no campaign {campaign!r}.")
    return entries


@router.get("/{forecast_id}/versions", responses={404: {}})
def get_versions(forecast_id: str, service: Service) -> list[ForecastEntry]:
    """All versions of the same forecast, the first first."""
    view = load_forecast(service.store, forecast_id)
    with service.store.read() as session:
        return [_entry(view_of(session, stored)) for stored in list_versions(session, view.origin)]


@router.get("/{forecast_id}/overrides", responses={404: {}})
def get_overrides(forecast_id: str, service: Service) -> list[OverrideEntry]:
    """The overrides in force in this version, in the order in which they apply."""
    view = load_forecast(service.store, forecast_id)
    return [OverrideEntry(id=_override_id(override), override=override) for override in view.case.overrides]


def _override_id(override: Override) -> str:
    return override.content_hash()[:12]


@router.post("/{forecast_id}/overrides", status_code=status.HTTP_201_CREATED, responses={404: {}, 422: {}})
def post_override(
    forecast_id: str,
    override: Override,
    response: Response,
    service: Service,
    caller: CalledBy,
    idempotency_key: IdempotencyKey = None,
) -> ForecastEntry:
    """Override a campaign's volume; the answer is the next version, which has it. Nothing is fitted anew."""
    view = load_forecast(service.store, forecast_id)
    request = ("override", forecast_id, override.to_dict())
    with service.store.write(caller.actor) as session:
        before = Once(session, caller, idempotency_key, *request).made
    if before is not None:
        response.headers["Location"] = f"/v1/forecasts/{before}"
        return _entry(load_forecast(service.store, before))
    if override.campaign not in view.case.campaign_by_id:
        item = ProblemItem(reason="There is no such campaign.", pointer="/campaign", value=override.campaign)
        raise ProblemError("request-invalid", f"The case has no campaign {override.campaign!r}.", [item])
    if override in view.case.overrides:
        item = ProblemItem(reason="The same override is in force already.", mend="Change it, or leave it.")
        raise ProblemError("request-invalid", item.reason, [item])
    made = next_version(
        service.store, view, (*view.case.overrides, override), caller.actor,
        once=lambda session: Once(session, caller, idempotency_key, *request),
    )  # fmt: skip
    response.headers["Location"] = f"/v1/forecasts/{made.id}"
    return _entry(made)


@router.delete("/{forecast_id}/overrides/{override_id}", responses={404: {}})
def delete_override(forecast_id: str, override_id: str, service: Service, caller: CalledBy) -> ForecastEntry:
    """Take an override back; the answer is the next version, without it."""
    view = load_forecast(service.store, forecast_id)
    left = tuple(override for override in view.case.overrides if _override_id(override) != override_id)
    if len(left) == len(view.case.overrides):
        raise ProblemError("not-found", f"No override {override_id!r} is in force in forecast {forecast_id}.")
    return _entry(next_version(service.store, view, left, caller.actor))


@router.get("/{forecast_id}/outcome", responses={404: {}})
def get_outcome(
    forecast_id: str,
    service: Service,
    actuals: Annotated[str, Query(description="Id of a later case whose history holds what came.")],
) -> list[Outcome]:
    """The forecast held against what came: by the models alone, and as the planner left it."""
    view = load_forecast(service.store, forecast_id)
    with service.store.read() as session:
        later = find_case(session, actuals)
        if later is None:
            raise not_found("case", actuals)
        histories = load_histories(later)
    return outcomes(view.case, view.modelled, view.document, histories)
