"""Whom a neighbourhood frees: where the plan loses against the bound, and who could mend it."""

import numpy as np
import pytest

from models.roster.columns.aim import choose_freed
from models.roster.columns.plan import whole_plan
from models.roster.columns.pool import Pool
from models.roster.columns.program import Program, Tour
from models.roster.columns.rows import Rows, Steps


@pytest.mark.parametrize("seed", range(5))
def test_losses_of_persons_and_rows_add_up_to_what_the_plan_costs_above_the_bound(listed_program, seed):
    program = listed_program(seed, with_extras=False)
    rng, listed = np.random.default_rng(seed), program.tours.tours
    held = [tours[rng.integers(len(tours))] for tours in listed]
    prices = rng.uniform(-5, 20, len(program.rows))
    answers = program.tours.price(prices, np.arange(len(listed)))
    cover = np.zeros(len(program.rows))
    for tour in held:
        cover[tour.rows] += tour.amounts

    losses = program.rows.losses(cover, prices)

    regret = [tour.cost - prices[tour.rows] @ tour.amounts - a.value for tour, a in zip(held, answers, strict=True)]
    cost = sum(tour.cost for tour in held) + program.rows.cost(cover)
    bound = sum(answer.value for answer in answers) + program.rows.least(prices)
    assert (losses >= 0).all()
    assert losses.sum() + sum(regret) == pytest.approx(cost - bound)


class SixPersons:
    """Everybody works on row 0; persons 2 and 4 know a tour on row 1."""

    persons = 6


def tour(row):
    return Tour(0.0, np.array([row]), np.ones(1), bytes([row]))


@pytest.mark.parametrize("need", [(5.0, 1.0), (6.0, 2.0)])
def test_those_who_could_cover_a_missing_row_are_freed(need):
    """Row 1 lacks cover, and is all that loses: more than needed of row 0 costs nothing."""
    rows = Rows(np.array(need), Steps.flat(np.array([100.0, 100.0]), 9.0), Steps.flat(np.array([0.0, 0.0]), 9.0))
    program, pool = Program(rows, SixPersons()), Pool()
    plan = whole_plan(program, pool, np.array([pool.add(person, tour(0)) for person in range(6)]))
    for person in (2, 4):
        pool.add(person, tour(1))
    prices = np.array([0.0, 10.0])
    times = np.zeros(6)
    for seed in range(40):
        freed = choose_freed(program, pool, plan, prices, 3, np.random.default_rng(seed))
        assert len(set(freed.tolist())) == 3
        assert (np.diff(freed) > 0).all()
        times[freed] += 1

    assert times[[2, 4]].min() > 1.3 * times[[0, 1, 3, 5]].max()


def test_all_are_freed_where_more_are_asked_for_than_there_are(listed_program):
    program, pool = listed_program(11, with_extras=False), Pool()
    plan = whole_plan(program, pool, np.array([pool.add(p, of[0]) for p, of in enumerate(program.tours.tours)]))

    for seed in range(5):
        freed = choose_freed(program, pool, plan, np.zeros(len(program.rows)), 12, np.random.default_rng(seed))
        assert freed.tolist() == [0, 1, 2, 3]
