"""Searches that change weeks of their own: what they make together is one lawful plan, and its sums are its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from models.roster import weeks_apart
from models.roster.compile import compile_problem
from models.roster.construct import construct
from models.roster.moves import recount
from models.roster.prices import Prices
from models.roster.search import Search, days_of_weeks
from models.roster.settle import settle_agents
from models.roster.state import ABSENT, BREAK, build_model, empty_state
from models.roster.weeks_apart import put_together, search_weeks_apart


@pytest.fixture
def begun(law_case, usual_work):
    """`begun(seed)`: a case of two weeks, its model, a first plan and prices."""

    def make(seed):
        case = law_case(seed)
        requirement = usual_work(case)
        problem = compile_problem(case, requirement)
        model, guide = build_model(problem), Prices.of_shortage(problem)
        blocks = np.zeros(len(problem.offers.partner), dtype=np.int64)
        return case, requirement, model, construct(model, blocks, guide), guide

    return make


@pytest.mark.parametrize("seed", range(8))
def test_weeks_of_two_searches_make_one_lawful_plan(seed, begun, violations_of):
    case, requirement, model, before, guide = begun(seed)
    found = []
    for week in (seed % 2, 1 - seed % 2):
        search = Search(
            model, before, guide, np.random.default_rng([seed, week]), days=days_of_weeks(np.array([week])), share=2
        )
        for done in np.linspace(0, 1, 10):
            search.round(float(done))
        found.append((np.array([week]), search.plan()))

    plan = put_together(model, found)

    assert violations_of(case, requirement, model, plan) == []
    for (week,), alone in found:
        others = np.arange(model.problem.days) // 7 != week
        assert (alone.tour[:, others] == before.tour[:, others]).all()
    assert any((alone.tour != before.tour).any() for _, alone in found)
    counted = plan.saved()
    problem = model.problem
    recount(problem.staff, problem.offers, problem.open, problem.max_heads, model.items, counted)
    assert (counted.left == plan.left).all()
    assert (settle_agents(problem, plan)[0] == plan.agent_cents).all()


def test_a_tour_whose_weeks_do_not_go_together_keeps_those_of_the_first_search(begun):
    _, _, model, _, _ = begun(1)
    problem, options = model.problem, model.problem.options
    before = empty_state(problem, model.items)

    def with_shift(day, latest):
        """Agent 0 alone works, on one day: the shift that ends last, or the one that starts first."""
        state = before.saved()
        able = np.flatnonzero(problem.staff.allowed[0] & (options.day == day))
        option = able[np.argmax(options.end[able])] if latest else able[np.argmin(options.start[able])]
        state.tour[0, day] = option
        state.activity[0, options.start[option] : options.end[option]] = -1
        for length, earliest, _ in options.breaks[option]:
            first = options.start[option] + earliest
            state.activity[0, first : first + length] = BREAK
        return state

    sunday_night, monday_morning = with_shift(6, latest=True), with_shift(7, latest=False)

    torn = put_together(model, [(np.array([0]), sunday_night), (np.array([1]), monday_morning)])
    other = put_together(model, [(np.array([1]), monday_morning), (np.array([0]), sunday_night)])

    assert (torn.tour == sunday_night.tour).all()
    assert (torn.activity == sunday_night.activity).all()
    assert (other.tour == monday_morning.tour).all()
    assert (other.activity[1:] == ABSENT).all()


def test_searches_run_side_by_side_until_told(begun, violations_of):
    case, requirement, model, before, guide = begun(2)
    asked = iter([True] * 5)
    with ThreadPoolExecutor(1) as pool:
        plan, rounds = search_weeks_apart(
            model, before, guide, [np.random.default_rng(0), np.random.default_rng(1)], 1, pool,
            done=lambda: 0.5, go_on=lambda: next(asked, False),
        )  # fmt: skip

    assert rounds >= 5
    assert violations_of(case, requirement, model, plan) == []


def test_each_partner_is_traded_with_by_one_search_so_that_hours_and_tariffs_add_up(begun, monkeypatch):
    _, _, model, before, guide = begun(2)
    offers, found, plain = model.problem.offers, [], weeks_apart.put_together

    def put(model, plans):
        found.extend(plans)
        return plain(model, plans)

    monkeypatch.setattr(weeks_apart, "put_together", put)
    asked = iter([True] * 20)
    with ThreadPoolExecutor(1) as pool:
        search_weeks_apart(
            model, before, guide, [np.random.default_rng(0), np.random.default_rng(1)], 0, pool,
            done=lambda: 0.5, go_on=lambda: next(asked, False),
        )  # fmt: skip

    traded = [set(offers.partner[plan.blocks != before.blocks]) for _, plan in found]
    assert traded[0] | traded[1]
    assert not traded[0] & traded[1]


def test_an_error_in_one_search_ends_the_others_and_is_told(begun):
    _, _, model, before, guide = begun(2)

    def broken():
        raise ArithmeticError

    with ThreadPoolExecutor(1) as pool, pytest.raises(ArithmeticError):
        search_weeks_apart(
            model, before, guide, [np.random.default_rng(0), np.random.default_rng(1)], 0, pool,
            done=lambda: 0.5, go_on=broken,
        )  # fmt: skip
