"""Requirements: how many productive agents a forecast means, per campaign and interval."""

from __future__ import annotations

import importlib.metadata
from datetime import datetime
from threading import Lock

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, ConfigDict, Field

from api.auth import CalledBy
from api.forecast_loader import ForecastView, load_forecast
from api.paging import PageBy1
from api.problems import ProblemError, ProblemItem, not_found
from api.services import Service
from api.v1.plan_tables import TableFormat, csv_file
from data.export.requirement import requirement_csv
from data.store.cases import find_case, load_case
from data.store.forecasts import find_forecast
from data.store.requirements import add_requirement, find_requirement, find_requirement_of, list_requirements
from data.store.tables import StoredRequirement
from wfm.clock import tzdata_version
from wfm.errors import WfmError
from wfm.requirement import Requirement

router = APIRouter(prefix="/v1/requirements", tags=["requirements"])
_one_at_a_time = Lock()


class RequirementRequest(BaseModel):
    """Of what."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"forecast_id": "750f013235bbef06"}]})

    forecast_id: str = Field(description="Id of a stored forecast.")


class RequirementEntry(BaseModel):
    """The work that a forecast means. It never changes."""

    id: str
    forecast_id: str
    case_id: str
    created_at: datetime = Field(description="UTC.")
    versions: dict[str, str] = Field(description="Versions of the programs that made it.")


class CampaignWork(BaseModel):
    """Work of one campaign. Series have one value per interval."""

    campaign: str
    agent_hours: float = Field(description="Productive agent-hours of work over the plan.")
    peak_agents: float = Field(description="Most productive agents wanted at once.")
    volume: list[float] = Field(description="Contacts, or records to dial.")
    aht_seconds: list[float] = Field(description="Mean handling time, seconds.")
    net_agents: list[float] = Field(
        description="Productive agents wanted; outbound and deferrable work is spread evenly over its open intervals."
    )
    service_level: list[float] | None = Field(description="Inbound: share answered in time with so many agents.")
    service_level_definition: str | None
    method: str = Field(description="How it was reckoned.")


class RequirementView(RequirementEntry):
    """A requirement with its figures. Interval i starts i x interval_minutes after `start`."""

    start: datetime = Field(description="Start of interval 0, UTC.")
    interval_minutes: int
    intervals: int
    campaigns: list[CampaignWork]


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses={200: {"model": RequirementView, "description": "Reckoned before"}, 409: {}, 422: {}},
)
def post_requirement(
    wanted: RequirementRequest, response: Response, service: Service, caller: CalledBy
) -> RequirementView:
    """Reckon how many productive agents a forecast means, and answer when it is done: mostly within a second; the first time
    after an installation some ten seconds more. A forecast has one requirement: safe to send again.
    """
    with service.store.read() as session:
        known, forecast = find_requirement_of(session, wanted.forecast_id), find_forecast(session, wanted.forecast_id)
        if known is not None:
            response.status_code = status.HTTP_200_OK
            response.headers["Location"] = f"/v1/requirements/{known.id}"
            return _view(known)
    if forecast is None:
        item = ProblemItem(
            reason="There is no such forecast.", pointer="/forecast_id", value=wanted.forecast_id[:200],
            mend="POST /v1/forecasts makes one.",
        )  # fmt: skip
        detail = f"There is no forecast {wanted.forecast_id[:200]!r}. GET /v1/forecasts lists them."
        raise ProblemError("request-invalid", detail, [item])
    requirement = _reckoned(load_forecast(service.store, wanted.forecast_id))
    versions = {"wfm-planner": importlib.metadata.version("wfm-planner"), "tzdata": tzdata_version()}
    with service.store.write(caller.actor) as session:
        stored, is_new = add_requirement(session, forecast, requirement, versions)
        view = _view(stored)
    response.status_code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
    response.headers["Location"] = f"/v1/requirements/{view.id}"
    return view


def _reckoned(view: ForecastView) -> Requirement:
    from models.staffing.requirement import build_requirement  # numba takes a second to load

    try:
        with _one_at_a_time:
            return build_requirement(view.case, view.document)
    except WfmError as error:
        raise ProblemError("no-requirement", str(error)) from error


@router.get("", responses={422: {}})
def get_requirements(service: Service, page: PageBy1) -> list[RequirementEntry]:
    """Stored requirements, newest first."""
    with service.store.read() as session:
        rows = list_requirements(session, page.limit + 1, after_row=page.after)
    return [_entry(row) for row in page.cut(rows, lambda row: (row.created_at, row.id))]


@router.get(
    "/{requirement_id}",
    response_model=RequirementView,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, 404: {}},
)
def get_requirement(
    requirement_id: str, service: Service, file_format: TableFormat = "json"
) -> RequirementView | Response:
    """One requirement with its figures per campaign and interval."""
    with service.store.read() as session:
        stored = find_requirement(session, requirement_id)
        if stored is None:
            raise not_found("requirement", requirement_id)
        if file_format == "json":
            return _view(stored)
        case = find_case(session, stored.case_id)
        assert case is not None, "a foreign key holds the case"  # noqa: S101 - an invariant of the tables
        text = requirement_csv(load_case(case), Requirement.from_json(stored.document))
    return csv_file(text, "requirement.csv")


def _entry(stored: StoredRequirement) -> RequirementEntry:
    return RequirementEntry(
        id=stored.id, forecast_id=stored.forecast_id, case_id=stored.case_id, created_at=stored.created_at,
        versions=stored.versions,
    )  # fmt: skip


def _view(stored: StoredRequirement) -> RequirementView:
    """Needs the open session that `stored` came from."""
    requirement = Requirement.from_json(stored.document)
    grid = requirement.grid
    hours = grid.interval_minutes / 60
    campaigns = [
        CampaignWork(
            campaign=entry.campaign,
            agent_hours=round(entry.work / 1000 * hours, 6),
            peak_agents=max(entry.net_agents, default=0.0),
            volume=list(entry.volume),
            aht_seconds=list(entry.aht_seconds),
            net_agents=list(entry.net_agents),
            service_level=None if entry.service_level is None else list(entry.service_level),
            service_level_definition=entry.service_level_definition,
            method=entry.method,
        )
        for entry in requirement.campaigns
    ]
    return RequirementView(
        **_entry(stored).model_dump(), start=grid.start, interval_minutes=grid.interval_minutes, intervals=grid.slots,
        campaigns=campaigns,
    )  # fmt: skip
