"""The linear program over the tours found so far, kept alive: tours are added and dropped, it is never rebuilt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from math import inf, isinf

import numpy as np
from ortools.math_opt.python import mathopt
from pybind11_abseil.status import StatusNotOk  # type: ignore[import-untyped]  # comes with OR-Tools

from models.roster.columns.budget import Budget
from models.roster.columns.pool import Pool
from models.roster.columns.program import Extras
from models.roster.columns.rows import Rows
from models.roster.problem import Floats, Ints

_Reason = mathopt.TerminationReason


@dataclass(frozen=True, eq=False)
class Relaxed:
    """Optimum of the linear program: `chosen` tours (pool indices) with `weight` > 0; prices per row, and per person of the
    master (their tour's share of the value); units of extras.
    """

    value: float
    chosen: Ints
    weight: Floats
    prices: Floats
    person_prices: Floats
    units: Floats


class Unsolved(Exception):  # noqa: N818
    """The budget ended inside a linear program, or GLOP gave it up: what stood before stands."""


def time_limit(seconds: float) -> timedelta | None:
    """As OR-Tools wants it: None for no limit."""
    return None if isinf(seconds) else timedelta(seconds=seconds)


class Master:
    """min sum of cost over weights of tours, extras and steps; every row's cover with its steps equals its need, weights of
    every person add up to one. A person without tours is filled at `missing`, which a complete pool never pays.
    """

    def __init__(self, rows: Rows, persons: Ints, extras: Extras, missing: float) -> None:
        self.persons = persons
        self._place = {int(person): index for index, person in enumerate(persons)}
        self._model = model = mathopt.Model()
        objective = model.objective
        self._rows = [model.add_linear_constraint(lb=need, ub=need) for need in rows.need.tolist()]
        for steps, sign in ((rows.under, 1.0), (rows.over, -1.0)):
            for row, width, slope in zip(steps.row.tolist(), steps.width.tolist(), steps.slope.tolist(), strict=True):
                variable = model.add_variable(lb=0.0, ub=width)
                self._rows[row].set_coefficient(variable, sign)
                objective.set_linear_coefficient(variable, slope)
        self._one = [model.add_linear_constraint(lb=1.0, ub=1.0) for _ in range(len(persons))]
        for one in self._one:
            gap = model.add_variable(lb=0.0)
            one.set_coefficient(gap, 1.0)
            objective.set_linear_coefficient(gap, missing)
        self._units = [model.add_variable(lb=0.0, ub=most) for most in extras.most.tolist()]
        for variable, cost in zip(self._units, extras.cost.tolist(), strict=True):
            objective.set_linear_coefficient(variable, cost)
        for column, row, amount in zip(
            extras.column.tolist(), extras.row.tolist(), extras.amount.tolist(), strict=True
        ):
            self._rows[row].set_coefficient(self._units[column], amount)
        self._variable: dict[int, mathopt.Variable] = {}
        self._index: dict[int, int] = {}
        self._solver = mathopt.IncrementalSolver(model, mathopt.SolverType.GLOP)
        self._parameters = mathopt.SolveParameters(presolve=mathopt.Emphasis.OFF, threads=1)
        self._filter = mathopt.ModelSolveParameters(
            variable_values_filter=mathopt.SparseVectorFilter(skip_zero_values=True),
            reduced_costs_filter=mathopt.SparseVectorFilter(filtered_items=[]),
        )

    def places(self, persons: Ints) -> Ints:
        """Where persons stand in `person_prices`."""
        return np.array([self._place[int(person)] for person in persons], dtype=np.int64)

    def __len__(self) -> int:
        return len(self._variable)

    def __contains__(self, index: int) -> bool:
        return index in self._variable

    def indices(self) -> Ints:
        """Pool indices of its tours, ascending."""
        return np.array(sorted(self._variable), dtype=np.int64)

    def add(self, pool: Pool, indices: Iterable[int]) -> None:
        """Give the master these tours of the pool, once."""
        objective = self._model.objective
        for index in indices:
            if index in self._variable:
                continue
            tour = pool.tours[index]
            variable = self._model.add_variable(lb=0.0)
            objective.set_linear_coefficient(variable, tour.cost)
            self._one[self._place[pool.person_of(index)]].set_coefficient(variable, 1.0)
            for row, amount in zip(tour.rows.tolist(), tour.amounts.tolist(), strict=True):
                self._rows[row].set_coefficient(variable, amount)
            self._variable[index] = variable
            self._index[variable.id] = index

    def keep(self, indices: Ints) -> None:
        """Take all other tours out."""
        kept = set(indices.tolist())
        for index in [index for index in self._variable if index not in kept]:
            variable = self._variable.pop(index)
            del self._index[variable.id]
            self._model.delete_variable(variable)

    def solve(self, budget: Budget) -> Relaxed:
        """Optimum of the program as it stands; Unsolved when the budget does not last, or GLOP finds none."""
        self._parameters.time_limit = time_limit(budget.share(inf))
        try:
            answer = self._solver.solve(params=self._parameters, model_params=self._filter)
        except Exception as error:
            # MathOpt's wrapper stumbles over its own error (google/or-tools issue 4606). An invalid argument is ours, not GLOP's.
            status = error.__context__
            if isinstance(status, StatusNotOk) and "[INVALID_ARGUMENT]" not in str(status):
                raise Unsolved(str(status)) from error
            raise
        reason = answer.termination.reason
        if reason in {_Reason.NO_SOLUTION_FOUND, _Reason.FEASIBLE, _Reason.NUMERICAL_ERROR, _Reason.OTHER_ERROR}:
            raise Unsolved
        # Prices that are a little off do no harm: the bound is evaluated anew at whatever prices come out.
        if reason not in {_Reason.OPTIMAL, _Reason.IMPRECISE}:
            raise RuntimeError(f"the linear master program ended with {answer.termination}")
        values = answer.variable_values()
        chosen = [(self._index[variable.id], value) for variable, value in values.items() if variable.id in self._index]
        chosen.sort()
        return Relaxed(
            value=answer.objective_value(),
            chosen=np.array([index for index, _ in chosen], dtype=np.int64),
            weight=np.array([value for _, value in chosen]),
            prices=np.array(answer.dual_values(self._rows)),
            person_prices=np.array(answer.dual_values(self._one)),
            units=np.array([values.get(variable, 0.0) for variable in self._units]),
        )
