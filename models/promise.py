"""A plan's promise beside what happens: the staffing formulas at its agents, and the simulator, which knows none of them."""

from __future__ import annotations

from models.engine.engine import LOCAL, Engine
from models.simulate.simulate import simulate
from models.staffing.roster_contacts import worked_shares
from models.staffing.roster_level import roster_levels
from wfm.assumptions import Handling, Rates, Routing
from wfm.case import Case
from wfm.demand import Forecast
from wfm.plan import Plan
from wfm.requirement import Requirement
from wfm.simulation import SimulationReport


def live_through(
    case: Case,
    requirement: Requirement,
    plan: Plan,
    forecast: Forecast,
    *,
    days: int,
    seed: int = 0,
    workers: int = 2,
    rates: Rates = Rates.UNCERTAIN,
    handling: Handling = Handling.EXPONENTIAL,
    routing: Routing | None = None,
    engine: Engine = LOCAL,
) -> SimulationReport:
    """`simulate`, in the case's own routing unless another is named, with every inbound campaign's `rostered_service_level`:
    what the formulas expect of the agents of the plan, and every outbound one's `rostered_contacts`.

    Raises WfmError when the documents do not belong together.
    """
    report = simulate(
        case,
        requirement,
        plan,
        forecast,
        days=days,
        seed=seed,
        workers=workers,
        rates=rates,
        handling=handling,
        routing=case.routing if routing is None else routing,
        engine=engine,
    )
    levels = roster_levels(case, requirement, plan, forecast, rates=rates)
    worked = worked_shares(case, requirement, plan, forecast, rates=rates)
    outbound = tuple(
        entry.model_copy(
            update={"rostered_contacts": worked[entry.campaign] * entry.planned_contacts / entry.covered_share}
        )
        if entry.campaign in worked and entry.covered_share > 0
        else entry
        for entry in report.outbound
    )
    inbound = tuple(
        entry.model_copy(update={"rostered_service_level": levels.get(entry.campaign)}) for entry in report.inbound
    )
    return report.model_copy(update={"inbound": inbound, "outbound": outbound})
