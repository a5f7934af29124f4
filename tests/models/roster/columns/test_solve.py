"""The whole engine on tiny programs against an exact model."""

import numpy as np
import pytest

from models.roster.columns.budget import Budget
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
