"""Case -> forecast -> requirement -> plan -> check: the main job as one function."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar

from models.forecast.forecast import forecast_case
from models.pooled import ROUNDS, plan_pooled
from models.roster.solve import METHOD, Limits, Result, solve
from models.staffing.requirement import build_requirement
from wfm.assumptions import Routing
from wfm.case import Case
from wfm.check import check_plan, gap
from wfm.clock import check_tzdata, tzdata_version
from wfm.costs import bill
from wfm.demand import Forecast
from wfm.errors import WfmError
from wfm.feasts import feast_table
from wfm.history import CampaignHistory
from wfm.law import country_pack
from wfm.plan import Certificate, Plan, Status
from wfm.progress import OnProgress, Progress, Stop, never, silent
from wfm.requirement import Requirement
from wfm.violation import Violation

Step = TypeVar("Step")

LIBRARIES = ("wfm-planner", "prophet", "ortools", "holidays")
"""Versions recorded in every plan."""


@dataclass(frozen=True)
class ChainResult:
    """Everything one run made. `violations` is what the independent checker found in `plan`: [] when all is well.

    `seconds` has the wall time of forecast, requirement, plan and check.
    """

    forecast: Forecast
    requirement: Requirement
    plan: Plan
    violations: list[Violation]
    seconds: dict[str, float]


def run(
    case: Case,
    histories: dict[str, CampaignHistory],
    *,
    time_limit: float = 60.0,
    rounds: int | None = None,
    seed: int = 0,
    workers: int = 2,
    stop: Stop = never,
    on_progress: OnProgress = silent,
) -> ChainResult:
    """Plan a case; `time_limit` seconds are for the optimiser alone, `rounds` of search make it deterministic.

    Where the case pools its agents, several plans share that time (`models.pooled`).

    Raises WfmError when hard rules contradict one another, so that no plan exists, or when stopped before there is one.
    """
    check_tzdata()
    seconds: dict[str, float] = {}

    def timed(name: str, step: Callable[[], Step]) -> Step:
        begun = monotonic()
        result = step()
        seconds[name] = monotonic() - begun
        return result

    forecast = timed(
        "forecast",
        lambda: forecast_case(case, histories, seed=seed, workers=workers, on_progress=on_progress, stop=stop),
    )
    on_progress(Progress(stage="requirement", fraction=0.0, message="from contacts to agents"))
    requirement = timed("requirement", lambda: build_requirement(case, forecast))
    pooled = case.routing is Routing.POOLED
    limits = Limits(time_limit / (1 + ROUNDS) if pooled else time_limit, rounds)
    costs: dict[str, int] = {}

    def planned(wanted: Requirement) -> Plan:
        result = solve(case, wanted, limits=limits, seed=seed, workers=workers, stop=stop, on_progress=on_progress)
        if result.status is Status.INFEASIBLE:
            raise WfmError(result.explanation)
        plan = assemble(case, wanted, result, seed=seed)
        costs[plan.requirement_hash] = result.cost_cents
        return plan

    def all_planned() -> tuple[Requirement, Plan]:
        if not pooled:
            return requirement, planned(requirement)
        best = plan_pooled(case, forecast, requirement, planned, seed=seed, workers=workers, stop=stop)
        return best.requirement, best.plan

    made_for, plan = timed("plan", all_planned)
    on_progress(Progress(stage="check", fraction=0.0, message="every rule, and the bill to the cent"))
    violations = timed("check", lambda: check_plan(case, made_for, plan))
    found = costs[plan.requirement_hash]
    if plan.bill.total_cents != found:
        violations.append(
            Violation(
                rule="COST",
                subject="optimiser",
                where="total",
                found=f"{found} cents by the optimiser",
                limit=f"{plan.bill.total_cents} cents by the bill",
            )
        )
    certificate = plan.certificate
    on_progress(
        Progress(
            stage="check",
            fraction=1.0,
            message=f"{len(violations)} violations",
            incumbent_cents=certificate.cost_cents,
            bound_cents=certificate.bound_cents,
        )
    )
    return ChainResult(forecast, made_for, plan, violations, seconds)


def assemble(case: Case, requirement: Requirement, result: Result, *, seed: int) -> Plan:
    """The plan document of an optimiser's answer, with the bill computed apart from the optimiser.

    `versions` names what it obeyed: libraries, tz database, and each country's rules and calendar of movable feasts.
    """
    costs = bill(case, requirement, result.shifts, result.purchases)
    wages = costs.total_cents - costs.changeable_cents
    bound = result.bound.cents
    versions = {name: importlib.metadata.version(name) for name in LIBRARIES} | {"tzdata": tzdata_version()}
    for country in sorted({site.country for site in case.sites} | {market.country for market in case.markets}):
        pack = country_pack(country)
        if pack is not None:
            versions[f"rules {country}"] = pack.version
        feasts = feast_table(country)
        if feasts is not None:
            versions[f"calendar {country}"] = feasts.version
    return Plan(
        case_name=case.name,
        case_hash=case.content_hash(),
        requirement_hash=requirement.content_hash(),
        seed=seed,
        versions=versions,
        tzdata_version=tzdata_version(),
        grid=case.grid,
        status=result.status,
        stop_reason=result.stop_reason,
        shifts=result.shifts,
        purchases=result.purchases,
        bill=costs,
        certificate=Certificate(
            cost_cents=costs.total_cents,
            bound_cents=bound,
            changeable_cost_cents=costs.changeable_cents,
            changeable_bound_cents=bound - wages,
            gap=gap(costs.total_cents, bound),
            changeable_gap=gap(costs.changeable_cents, bound - wages),
            currency=case.currency,
            method=METHOD,
        ),
    )
