"""Counted shifts against the true optimum of cases small enough to solve to the end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.roster.compile import compile_problem
from models.roster.counting import countable, counted_cents
from models.roster.prices import Prices, solve_prices
from models.roster.relaxation import build_relaxation
from models.roster.segments import segments_of
from models.roster.tiers import straight_branches, whole_branch

SEEDS = (0, 1, 3, 4, 7, 10)
LAW_SEEDS = range(16)


def least(problem, prices, branches):
    """Least that counting proves of all branches."""
    segments = segments_of(problem)
    return min(counted_cents(problem, branch, prices, segments, time_limit=60.0) for branch in branches)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("lossy", [False, True])
def test_no_plan_costs_less_than_its_counts_whatever_the_prices(seed, lossy, small, optimum, with_losses):
    case, requirement = small(seed)
    random = np.random.default_rng(seed)
    if lossy:
        case, requirement = with_losses(case, requirement, random)
    problem, best = compile_problem(case, requirement), optimum(case, requirement)
    assert countable(problem)
    good = solve_prices(build_relaxation(problem), tolerance=1e-3, time_limit=60.0, threads=1)
    whole, straight = [whole_branch(problem)], straight_branches(problem)

    for prices in (good, Prices.free(problem), replace(good, work=random.exponential(2.0, good.work.shape))):
        assert least(problem, prices, whole) <= best
        assert (0.5 if lossy else 0.9) * best <= least(problem, prices, straight) <= best


@pytest.mark.parametrize("seed", LAW_SEEDS)
def test_no_plan_costs_less_than_its_counts_under_the_whole_law(seed, small_law, optimum):
    case, requirement = small_law(seed)
    problem = compile_problem(case, requirement)
    prices = solve_prices(build_relaxation(problem), tolerance=1e-3, time_limit=60.0, threads=1)

    assert least(problem, prices, straight_branches(problem)) <= optimum(case, requirement)
