"""Minimum stays: the best activities of a shift against all of them, and plans that keep the rule."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from models.roster.compile import compile_problem
from models.roster.construct import construct
from models.roster.extract import shifts_of
from models.roster.moves import swap_for_calm
from models.roster.objective import total_cents
from models.roster.prices import Prices, solve_prices
from models.roster.relaxation import build_relaxation
from models.roster.search import Search
from models.roster.state import build_model
from models.roster.stays import best_stays, is_short
from wfm.check import check_plan
from wfm.plan import Plan
from wfm.rules import min_activity

IDLE, BREAK, ABSENT = -1, -2, -3


def lasts(stays, opened, least):
    """Whether every stay lasts its minimum or all of the time in a row in which its campaign is open."""
    for q, wanted in enumerate(least):
        for begin in range(len(stays)):
            if stays[begin] != q or (begin and stays[begin - 1] == q):
                continue
            end = next((k for k in range(begin, len(stays)) if stays[k] != q), len(stays))
            low = next((k + 1 for k in range(begin, -1, -1) if not opened[k, q]), 0)
            high = next((k for k in range(begin, len(stays)) if not opened[k, q]), len(stays))
            if end - begin < min(wanted, high - low):
                return False
    return True


@pytest.mark.parametrize("seed", range(40))
def test_the_best_activities_of_a_shift_are_the_best_of_all(seed):
    random = np.random.default_rng(seed)
    slots, campaigns = 7, 2
    opened = random.random((slots, campaigns)) < 0.8
    may = opened & (random.random((slots, campaigns)) < 0.9)
    value = np.where(may, random.integers(0, 20, (slots, campaigns)), 0.0)
    least = random.integers(1, 5, campaigns)

    chosen = best_stays(value, may, opened, least)

    def worth(stays):
        return sum(value[k, q] for k, q in enumerate(stays) if q >= 0)

    legal = [
        stays
        for stays in product((IDLE, 0, 1), repeat=slots)
        if all(q < 0 or may[k, q] for k, q in enumerate(stays)) and lasts(stays, opened, least)
    ]
    assert lasts(chosen.tolist(), opened, least)
    assert all(q < 0 or may[k, q] for k, q in enumerate(chosen))
    assert worth(chosen) == max(worth(stays) for stays in legal)


@pytest.fixture
def choosy(tiny_case, rebuild):
    """Everybody may do everything, and stays on service for an hour and a half, on sales for an hour, on mail for two."""
    agents = [agent.model_dump() | {"skills": {"life": 1, "sales": 1}} for agent in tiny_case.agents]
    return rebuild(
        tiny_case, agents=agents, service={"min_activity_minutes": 90, "max_agents": 2},
        sales={"min_activity_minutes": 60}, mail={"min_activity_minutes": 120},
    )  # fmt: skip


def short_stays(case, problem, state):
    plan = Plan.model_construct(shifts=shifts_of(problem, state))
    return min_activity.check(case, plan)


@pytest.mark.parametrize("seed", range(4))
def test_every_state_of_the_search_keeps_the_rule(seed, choosy, usual_work):
    problem = compile_problem(choosy, usual_work(choosy, 1700))
    model = build_model(problem)
    prices = solve_prices(build_relaxation(problem), time_limit=60.0, threads=1)
    state = construct(model, np.full(len(problem.offers.partner), seed % 2), prices)
    search = Search(model, state, prices, np.random.default_rng(seed))
    assert short_stays(choosy, problem, state) == []
    for step in range(6):
        search.round(step / 6)
        assert short_stays(choosy, problem, search.plan()) == []
        best = search.plan_with_best_activities()
        assert short_stays(choosy, problem, best) == []
        assert not any(is_short(row, 0, problem.slots, problem.staff) for row in best.activity)
        before = total_cents(problem, model.items, best)
        swap_for_calm(best.activity, problem.staff, 2)
        assert short_stays(choosy, problem, best) == []
        assert total_cents(problem, model.items, best) == before


def test_whether_a_stay_is_short_is_what_the_rule_says(choosy, usual_work):
    """On activities at random, most of them illegal."""
    problem = compile_problem(choosy, usual_work(choosy, 1700))
    model = build_model(problem)
    random = np.random.default_rng(5)
    state = construct(model, np.zeros(len(problem.offers.partner), dtype=np.int64), Prices.of_shortage(problem))
    verdicts = set()
    for _ in range(60):
        agent = int(random.integers(problem.agents))
        row = np.where(state.activity[agent] > BREAK, IDLE, state.activity[agent])
        for _ in range(int(random.integers(1, 9))):
            q, first = int(random.integers(problem.campaigns)), int(random.integers(problem.slots))
            span = slice(first, first + int(random.integers(1, 9)))
            row[span] = np.where((row[span] > BREAK) & problem.open[q, span], q, row[span])
        alone = state.saved()
        alone.tour[[a for a in range(problem.agents) if a != agent]] = -1
        alone.activity[agent] = row

        short = bool(is_short(row, 0, problem.slots, problem.staff))

        assert short == bool(short_stays(choosy, problem, alone))
        verdicts.add(short)
    assert verdicts == {False, True}


def test_a_plan_with_minimum_stays_is_legal_and_costs_more(choosy, rebuild, usual_work, plan_of):
    requirement = usual_work(choosy, 1700)
    plan, result = plan_of(choosy, requirement, rounds=60)

    assert check_plan(choosy, requirement, plan) == []
    assert result.bound.cents <= result.cost_cents == plan.bill.total_cents
    free = rebuild(choosy, **{name: {"min_activity_minutes": None} for name in ("service", "sales", "mail")})
    freer, _ = plan_of(free, usual_work(free, 1700), rounds=60)
    assert min_activity.check(choosy, freer) != []
    assert freer.bill.total_cents <= plan.bill.total_cents
