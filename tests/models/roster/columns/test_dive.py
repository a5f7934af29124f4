"""Dives and neighbourhoods: what they hold, what they prove, what they find."""

import numpy as np
import pytest

from models.roster.columns import dive as diving
from models.roster.columns import generate as generation
from models.roster.columns.budget import UNLIMITED
from models.roster.columns.dive import FEW, LAST, Diver
from models.roster.columns.generate import Bounded, generate
from models.roster.columns.plan import whole_plan
from models.roster.columns.pool import Pool
from models.roster.columns.rest import rest_of


def first_tours(program):
    """The plan in which everybody has the first tour listed, however dear."""
    pool = Pool()
    return pool, whole_plan(program, pool, np.array([pool.add(p, of[0]) for p, of in enumerate(program.tours.tours)]))


def diver(program, pool, plan):
    return Diver(program, pool, plan, missing=10_000.0, seconds=1000.0, seed=0, budget=UNLIMITED)


@pytest.mark.parametrize("seed", range(4))
def test_a_dive_of_all_is_near_the_optimum_and_costs_what_it_says(listed_program, least_cost, seed):
    program = listed_program(seed, persons=FEW + 6)
    pool, plan = first_tours(program)
    least = least_cost(program)

    found = diver(program, pool, plan).dive(np.arange(FEW + 6), np.zeros(len(program.rows))).plan

    assert found.cost == whole_plan(program, pool, found.chosen, found.units).cost
    assert pool.persons_of(found.chosen).tolist() == list(range(FEW + 6))
    assert least <= found.cost <= least + 0.1 * (plan.cost - least)


def test_a_dive_ends_with_a_plan_where_the_integer_program_is_too_slow_for_several(listed_program, monkeypatch):
    program = listed_program(2, persons=FEW + 6)
    pool, plan = first_tours(program)
    choose, asked = diving.best_choice, []

    def slow(*arguments, persons, **more):
        asked.append(len(persons))
        return choose(*arguments, persons=persons, **more) if len(persons) == 1 else None

    monkeypatch.setattr(diving, "best_choice", slow)
    monkeypatch.setattr(diving, "SURE", 2.0)  # else all but one are held at once

    found = diver(program, pool, plan).dive(np.arange(FEW + 6), np.zeros(len(program.rows))).plan

    assert asked == list(range(LAST, 0, -1))
    assert found.cost < plan.cost


def test_persons_that_are_not_freed_keep_their_tours(listed_program):
    program = listed_program(1, persons=FEW + 6)
    pool, plan = first_tours(program)
    freed = np.arange(3, FEW + 5)

    found = diver(program, pool, plan).dive(freed, np.zeros(len(program.rows))).plan

    kept = np.delete(np.arange(FEW + 6), freed)
    assert found.cost < plan.cost
    assert (found.chosen[kept] == plan.chosen[kept]).all()


def test_a_neighbourhood_is_exhausted_only_where_nothing_is_cheaper(listed_program, least_cost):
    proven = 0
    for seed in range(8):
        program = listed_program(seed, persons=5)
        pool, plan = first_tours(program)
        prices, everybody = np.zeros(len(program.rows)), np.arange(5)
        best = diver(program, pool, plan).dive(everybody, prices).plan

        again = diver(program, pool, best).dive(everybody, prices)

        assert best.cost == least_cost(program)
        assert again.plan is None
        assert not diver(program, pool, plan).dive(everybody, prices).exhausted
        proven += again.exhausted
    assert proven > 0


def test_thinning_the_master_out_leaves_value_and_bound(listed_program, monkeypatch):
    program = listed_program(2, persons=9, with_extras=False)

    def solved():
        pool, plan = first_tours(program)
        rest = rest_of(program, pool, plan.chosen, np.arange(9))
        master = rest.master(program, pool, np.zeros(len(program.rows)), 10_000.0)
        start = Bounded(-np.inf, np.zeros(len(program.rows)))
        relaxed, bounded = generate(
            master, pool, program, persons=rest.persons, rows=rest.rows, bounded=start, most=3, budget=UNLIMITED
        )
        return relaxed.value, bounded.value, len(master)

    value, bound, tours = solved()
    monkeypatch.setattr(generation, "MOST_TOURS", 2)
    monkeypatch.setattr(generation, "KEPT_TOURS", 1)
    thin_value, thin_bound, thin_tours = solved()

    assert thin_tours < tours
    assert (thin_value, thin_bound) == pytest.approx((value, bound))


def test_nearest_tours_of_each_person(listed_program):
    program = listed_program(4, persons=3)
    pool = Pool()
    for person, tours in enumerate(program.tours.tours):
        for tour in tours:
            pool.add(person, tour)
    prices = np.arange(len(program.rows), dtype=float)
    owner, reduced = pool.all_reduced(prices)

    nearest = pool.nearest(np.array([0, 2]), prices, 2)

    assert pool.persons_of(nearest).tolist() == [0, 0, 2, 2]
    for person in (0, 2):
        mine = np.sort(reduced[owner == person])
        assert sorted(pool.reduced(nearest[pool.persons_of(nearest) == person], prices)) == pytest.approx(mine[:2])
