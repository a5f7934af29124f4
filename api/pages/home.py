"""The pages: the latest plan with its figures, running jobs, a form to send a case, and the API in words."""

from __future__ import annotations

import importlib.metadata
import importlib.resources
from datetime import timedelta
from typing import Annotated, Any

import plotly
from fastapi import APIRouter, FastAPI, Form, Query, Request, Response, UploadFile, status
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from api.access import Caller, scope_of
from api.accuracy_texts import Language
from api.auth import CalledBy
from api.figures import FIGURES, PlanView
from api.figures.activity_key import activity_keys
from api.figures.text import hours, money, number, percent
from api.openapi import describe
from api.plan_loader import VisiblePlan, load_view
from api.problems import ProblemDetails, ProblemError, case_problem, not_found
from api.report import SECTIONS
from api.report_facts import headline
from api.services import Service, Services
from api.upload import case_of_upload
from api.v1.forecast_accuracy import accuracy_report, campaign_page
from api.v1.jobs import Job, job_view, record_stop
from api.v1.plans import PlanRequest, PlanSummary, plan_entry, queue_plan, read_summary
from data.store.cases import add_case, find_case, load_case
from data.store.jobs import list_jobs
from data.store.plans import find_plan, find_plan_of_job, list_plans
from data.store.tables import JobState
from wfm.clock import tzdata_version
from wfm.errors import CaseError

router = APIRouter(include_in_schema=False)
_PLOTLY_JS = importlib.resources.files(plotly) / "package_data" / "plotly.min.js"
# Everything comes from this service; Plotly sets styles and draws its downloads as data.
_POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; frame-ancestors 'none'"
_SHOWN_PLANS = 20
_SHOWN_JOBS = 50


class PageJob(Job):
    """A job with what the page says of its case."""

    case_name: str
    currency: str


@router.get("/")
def get_home(request: Request, service: Service, caller: CalledBy) -> HTMLResponse:
    """The latest plan."""
    return _home(request, service, caller)


@router.get("/plans/{plan_id}")
def get_plan_page(request: Request, plan_id: str, service: Service, caller: CalledBy) -> HTMLResponse:
    """One plan, shown like the latest."""
    with service.store.read() as session:
        if find_plan(session, plan_id) is None:
            raise not_found("plan", plan_id)
    return _home(request, service, caller, plan_id=plan_id)


@router.get("/plans/{plan_id}/accuracy")
def get_accuracy_page(
    plan_id: str,
    service: Service,
    view: VisiblePlan,  # noqa: ARG001 - refuses plans that the caller may not see
    origins: Annotated[int, Query(ge=1, le=6)] = 3,
    campaign: str | None = None,
    language: Annotated[Language, Query(alias="lang")] = "en",
) -> HTMLResponse:
    """How good the forecasts behind a plan have been, a campaign at a time."""
    return campaign_page(accuracy_report(service.store, "plan", plan_id, origins), campaign, language, origins)


@router.post("/cases")
def send_case(
    request: Request,
    service: Service,
    caller: CalledBy,
    file: UploadFile,
    time_limit_seconds: Annotated[float, Form(gt=0, le=86_400)],
) -> Response:
    """The form: check the case and queue its plan, or show what is wrong with it."""
    try:
        (case, histories), tables = case_of_upload(file.file.read())
    except CaseError as error:
        return _home(request, service, caller, problem=case_problem(error))
    except ProblemError as error:
        return _home(request, service, caller, problem=error.problem)
    with service.store.write(caller.actor) as session:
        case_id = add_case(session, case, histories, tables)[0].id
    queue_plan(service, caller, PlanRequest(case_id=case_id, time_limit_seconds=time_limit_seconds))
    return RedirectResponse("/", status.HTTP_303_SEE_OTHER)


@router.post("/jobs/{job_id}/stop")
def stop_job(job_id: str, service: Service, caller: CalledBy) -> Response:
    """The button: stop a job. One that has ended meanwhile stays as it is."""
    if service.runner.stop(job_id) is None:
        raise not_found("job", job_id)
    record_stop(service, caller, job_id)
    return RedirectResponse("/", status.HTTP_303_SEE_OTHER)


@router.get("/docs")
def get_docs(request: Request) -> HTMLResponse:
    """The API in words, from its OpenAPI document."""
    return _page("docs.html", document=describe(request.app))


@router.get("/static/plotly.min.js")
def get_plotly() -> FileResponse:
    """The drawing library, as the installed plotly package brings it; its address carries its version."""
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return FileResponse(str(_PLOTLY_JS), media_type="text/javascript", headers=headers)


def mount_static(app: FastAPI) -> None:
    """Serve our own style and script; mounted after the routes, so that those under /static come first."""
    app.mount("/static", StaticFiles(packages=[("api.pages", "static")]), name="static")


def figure_page(plan_id: str, name: str, view: PlanView) -> HTMLResponse:
    """A page with one figure."""
    heading, reading = SECTIONS[name]
    return _page(
        "figure.html", plan_id=plan_id, name=name, heading=heading, reading=reading, case_name=view.case.name,
        keys=activity_keys(view),
    )  # fmt: skip


def _home(
    request: Request,
    service: Services,
    caller: Caller,
    *,
    plan_id: str | None = None,
    problem: ProblemDetails | None = None,
) -> HTMLResponse:
    """The page, with the forms alone that the caller may send."""
    with service.store.read() as session:
        plans = [plan_entry(stored) for stored in list_plans(session, _SHOWN_PLANS)]
        jobs: list[PageJob] = []
        for stored in list_jobs(session, _SHOWN_JOBS):
            if stored.state.is_final and jobs:
                continue  # of the ended ones only the newest job says something
            stored_case = find_case(session, stored.case_id)
            if stored_case is not None:
                job = job_view(stored, find_plan_of_job(session, stored.id))
                case = load_case(stored_case)
                jobs.append(PageJob(**job.model_dump(), case_name=case.name, currency=case.currency))
    shown = plan_id or (plans[0].id if plans else None)
    plan = read_summary(service, shown) if shown else None
    view = load_view(service.store, shown) if shown else None
    return _page(
        "index.html",
        status_code=problem.status if problem else 200,
        problem=problem,
        plan=plan,
        plans=plans,
        last_day=plan.first_day + timedelta(days=plan.days - 1) if plan else None,
        headline=_headline(view, plan) if view and plan else [],
        keys=activity_keys(view) if view else [],
        sections=[(name, *SECTIONS[name]) for name in FIGURES],
        active=[job for job in reversed(jobs) if not job.state.is_final],
        failed=next((job for job in jobs[:1] if job.state is JobState.FAILED), None),
        base_url=str(request.base_url),
        may_send=caller.may(scope_of("POST", "/cases")),
        may_stop=caller.may(scope_of("POST", "/jobs/any/stop")),
    )


def _headline(view: PlanView, plan: PlanSummary) -> list[tuple[str, str, str]]:
    """(name, value, note) of the figures that a planner asks for first."""
    facts = headline(view)
    cost, bound, gap, changeable, shortage, bought = (
        money(cents, plan.currency, 2)
        for cents in (
            plan.cost_cents, plan.bound_cents, plan.gap_cents, plan.changeable_cost_cents, facts.shortage_cents,
            facts.purchase_cents,
        )
    )  # fmt: skip
    shares = f"{percent(plan.gap, 2)} of it, {percent(plan.changeable_gap, 2)} of the changeable"
    return [
        ("Cost of the plan", cost, f"of it changeable: {changeable}"),
        ("No plan costs less than", bound, "proven; how is in the report"),
        ("Could still be saved at most", gap, shares),
        ("Work covered", percent(facts.coverage), f"{hours(facts.missing_hours)} missing, priced {shortage}"),
        ("Bought from partners", hours(facts.purchase_hours), f"{bought}; purchases: {number(plan.purchases)}"),
        ("Shifts rostered", number(plan.shifts), f"for {number(plan.agents)} agents"),
    ]  # fmt: skip


def _fields(schema: dict[str, Any], document: dict[str, Any]) -> list[tuple[str, str]]:
    """Names and descriptions of an object's fields, through references and lists."""
    schema = schema.get("items", schema)
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return [(name, field.get("description", "")) for name, field in schema.get("properties", {}).items()]


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("api.pages"), autoescape=select_autoescape(), undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters.update(money=money, percent=percent, fields=_fields)
    environment.globals.update(
        version=importlib.metadata.version("wfm-planner"), tzdata=tzdata_version(), plotly_version=plotly.__version__
    )
    return environment


_TEMPLATES = _environment()


def _page(template: str, *, status_code: int = 200, **values: object) -> HTMLResponse:
    html = _TEMPLATES.get_template(template).render(values)
    return HTMLResponse(html, status_code, headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"})
