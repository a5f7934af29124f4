"""All of it, anytime: prices, bound, first plan, better plans until the time is up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import numpy as np

from models.roster.bound import Bound, lower_bound
from models.roster.extract import purchases_of, shifts_of
from models.roster.improve import construct, rebuy, round_of_improvement
from models.roster.objective import total_cents
from models.roster.activity import reassign
from models.roster.improve import recount
from models.roster.dive import whole_blocks
from models.roster.prices import build_relaxation, solve_prices
from models.roster.problem import compile_problem
from models.roster.state import Model, index_items
from models.roster.tours import rest_table
from wfm.case import Case
from wfm.plan import Purchase, Shift, Status, StopReason
from wfm.progress import OnProgress, Progress, Stop, never, silent
from wfm.requirement import Requirement


REASSIGN_EVERY = 100
"""Rounds between two optimal re-attributions of activities."""

TOURS_ONLY = 0.3
"""Share of the search that leaves blocks alone, so that rosters settle into the blocks that the relaxation chose."""

HEAT = 2e-3
"""First annealing temperature, as a share of the cost that decisions change (measured: 0 to 1e-2 tried)."""

METHOD = (
    "Lagrangian bound: half-hour prices from a linear program (PDLP), an exact dynamic program over the tours of every agent, "
    "the dual bound of an exact integer program over all purchases (SCIP), and a closed form per work item"
)


@dataclass(frozen=True)
class Limits:
    """When to stop: `seconds` of wall time, or `rounds` of search (deterministic for one seed), whichever comes first."""

    seconds: float = 60.0
    rounds: int | None = None


@dataclass(frozen=True)
class Result:
    """Best plan found with its cost and the proven bound, both in cents; shifts and purchases are empty when infeasible."""

    status: Status
    stop_reason: StopReason
    shifts: tuple[Shift, ...]
    purchases: tuple[Purchase, ...]
    cost_cents: int
    bound: Bound
    explanation: str
    first_plan_seconds: float
    rounds: int


def solve(
    case: Case,
    requirement: Requirement,
    *,
    limits: Limits,
    seed: int,
    workers: int = 2,
    stop: Stop = never,
    on_progress: OnProgress = silent,
    clock: Callable[[], float] = monotonic,
) -> Result:
    """Plan a case; shortage is priced, so `infeasible` means that hard rules on purchases contradict one another.

    Progress is reported as stage "plan" with incumbent and bound in cents. `stop` is polled between steps; the best plan is kept.
    """
    begun = clock()
    random = np.random.default_rng(seed)

    def left() -> float:
        return max(0.0, limits.seconds - (clock() - begun))

    def report(message: str, cost: int | None = None, bound: int | None = None) -> None:
        fraction = min(1.0, (clock() - begun) / limits.seconds)
        on_progress(Progress(stage="plan", fraction=fraction, message=message, incumbent_cents=cost, bound_cents=bound))

    report("building the model")
    problem = compile_problem(case, requirement)
    model = Model(problem, index_items(problem), rest_table(problem))
    report("pricing the half-hours")
    relaxation = build_relaxation(problem)
    prices = solve_prices(relaxation, time_limit=max(1.0, 0.4 * limits.seconds), threads=workers)
    report("proving the bound")
    bound = lower_bound(problem, prices, model.rest, time_limit=max(1.0, 0.1 * limits.seconds))
    report("choosing whole blocks", None, bound.cents)
    until = 0.5 * limits.seconds
    chosen = whole_blocks(
        problem, relaxation, prices, left=lambda: until - (clock() - begun), threads=workers
    )
    if chosen is None:
        return _infeasible(bound)
    blocks, guide = chosen
    report("building the first plan", None, bound.cents)
    best = construct(model, blocks, guide)
    best_cost = total_cents(problem, model.items, best)
    first_plan = clock() - begun
    report("improving the plan", best_cost, bound.cents)
    state = best.copy()
    heat = HEAT * max(0, best_cost - int(problem.staff.wages_cents.sum()))
    rounds, traded = 0, False
    while True:
        elapsed = clock() - begun
        done = (elapsed - first_plan) / max(1e-9, limits.seconds - first_plan)
        if limits.rounds is not None:
            done = max(rounds / limits.rounds, 0.0 if elapsed < limits.seconds else 1.0)
        reason = _why_stop(done, stop(), best_cost <= bound.cents, limits)
        if reason is not None:
            break
        if done > TOURS_ONLY and not traded:
            traded = True
            rebuy(model, state, time_limit=max(0.5, 0.05 * limits.seconds), seed=seed)
        round_of_improvement(
            model, state, guide, random, temperature=heat * (1 - done) ** 2, trade=traded and len(blocks) > 0
        )
        rounds += 1
        if rounds % REASSIGN_EVERY == 0:
            reassign(model, state)
            recount(model, state)
        if rounds % 20 == 0:
            cost = total_cents(problem, model.items, state)
            if cost < best_cost:
                best, best_cost = state.copy(), cost
            report("improving the plan", best_cost, bound.cents)
    return Result(
        status=Status.OPTIMAL if best_cost <= bound.cents else Status.FEASIBLE,
        stop_reason=reason,
        shifts=shifts_of(problem, best),
        purchases=purchases_of(problem, best),
        cost_cents=best_cost,
        bound=bound,
        explanation=METHOD,
        first_plan_seconds=first_plan,
        rounds=rounds,
    )


def _why_stop(done: float, asked: bool, proven: bool, limits: Limits) -> StopReason | None:
    if proven:
        return StopReason.PROVEN
    if asked:
        return StopReason.STOPPED
    if done < 1:
        return None
    return StopReason.TIME_LIMIT if limits.rounds is None else StopReason.CONVERGED


def _infeasible(bound: Bound) -> Result:
    why = (
        "No purchase satisfies the partners' seats, lead times and the campaigns' minimum shares together: lower "
        "min_partner_share, or certify partners for the campaign, or give them seats."
    )
    return Result(Status.INFEASIBLE, StopReason.PROVEN, (), (), 0, bound, why, 0.0, 0)
