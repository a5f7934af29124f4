"""All of it, anytime: a first plan, prices, and then, side by side, better plans and the bound until the time is up."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from time import monotonic

import numpy as np

from models.roster.bound import prove, wages_alone
from models.roster.compile import compile_problem
from models.roster.construct import construct
from models.roster.discounts import earn_discounts, in_every_tier
from models.roster.dive import held_prices, whole_blocks
from models.roster.improve import improve, search_again
from models.roster.moves import swap_for_calm
from models.roster.objective import total_cents
from models.roster.prices import Prices, solve_prices
from models.roster.problem import Problem
from models.roster.purchases import nearest_blocks
from models.roster.relaxation import Relaxation, build_relaxation
from models.roster.resume import Start, state_of
from models.roster.search import HOT_UNTIL
from models.roster.state import Model, State, build_model
from models.roster.warm import compile_kernels
from models.roster.watch import Limits, OnFound, Result, Watch, unheard
from wfm.case import Case
from wfm.plan import Status, StopReason
from wfm.progress import OnProgress, Progress, Stop, never, silent
from wfm.requirement import Requirement

CALM_PASSES = 2
"""Passes over all pairs of agents that swap activities for calmer days; a third finds next to nothing."""

DISCOUNTS = 0.05
"""Part of the time, at least a second, that choosing whose discounts to earn may take: while it lasts the search waits."""

EVERY_TIER = 0.2
"""Part of the time for plans of one week begun in every tier of every partner, to go on from the cheapest."""

FIRST_BLOCKS_SECONDS = 20.0
"""Most time for the least purchase that keeps to the shares; there is nearly always nothing to decide."""


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
    start: Start | None = None,
    on_found: OnFound = unheard,
) -> Result:
    """Plan a case; shortage is priced, so `infeasible` means that hard rules on purchases contradict one another.

    Progress is reported as stage "plan" with incumbent and bound in cents. `stop` is polled between steps; the best plan is kept.
    `start` is a plan to go on from, for the rest of the search that found it.
    """
    on_progress(Progress(stage="plan", fraction=0.0, message="building the model (compiling it on the first run)"))
    problem = compile_problem(case, requirement)
    model = build_model(problem)
    compile_kernels(model)
    watch = Watch(problem, limits, stop, on_progress, on_found, clock)
    least = nearest_blocks(problem, np.zeros(len(problem.offers.partner)), time_limit=FIRST_BLOCKS_SECONDS)
    if least is None:
        return _infeasible(problem)
    watch.bound = wages_alone(problem)
    before = state_of(model, start.shifts, start.purchases) if start else None
    if start and before:
        watch.done_before = start.done
        watch.report("going on from the best plan before")
        state = before
    else:
        watch.report("building a first plan")
        state = construct(model, least, Prices.of_shortage(problem))
    watch.first_plan(state, total_cents(problem, model.items, state))
    with ThreadPoolExecutor(max(1, workers - 1)) as beside:
        threads = max(1, workers - 1)
        # Counting mostly ends by the clock, and equal seeds do equal things where rounds are limited.
        counting = limits.rounds is None
        proof = beside.submit(prove, problem, model.rest, left=watch.left_to_prove, threads=threads, counting=counting)
        proof.add_done_callback(watch.proven)
        try:
            watch.report("pricing the half-hours")
            relaxation = build_relaxation(problem)
            prices = solve_prices(relaxation, time_limit=watch.share(0.25), threads=threads)
            guide = prices
            if before and not stop():
                guide = held_prices(
                    relaxation, prices, before.blocks, time_limit=max(1.0, watch.left(0.5)), threads=threads
                )
            elif not stop():
                state, guide = _whole_plan(model, relaxation, prices, watch, threads)
            if limits.rounds is not None:
                # Whether the search ends because the bound is met must not depend on which of them is faster.
                wait([proof])
            several = workers if limits.rounds is None else 1
            randoms = [np.random.default_rng([seed, hand] if hand else seed) for hand in range(several)]
            again = several > 1 and problem.weeks == 1
            twin = beside.submit(search_again, model, state.saved(), guide, watch, randoms[1]) if again else None
            reason = improve(model, state, guide, watch, randoms[: problem.weeks], proof, beside)
        finally:
            watch.over = True
        if twin and (other := twin.result()):
            watch.look(other, total_cents(problem, model.items, other))
        watch.bound = proof.result()
    watch.report("improving the plan")
    swap_for_calm(watch.best[0].activity, problem.staff, CALM_PASSES)
    return watch.result(reason)


def _whole_plan(
    model: Model, relaxation: Relaxation, prices: Prices, watch: Watch, threads: int
) -> tuple[State, Prices]:
    """A plan to begin the search with, and the relaxation's answer with its blocks."""
    problem = model.problem
    watch.report("choosing whose discounts to earn")
    if problem.weeks == 1:
        fluid = in_every_tier(problem, relaxation, prices, left=watch.allowance(EVERY_TIER), threads=threads)
    else:
        fluid = iter([earn_discounts(problem, relaxation, prices, left=watch.allowance(DISCOUNTS), threads=threads)])
    found: list[tuple[int, State, Prices]] = []
    # A search that begins cooler keeps much of what it begins with, and the linear program of so large a plan answers roughly:
    # once it left whole campaigns worth nothing, and all who know them at home (1,000 agents, a start 39 % dearer). Smaller plans
    # end no cheaper from a start at the price of shortage, though it is.
    undone = [Prices.of_shortage(problem)] if problem.agents * problem.slots > HOT_UNTIL else []
    for at in fluid:
        watch.report("choosing whole blocks")
        blocks, guide = whole_blocks(problem, *at, left=lambda: watch.left(0.5), threads=threads)
        for prices_of_work in (guide, *undone):
            state = construct(model, blocks, prices_of_work)
            found.append((total_cents(problem, model.items, state), state, guide))
            watch.look(state, found[-1][0])
    _, state, guide = min(found, key=lambda one: one[0])
    return state, guide


def _infeasible(problem: Problem) -> Result:
    why = (
        "No purchase satisfies the partners' seats, lead times and the campaigns' minimum shares together: lower "
        "min_partner_share, or certify partners for the campaign, or give them seats."
    )
    return Result(Status.INFEASIBLE, StopReason.PROVEN, (), (), 0, wages_alone(problem), why, 0.0, 0, 0.0)
