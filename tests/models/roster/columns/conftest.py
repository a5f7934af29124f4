import numpy as np
import pytest
from ortools.sat.python import cp_model

from models.roster.columns.program import Extras, Priced, Program, Tour
from models.roster.columns.rows import Rows, Steps


class ListedTours:
    """An adapter that knows every tour of every person."""

    def __init__(self, tours):
        self.tours = tours

    @property
    def persons(self):
        return len(self.tours)

    def price(self, prices, persons, most=1):
        answers = []
        for person in persons:
            value = [tour.cost - prices[tour.rows] @ tour.amounts for tour in self.tours[person]]
            order = np.argsort(value, kind="stable")
            answers.append(Priced(int(person), float(min(value)), tuple(self.tours[person][i] for i in order[:most])))
        return answers


def listed_program(seed, persons=4, rows=6, with_extras=True):
    """A random program small enough for an exact model."""
    rng = np.random.default_rng(seed)

    def tour():
        covered = np.flatnonzero(rng.random(rows) < 0.5)
        amounts = rng.integers(1, 3, len(covered)).astype(float)
        return Tour(float(rng.integers(0, 12)), covered, amounts, covered.tobytes() + amounts.tobytes())

    tours = [[tour() for _ in range(8)] for _ in range(persons)]
    slopes = rng.integers(2, 20, rows).astype(float)
    under = Steps(
        np.repeat(np.arange(rows), 2), np.tile([2.0, 100.0], rows), np.column_stack([slopes, 3 * slopes]).ravel()
    )
    need = rng.integers(1, 5, rows).astype(float)
    extras = Extras()
    if with_extras:
        column, row = (part.ravel() for part in np.meshgrid(np.arange(2), np.arange(rows), indexing="ij"))
        keep = rng.random(len(column)) < 0.5
        amount = rng.integers(1, 3, len(column)).astype(float)
        extras = Extras(np.array([9.0, 14.0]), np.array([3.0, 2.0]), column[keep], row[keep], amount[keep])
    over = Steps.flat(rng.integers(0, 6, rows).astype(float), 100.0)
    return Program(Rows(need, under, over), ListedTours(tours), extras, unit=1.0)


def least_cost(program):
    """The optimum of a listed program by CP-SAT, from the definition: cost tables per row over whole cover."""
    model = cp_model.CpModel()
    take = [[model.new_bool_var("") for _ in tours] for tours in program.tours.tours]
    units = [model.new_int_var(0, int(most), "") for most in program.extras.most]
    for of_person in take:
        model.add_exactly_one(of_person)
    total = sum(
        int(t.cost) * x for of, xs in zip(program.tours.tours, take, strict=True) for t, x in zip(of, xs, strict=True)
    )
    total += sum(int(cost) * unit for cost, unit in zip(program.extras.cost, units, strict=True))
    for row in range(len(program.rows)):
        cover = sum(
            int(amount) * x
            for of, xs in zip(program.tours.tours, take, strict=True)
            for t, x in zip(of, xs, strict=True)
            for at, amount in zip(t.rows, t.amounts, strict=True)
            if at == row
        )
        entries = zip(program.extras.column, program.extras.row, program.extras.amount, strict=True)
        cover += sum(int(amount) * units[column] for column, at, amount in entries if at == row)
        cost, level = model.new_int_var(0, 100_000, ""), model.new_int_var(0, 60, "")
        table = [int(program.rows.costs(np.full(len(program.rows), float(x)))[row]) for x in range(61)]
        model.add_element(level, table, cost)
        model.add(level == cover)
        total += cost
    model.minimize(total)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    return solver.objective_value


@pytest.fixture(name="listed_program")
def listed_program_fixture():
    return listed_program


@pytest.fixture(name="least_cost")
def least_cost_fixture():
    return least_cost
