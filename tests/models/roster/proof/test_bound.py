"""The bound against the true optimum of cases small enough to solve to the end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.roster.bound import lower_bound, prove, slot_value, tour_gains
from models.roster.compile import compile_problem
from models.roster.prices import Prices, solve_prices
from models.roster.relaxation import build_relaxation
from models.roster.tours import rest_table
from wfm.check import check_plan

SEEDS = (0, 1, 3, 4, 7, 10)
"""All of max_agents none, 1 and 2, with and without an in-house share, both tier modes, wishes that pay to break."""

LAW_SEEDS = range(16)
"""Two holidays, weekly rest none, Tuesday (authorised or not) and Wednesday, both regimes, minors, little overtime left."""


def always(prices):
    """The same prices for every branch."""
    return lambda _: prices


@pytest.fixture(scope="module", params=[(seed, lossy) for lossy in (False, True) for seed in SEEDS])
def solved(request, small, optimum, with_losses):
    seed, lossy = request.param
    case, requirement = small(seed)
    if lossy:
        case, requirement = with_losses(case, requirement, np.random.default_rng(seed))
    return case, requirement, optimum(case, requirement)


def test_bound_optimum_and_plan_stand_in_this_order(solved, plan_of):
    case, requirement, best = solved

    plan, result = plan_of(case, requirement, rounds=200)

    assert result.bound.cents <= best <= result.cost_cents
    # The search has no promise to keep; on these cases it was seen to end within 9 % of the optimum.
    assert result.cost_cents <= 1.1 * best
    assert check_plan(case, requirement, plan) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_counting_proves_more_but_never_more_than_the_optimum(seed, small, optimum):
    case, requirement = small(seed)
    problem, best = compile_problem(case, requirement), optimum(case, requirement)
    rest = rest_table(problem)

    without, counted = (prove(problem, rest, left=lambda: 600.0, counting=counting) for counting in (False, True))

    assert without.cents <= counted.cents <= best
    assert counted.counted >= 0.0 == without.counted


def test_no_price_however_absurd_lifts_the_bound_above_the_optimum(solved):
    case, requirement, best = solved
    problem = compile_problem(case, requirement)
    rest = rest_table(problem)
    good = solve_prices(build_relaxation(problem), tolerance=1e-3, time_limit=60.0, threads=1)
    random = np.random.default_rng(len(case.content_hash()))
    shape = problem.open.shape
    capped = np.array([[campaign.max_agents is not None] for campaign in case.campaigns])
    candidates = [
        (good.work, good.heads),
        (good.work * 0, good.heads * 0),
        (good.work + 1e3, good.heads),
        (good.work * 1.3, good.heads + 500.0 * capped),
        (good.work * random.random(shape), good.heads),
        (random.exponential(2.0, shape), random.exponential(300.0, shape) * capped),
        (1e4 * random.random(shape), 1e6 * random.random(shape) * capped),
    ]

    bounds = [
        lower_bound(problem, always(replace(good, work=work, heads=heads)), rest, left=lambda: 60.0).cents
        for work, heads in candidates
    ]

    assert max(bounds) <= best
    # Prices of the relaxation say something; prices of zero leave wages and minimum billing. Dearer ones (bounds[3]) may say more
    # on cases so tiny, because agents come whole.
    assert bounds[0] == max(bounds[0], bounds[2], *bounds[4:])
    assert bounds[0] > bounds[1] >= problem.staff.wages_cents.sum()


@pytest.mark.parametrize("seed", LAW_SEEDS)
def test_bound_optimum_and_plan_stand_in_this_order_under_the_whole_law(seed, small_law, optimum, plan_of):
    case, requirement = small_law(seed)
    best = optimum(case, requirement)

    plan, result = plan_of(case, requirement, rounds=200)

    assert result.bound.cents <= best <= result.cost_cents
    assert result.cost_cents == plan.bill.total_cents
    assert check_plan(case, requirement, plan) == []
    problem = compile_problem(case, requirement)
    random = np.random.default_rng(seed)
    prices = solve_prices(build_relaxation(problem), tolerance=1e-3, time_limit=60.0, threads=1)
    for spread in (0.2, 1.0, 3.0):
        work = prices.work * random.exponential(spread, prices.work.shape)
        odd = lower_bound(problem, always(replace(prices, work=work)), rest_table(problem), left=lambda: 60.0)
        assert odd.cents <= best


@pytest.mark.parametrize("seed", LAW_SEEDS)
def test_no_legal_tour_gains_more_than_the_agent_s_term(seed, small_law, tours):
    """Alone, without the slack that the rest of the bound has: prices about as high as an hour of overtime costs."""
    case, requirement = small_law(seed)
    compare_tours(case, requirement, tours, np.random.default_rng(seed), exact=False)


@pytest.mark.parametrize("seed", SEEDS)
def test_in_plain_weeks_the_agent_s_term_is_the_best_legal_tour(seed, small, tours):
    case, requirement = small(seed)
    compare_tours(case, requirement, tours, np.random.default_rng(seed), exact=True)


def compare_tours(case, requirement, tours, random, *, exact):
    """The greatest gain of every agent against that of every legal tour, at prices drawn at random where there is work."""
    problem = compile_problem(case, requirement)
    rest, every = rest_table(problem), [tours(case, requirement, agent) for agent in case.agents]
    busy = np.zeros(problem.open.shape, dtype=bool)
    for q, items in enumerate(problem.items):
        for first, last, _ in items:
            busy[q, first:last] = problem.open[q, first:last]
    for _ in range(12):
        level = random.uniform(0.2, 2.5) * max(agent.hourly_base for agent in case.agents) / 2 / 900
        work = level * random.uniform(0.5, 1.5, busy.shape) * busy
        prices = replace(Prices.free(problem), work=work)
        gains = tour_gains(problem, prices, rest)
        for row, candidates in enumerate(every):
            value = slot_value(problem, prices, int(problem.staff.group[row]), int(problem.staff.effect[row]))
            best = max(value[slots].sum() - cents for slots, cents in candidates)
            assert gains[row] >= best - 1e-6
            if exact:
                assert gains[row] == pytest.approx(best, abs=1e-6)


@pytest.mark.parametrize(
    "windows",
    [
        [(0, 1, 500), (0, 1, 400)],
        [(0, 1, 300), (0, 1, 300), (0, 1, 300)],
        [(0, 2, 400), (1, 2, 500)],
        [(0, 1, 500), (0, 2, 400), (1, 2, 500)],
    ],
)
def test_one_agent_may_serve_several_items_of_one_slot(windows, small, optimum, rebuild, require):
    """Items that share a slot share the agents in it: nothing may count an agent once per item."""
    case, _ = small(0)
    rested = {"days_worked_before": 0, "last_shift_end": None}
    able = [agent.model_dump() | rested | {"skills": {"life": 1} if n else {}} for n, agent in enumerate(case.agents)]
    case = rebuild(case, agents=able, wishes=(), mail={"shortage_cost_per_hour": 3000})
    requirement = require(case, mail=[(slot + a, slot + b, w) for slot in range(16, 24, 2) for a, b, w in windows])
    best = optimum(case, requirement)
    problem = compile_problem(case, requirement)
    rest = rest_table(problem)
    good = solve_prices(build_relaxation(problem), time_limit=60.0, threads=1)

    busy = np.isin(np.arange(problem.slots), range(16, 24))
    for factor in (0.1, 0.2, 1 / 3, 0.45, 0.6, 1.0, 1.2):
        prices = replace(good, work=factor * problem.shortage_cents[:, None] * (problem.open & busy))
        assert lower_bound(problem, always(prices), rest, left=lambda: 60.0).cents <= best


def test_the_terms_make_the_bound(tiny_case, tiny_requirement):
    problem = compile_problem(tiny_case, tiny_requirement)
    prices = solve_prices(build_relaxation(problem), time_limit=60.0, threads=1)

    bound = lower_bound(problem, always(prices), rest_table(problem), left=lambda: 60.0)

    assert bound.cents == pytest.approx(
        bound.wages + bound.tours + bound.purchases + bound.demand + bound.counted, abs=4
    )
    assert bound.wages == 17_500 + 17_500 + 18_200
    assert bound.tours <= 0 <= bound.demand


def test_where_no_purchase_is_legal_the_bound_is_at_least_what_must_be_paid_anyway(
    tiny_case, tiny_requirement, rebuild
):
    case = rebuild(tiny_case, sales={"min_partner_share": 0.5})
    problem = compile_problem(case, tiny_requirement)
    prices = Prices.of_shortage(problem)

    bound = lower_bound(problem, always(prices), rest_table(problem), left=lambda: 60.0)

    assert bound.cents >= 53_200
