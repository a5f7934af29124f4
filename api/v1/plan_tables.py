"""The content of a plan as tables: roster, purchases, coverage, costs, advice, and what is proven and checked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field, TypeAdapter

from api.auth import CalledBy
from api.figures import TABLES, PlanView
from api.kept import answer_json, pack
from api.plan_loader import VisiblePlan, VisibleRow, load_view_of_site
from api.services import Service
from data.export.advice import advice_csv
from data.export.capacity_requests import capacity_requests_csv
from data.export.compliance import compliance_csv
from data.export.roster import roster_csv
from data.store.database import Store
from data.store.tables import PlanState
from wfm.advice import Advice
from wfm.blocks import productive_hours, purchase_times, seats
from wfm.check import check_plan
from wfm.clock import zone
from wfm.compliance import Evidence
from wfm.coverage import unmet
from wfm.plan import IDLE, Bill, Certificate, Purchase, Segment, Shift
from wfm.requirement import MILLI
from wfm.violation import Violation

router = APIRouter(prefix="/v1/plans/{plan_id}", tags=["plans"])
TableFormat = Annotated[Literal["json", "csv"], Query(alias="format", description="json, or csv for a file.")]
_CSV = {"content": {"text/csv": {"schema": {"type": "string"}}}}


class RosterRow(BaseModel):
    """One activity of one shift."""

    agent: str
    site: str
    day: date = Field(description="Local day of the site on which the shift starts.")
    pattern: str = Field(description="Shift pattern.")
    activity: str = Field(description="work, break or idle (paid, no campaign needs the agent).")
    campaign: str | None = Field(description="Campaign worked, for work.")
    break_name: str | None = Field(description="Name of the break, for a break.")
    start: datetime = Field(description="UTC.")
    end: datetime = Field(description="UTC.")
    start_local: datetime = Field(description="Wall time of the site, with its offset.")
    end_local: datetime = Field(description="Wall time of the site, with its offset.")
    time_zone: str = Field(description="Clock of the site.")
    minutes: int = Field(description="Elapsed minutes.")


_ROWS = TypeAdapter(list[RosterRow])


class PurchaseRow(BaseModel):
    """Seats bought from a partner for one campaign, day and block shift."""

    partner: str
    city: str
    campaign: str
    day: date = Field(description="Local day of the partner.")
    shift: str = Field(description="Block shift of the partner.")
    start: datetime = Field(description="UTC.")
    end: datetime = Field(description="UTC.")
    start_local: datetime = Field(description="Wall time of the partner, with its offset.")
    end_local: datetime = Field(description="Wall time of the partner, with its offset.")
    time_zone: str = Field(description="Clock of the partner.")
    blocks: int = Field(description="Blocks bought.")
    seats: int = Field(description="Seats bought: blocks x seats per block.")
    productive_hours: float = Field(description="Hours billed: seats x elapsed hours.")


class CampaignCoverage(BaseModel):
    """Productive agents of one campaign, one value per slot; an own agent counts less unplanned shrinkage."""

    campaign: str
    required: list[float] = Field(description="Productive agents wanted; deferrable and outbound work spread evenly.")
    in_house: list[float] = Field(description="Productive own agents.")
    partner: list[float] = Field(description="Productive partner seats, in terms of own agents.")
    missing_hours: float = Field(description="Productive agent-hours of work left undone, over the plan.")


class Coverage(BaseModel):
    """What is wanted and what is there. Slot i starts i x interval_minutes after `start`."""

    start: datetime = Field(description="Start of slot 0, UTC.")
    interval_minutes: int
    slots: int
    time_zone: str = Field(description="Clock of the own sites, for display.")
    campaigns: list[CampaignCoverage]


@router.get("/roster", response_model=list[RosterRow], responses={200: _CSV, 404: {}})
def get_roster(
    request: Request,
    plan_id: str,
    view: VisiblePlan,
    stored: VisibleRow,
    service: Service,
    caller: CalledBy,
    file_format: TableFormat = "json",
    first_day: Annotated[date | None, Query(description="First day of shifts to give, with json.")] = None,
    last_day: Annotated[date | None, Query(description="Last day of shifts to give, with json.")] = None,
) -> list[RosterRow] | Response:
    """Who works when on what: a row per activity. The CSV is the canonical roster layout, and always whole."""
    if file_format == "csv":
        published = stored.state is PlanState.PUBLISHED
        text = roster_csv(view.case, view.plan, version=str(stored.version), published=published)
        return csv_file(text, "roster.csv")
    days = (first_day or date.min, last_day or date.max)
    return answer_json(request, _roster_json(service.store, plan_id, caller.site, *days))


@router.get("/purchases", response_model=list[PurchaseRow], responses={200: _CSV, 404: {}})
def get_purchases(
    view: VisiblePlan, stored: VisibleRow, file_format: TableFormat = "json"
) -> list[PurchaseRow] | Response:
    """What is bought from partners: a row per campaign, day and block shift."""
    if file_format == "csv":
        version = str(stored.version)
        return csv_file(capacity_requests_csv(view.case, view.plan, version=version), "capacity_requests.csv")
    return [_purchase_row(view, purchase) for purchase in view.plan.purchases]


@router.get("/coverage", response_model=Coverage, responses={200: _CSV, 404: {}})
def get_coverage(view: VisiblePlan, file_format: TableFormat = "json") -> Coverage | Response:
    """Productive agents wanted, own and bought, per campaign and interval."""
    if file_format == "csv":
        return csv_file(TABLES["coverage"](view).csv(), "coverage.csv")
    grid = view.plan.grid
    hours_per_milli_slot = grid.interval_minutes / 60 / MILLI
    campaigns = []
    for entry in view.requirement.campaigns:
        there = view.capacity[entry.campaign]
        campaigns.append(
            CampaignCoverage(
                campaign=entry.campaign,
                required=list(entry.net_agents),
                in_house=(there.own / MILLI).tolist(),
                partner=(there.partner / MILLI).tolist(),
                missing_hours=int(unmet(entry, there.total).sum()) * hours_per_milli_slot,
            )
        )
    return Coverage(
        start=grid.start,
        interval_minutes=grid.interval_minutes,
        slots=grid.slots,
        time_zone=view.case.home_zone.key,
        campaigns=campaigns,
    )


@router.get("/costs", responses={404: {}})
def get_costs(view: VisiblePlan) -> Bill:
    """The bill, line by line; it was recomputed and compared to the cent before the plan was stored."""
    return view.plan.bill


@router.get("/certificate", responses={404: {}})
def get_certificate(view: VisiblePlan) -> Certificate:
    """What is proven: no plan of this case costs less than `bound_cents`."""
    return view.plan.certificate


@router.get("/violations", responses={404: {}})
def get_violations(view: VisiblePlan) -> list[Violation]:
    """The independent check, run anew on what is stored: [] for a plan that keeps every hard rule."""
    return check_plan(view.case, view.requirement, view.plan)


@router.get("/compliance", response_model=list[Evidence], responses={200: _CSV, 404: {}})
def get_compliance(view: VisiblePlan, file_format: TableFormat = "json") -> list[Evidence] | Response:
    """Every rule of law in force during the plan: how many things were held against it, and which came nearest to its limit."""
    if file_format == "csv":
        return csv_file(compliance_csv(view.case, view.requirement, view.plan), "compliance.csv")
    return view.compliance


@router.get("/advice", response_model=list[Advice], responses={200: _CSV, 404: {}})
def get_advice(view: VisiblePlan, file_format: TableFormat = "json") -> Sequence[Advice] | Response:
    """Who stands by when a feast is not certain and what that would cost, and who is free when only the customers have a
    holiday. Money is in minor units of the plan's currency.
    """
    if file_format == "csv":
        return csv_file(advice_csv(view.case, view.requirement, view.plan), "advice.csv")
    return view.advice


def csv_file(text: str, name: str) -> Response:
    """A table for download."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@lru_cache(maxsize=32)
def _roster_json(store: Store, plan_id: str, site: str | None, first_day: date, last_day: date) -> bytes:
    view = load_view_of_site(store, plan_id, site)
    shifts = sorted(view.plan.shifts, key=lambda shift: (shift.agent, shift.first_slot))
    rows = [
        _roster_row(view, shift, segment)
        for shift in shifts
        if first_day <= shift.day <= last_day
        for segment in shift.segments
    ]
    return pack(_ROWS.dump_json(rows))


def _roster_row(view: PlanView, shift: Shift, segment: Segment) -> RosterRow:
    grid = view.plan.grid
    site = view.case.site_by_id[view.case.agent_by_id[shift.agent].site]
    start, end = grid.instant(segment.first_slot), grid.instant(segment.last_slot)
    pause = segment.break_name
    activity = "break" if pause is not None else "idle" if segment.activity == IDLE else "work"
    return RosterRow(
        agent=shift.agent, site=site.id, day=shift.day, pattern=shift.pattern, activity=activity,
        campaign=segment.activity if activity == "work" else None, break_name=pause, start=start, end=end,
        start_local=start.astimezone(zone(site.time_zone)), end_local=end.astimezone(zone(site.time_zone)),
        time_zone=site.time_zone, minutes=segment.slots * grid.interval_minutes,
    )  # fmt: skip


def _purchase_row(view: PlanView, purchase: Purchase) -> PurchaseRow:
    partner = view.case.partner_by_id[purchase.partner]
    start, end = purchase_times(view.case, purchase)
    return PurchaseRow(
        partner=partner.id, city=partner.city, campaign=purchase.campaign, day=purchase.day, shift=purchase.shift,
        start=start, end=end, start_local=start.astimezone(zone(partner.time_zone)),
        end_local=end.astimezone(zone(partner.time_zone)), time_zone=partner.time_zone, blocks=purchase.blocks,
        seats=seats(view.case, purchase), productive_hours=float(productive_hours(view.case, purchase)),
    )  # fmt: skip
