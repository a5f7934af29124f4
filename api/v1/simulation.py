"""Living through a stored plan: promised against simulated, as a report and as a figure."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from api.figures import PlanView
from api.figures.simulation import figure, table
from api.plan_loader import VisibleRow, load_view
from api.problems import ProblemError, ProblemItem
from api.services import Service
from api.v1.plan_tables import csv_file
from data.store.database import Store
from wfm.assumptions import Rates
from wfm.errors import WfmError
from wfm.simulation import SimulationReport

router = APIRouter(prefix="/v1/plans/{plan_id}/simulation", tags=["simulation"])

MOST_DAYS = 400
MOST_CONTACTS = 40_000_000
"""Expected contacts of all simulated days: about ten seconds of one core's work."""
WORKERS = 2
PATIENCE_SECONDS = 30.0

Days = Annotated[
    int,
    Query(ge=1, le=MOST_DAYS, description="Days to simulate; rounded up to whole runs of the plan, first day to last."),
]
Seed = Annotated[int, Query(ge=0, lt=2**31, description="Seed of everything random: the same gives the same answer.")]
AskedRates = Annotated[
    Rates, Query(alias="rates", description="Volumes as uncertain as the forecast says, or known to be its mean.")
]
_RESPONSES: dict[int | str, dict[str, object]] = {404: {}, 409: {}, 422: {}, 503: {}}
_one_at_a_time = Lock()


@router.post("", responses=_RESPONSES)
def post_simulation(
    plan_id: str,
    service: Service,
    _row: VisibleRow,
    days: Days = 200,
    seed: Seed = 0,
    rates: AskedRates = Rates.UNCERTAIN,
) -> SimulationReport:
    """Live through the plan contact by contact, and answer when it is done: seconds, and 10 to 20 more the first time after
    an installation. The last answers are kept: nothing is simulated twice. Changes nothing.
    """
    return _simulated(service.store, plan_id, days, seed, rates)


@router.get(
    "/figure",
    response_model=None,
    responses=_RESPONSES | {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def get_simulation_figure(
    plan_id: str,
    service: Service,
    _row: VisibleRow,
    days: Days = 200,
    seed: Seed = 0,
    rates: AskedRates = Rates.UNCERTAIN,
    figure_format: Annotated[
        Literal["json", "csv"], Query(alias="format", description="json: Plotly figure; csv: its figures as a table.")
    ] = "json",
) -> Response:
    """Promised against simulated per campaign, and how many days reach their target, of the simulation that POST with the
    same parameters answers with.
    """
    report = _simulated(service.store, plan_id, days, seed, rates)
    view = load_view(service.store, plan_id)
    if figure_format == "csv":
        return csv_file(table(view, report).csv(), "simulation.csv")
    return Response(str(figure(view, report).to_json()), media_type="application/json")


def _simulated(store: Store, plan_id: str, days: int, seed: int, rates: Rates) -> SimulationReport:
    """One at a time, for each takes all cores that there are for it. Raises ProblemError."""
    view = load_view(store, plan_id)
    _refuse_incomplete(view)
    runs = -(-days // view.case.days)
    contacts = sum(sum(entry.mean) for entry in view.forecast.campaigns)
    if runs * contacts > MOST_CONTACTS:
        most = int(MOST_CONTACTS / contacts) * view.case.days
        advice = f"at most {most} days" if most else "`wfm simulate` on the plan's folder, which has no limit"
        item = ProblemItem(
            reason=f"{runs * contacts:,.0f} contacts are expected in {runs * view.case.days} days of this plan, and "
            f"{MOST_CONTACTS:,} are simulated at most while you wait.",
            mend=f"Ask for {advice}.",
            parameter="days",
            value=str(days),
        )
        raise ProblemError("request-invalid", f"{item.reason} {item.mend}", [item])
    if not _one_at_a_time.acquire(timeout=PATIENCE_SECONDS):
        raise ProblemError("busy", "Other simulations are at work and this one has waited long. Send it again later.")
    try:
        return _lived_through(store, plan_id, runs * view.case.days, seed, rates)
    finally:
        _one_at_a_time.release()


def _refuse_incomplete(view: PlanView) -> None:
    """Raises ProblemError when the forecast stored with a plan does not tell what may come."""
    told = {entry.campaign for entry in view.forecast.campaigns if entry.quantiles and entry.day_quantiles}
    missing = [campaign.id for campaign in view.case.campaigns if campaign.id not in told]
    if missing:
        raise ProblemError(
            "not-simulable",
            f"The forecast stored with this plan has no distribution of volumes for {', '.join(missing)}, so nobody "
            "knows what to simulate. Plan the case again, and simulate that plan.",
        )


@lru_cache(maxsize=32)
def _lived_through(store: Store, plan_id: str, days: int, seed: int, rates: Rates) -> SimulationReport:
    from models.promise import live_through  # numba takes a second to load, and most services never simulate

    view = load_view(store, plan_id)
    try:
        return live_through(
            view.case, view.requirement, view.plan, view.forecast, days=days, seed=seed, workers=WORKERS, rates=rates
        )
    except WfmError as error:
        raise ProblemError("not-simulable", str(error)) from error
