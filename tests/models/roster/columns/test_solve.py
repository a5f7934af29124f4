"""The whole engine on tiny programs against an exact model."""

import numpy as np
import pytest
from pybind11_abseil.status import StatusNotOk, internal_error

from models.roster.columns.budget import UNLIMITED, Budget
from models.roster.columns.master import Master, Unsolved
from models.roster.columns.program import Program, Tour
from models.roster.columns.respond import wander
from models.roster.columns.rows import Rows, Steps
from models.roster.columns.solve import Solver


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("with_extras", [False, True])
def test_plan_and_bound_against_the_exact_model(listed_program, least_cost, seed, with_extras):
    program = listed_program(seed, with_extras=with_extras)
    least = least_cost(program)

    result = Solver(program, seed=0).run(rounds=6)

    assert result.bound <= least <= result.cost
    assert result.cost == least  # all persons fit in one neighbourhood, which is solved exactly
    assert result.cost == pytest.approx(cost_of(program, result))


def cost_of(program, result):
    cover = program.extras.cover(np.array(result.units), len(program.rows))
    for tour in result.tours:
        cover[tour.rows] += tour.amounts
    own = sum(tour.cost for tour in result.tours)
    return own + program.extras.cost @ np.array(result.units) + program.rows.cost(cover)


def test_every_bound_told_on_the_way_holds(listed_program, least_cost):
    program, told = listed_program(3, persons=9), []
    least = least_cost(program)

    Solver(program, seed=1, on_better=lambda cost, bound: told.append((cost, bound))).run(rounds=5)

    assert told
    assert all(bound <= least <= cost for cost, bound in told)
    assert [cost for cost, _ in told] == sorted((cost for cost, _ in told), reverse=True)


def test_same_seed_same_plan(listed_program):
    first, second = (Solver(listed_program(5, persons=12), seed=2).run(rounds=4) for _ in range(2))

    assert [tour.content for tour in first.tours] == [tour.content for tour in second.tours]


def test_stopped_at_once_there_is_a_plan_all_the_same(listed_program):
    result = Solver(listed_program(1), seed=0, budget=Budget(stop=lambda: True)).run()

    assert len(result.tours) == 4
    assert result.bound <= result.cost


def test_walks_go_on_from_plans_of_equal_cost(listed_program):
    """On a plain, where all plans cost the same, the plan kept moves."""
    tours = [[Tour(1.0, np.array([row]), np.ones(1), bytes([row])) for row in range(6)] for _ in range(2)]
    flat = Rows(np.full(6, 2.0), Steps.flat(np.ones(6), 9.0), Steps.flat(np.ones(6), 9.0))
    program = Program(flat, type(listed_program(0).tours)(tours))
    solver = Solver(program, seed=0)
    seen = set()
    for seed in range(8):
        rng = np.random.default_rng(seed)
        solver.take(wander(program, solver.pool, solver.plan, moves=4, heat=1e-3, rng=rng, budget=UNLIMITED))
        seen.add(tuple(solver.plan.chosen))

    assert len(seen) > 1
    assert {cost_of_plan(program, solver.pool, chosen) for chosen in seen} == {solver.plan.cost}


def cost_of_plan(program, pool, chosen):
    return pool.costs_of(chosen).sum() + program.rows.cost(pool.cover(chosen, len(program.rows)))


@pytest.mark.parametrize("first_failed", [1, 2, 3])
def test_a_linear_program_given_up_ends_its_search_alone(listed_program, least_cost, monkeypatch, first_failed):
    """From some linear program on all fail: there is a plan all the same, and what is proven holds."""
    program, solve, calls = listed_program(4, persons=9), Master.solve, []

    def failing(master, budget):
        calls.append(1)
        if len(calls) >= first_failed:
            raise Unsolved
        return solve(master, budget)

    monkeypatch.setattr(Master, "solve", failing)
    result = Solver(program, seed=0).run(rounds=9)

    assert len(calls) >= first_failed
    assert result.bound <= least_cost(program) <= result.cost
    assert result.cost == pytest.approx(cost_of(program, result))


def test_errors_of_ours_are_not_taken_for_failures_of_the_solver(listed_program):
    program = listed_program(0)
    solver = Solver(program, seed=0)
    master = Master(program.rows, solver.persons, program.extras, missing=1e4)
    master.add(solver.pool, [0])
    master._model.objective.set_linear_coefficient(next(iter(master._variable.values())), float("nan"))

    with pytest.raises(AttributeError):  # of MathOpt's wrapper, which stumbles over its own error
        master.solve(UNLIMITED)


def test_an_error_inside_the_solver_leaves_the_program_unsolved(listed_program):
    def give_up():
        raise StatusNotOk(internal_error("the solver gave up"))

    class GivesUp:
        def solve(self, **_):
            try:
                give_up()
            except StatusNotOk as error:
                return error.canonical_code  # as MathOpt's wrapper does

    program = listed_program(0)
    master = Master(program.rows, np.arange(4), program.extras, missing=1e4)
    master._solver = GivesUp()

    with pytest.raises(Unsolved, match="the solver gave up"):
        master.solve(UNLIMITED)
