"""Case -> forecast -> requirement -> plan -> check: the main job as one function."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import TypeVar

from models.expected import expected
from models.keeper import Keeper
from models.pooled import ROUNDS, plan_pooled
from models.result import ChainResult
from models.roster.resume import Start
from models.roster.solve import solve
from models.roster.watch import Limits, Result
from models.staffing.requirement import build_requirement
from wfm.assumptions import Routing
from wfm.case import Case
from wfm.check import check_plan, gap
from wfm.checkpoint import Checkpoint, OnCheckpoint, forgetful
from wfm.clock import check_tzdata, tzdata_version
from wfm.costs import bill
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

LEAST_SHARE = 0.25
"""Of the time limit, what a run that goes on from an earlier one gets at least: it prices and proves anew."""


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
    begin: Checkpoint | None = None,
    on_checkpoint: OnCheckpoint = forgetful,
) -> ChainResult:
    """Plan a case; `time_limit` seconds are for the optimiser alone, `rounds` of search make it deterministic.

    `on_checkpoint` is given each document as it is made, and the best plan every few seconds. `begin`, the last of them, lets
    another run go on from there for the rest of the time; what it plans is never dearer than that plan.
    Where the case pools its agents, several plans share that time (`models.pooled`); the first of them is kept meanwhile.

    Raises WfmError when hard rules contradict one another, so that no plan exists, or when stopped before there is one.
    """
    check_tzdata()
    seconds: dict[str, float] = dict(begin.seconds) if begin else {}

    def timed(name: str, step: Callable[[], Step]) -> Step:
        begun = monotonic()
        result = step()
        seconds[name] = seconds.get(name, 0.0) + monotonic() - begun
        return result

    if begin is None:
        forecast = timed(
            "forecast",
            lambda: expected(case, histories, seed=seed, workers=workers, on_progress=on_progress, stop=stop),
        )
        on_checkpoint(Checkpoint(forecast, seconds=dict(seconds)))
    else:
        forecast = begin.forecast
    requirement = begin.requirement if begin else None
    if requirement is None:
        on_progress(Progress(stage="requirement", fraction=0.0, message="from contacts to agents"))
        requirement = timed("requirement", lambda: build_requirement(case, forecast))
        on_checkpoint(Checkpoint(forecast, requirement, seconds=dict(seconds)))
    before = begin.plan if begin else None
    searched = begin.searched if begin else 0.0
    made = Checkpoint(forecast, requirement, before, dict(seconds), searched)
    pooled = case.routing is Routing.POOLED
    left = max(time_limit - searched, LEAST_SHARE * time_limit)
    limits = Limits(left / (1 + ROUNDS) if pooled else left, rounds)
    search = partial(_search, case, limits=limits, seed=seed, workers=workers, stop=stop, on_progress=on_progress)
    differences: list[Violation] = []

    def planned(wanted: Requirement) -> Plan:
        if wanted is requirement:
            done = min(1.0, searched / time_limit) if time_limit else 1.0
            result = search(made, wanted, done=done, on_checkpoint=on_checkpoint)
        else:
            result = search(replace(made, requirement=wanted, plan=None), wanted, done=0.0, on_checkpoint=forgetful)
        if result.status is Status.INFEASIBLE:
            raise WfmError(result.explanation)
        plan = assemble(case, wanted, result, seed=seed)
        differences.extend(_cost_difference(result, plan))
        if wanted is requirement and before and before.certificate.cost_cents < plan.bill.total_cents:
            return before
        return plan

    def all_planned(wanted: Requirement) -> tuple[Requirement, Plan]:
        if not pooled:
            return wanted, planned(wanted)
        best = plan_pooled(case, forecast, wanted, planned, seed=seed, workers=workers, stop=stop)
        method = f"{best.plan.certificate.method}. Pooled agents: {best.told}"
        certificate = best.plan.certificate.model_copy(update={"method": method})
        return best.requirement, best.plan.model_copy(update={"certificate": certificate})

    made_for, plan = timed("plan", partial(all_planned, requirement))
    on_progress(Progress(stage="check", fraction=0.0, message="every rule, and the bill to the cent"))
    violations = timed("check", lambda: check_plan(case, made_for, plan)) + differences
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


def _cost_difference(result: Result, plan: Plan) -> list[Violation]:
    """The optimiser's own cost must be the bill's, to the cent."""
    if plan.bill.total_cents == result.cost_cents:
        return []
    return [
        Violation(
            rule="COST",
            subject="optimiser",
            where="total",
            found=f"{result.cost_cents} cents by the optimiser",
            limit=f"{plan.bill.total_cents} cents by the bill",
        )
    ]


def _search(
    case: Case,
    made: Checkpoint,
    requirement: Requirement,
    *,
    limits: Limits,
    done: float,
    seed: int,
    workers: int,
    stop: Stop,
    on_progress: OnProgress,
    on_checkpoint: OnCheckpoint,
) -> Result:
    """The optimiser, keeping its best plans; what an earlier run proved holds too."""
    before = made.plan
    proven = before.certificate.bound_cents if before else 0

    def with_proven(result: Result) -> Result:
        if result.bound.cents >= proven or result.status is Status.INFEASIBLE:
            return result
        status = Status.OPTIMAL if result.cost_cents <= proven else result.status
        return replace(result, status=status, bound=replace(result.bound, cents=proven))

    def plan_of(result: Result) -> Plan:
        return assemble(case, requirement, with_proven(result), seed=seed)

    result = solve(
        case,
        requirement,
        limits=limits,
        seed=seed,
        workers=workers,
        stop=stop,
        on_progress=on_progress,
        start=Start(before.shifts, before.purchases, done) if before else None,
        on_found=Keeper(case, made, plan_of, on_checkpoint, stop).consider,
    )
    return with_proven(result)


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
            method=result.explanation,
        ),
    )
