"""The restricted master: the best whole choice among given tours, an integer program.

HiGHS solves it: on published rosters it was as good as SCIP and CP-SAT on the same tours, or better, in less time.
"""

from __future__ import annotations

import numpy as np
from ortools.math_opt.python import mathopt

from models.roster.columns.master import time_limit
from models.roster.columns.pool import Pool
from models.roster.columns.program import Extras
from models.roster.columns.rows import Rows
from models.roster.problem import Floats, Ints

NODES = 2_000
"""Most nodes of the search tree: what ends it where no clock does."""


def best_choice(
    rows: Rows,
    pool: Pool,
    among: Ints,
    extras: Extras,
    *,
    persons: Ints,
    start: tuple[Ints, Floats] | None,
    cutoff: float,
    seconds: float,
    seed: int,
) -> tuple[Ints, Floats] | None:
    """One tour of `among` (pool indices) per person of `persons` and whole units of extras, cheaper than `cutoff`.

    `start` is an answer known to be possible. Returns the tours in the order of `persons`; None when nothing below `cutoff`
    was found in time.
    """
    model = mathopt.Model()
    objective = model.objective
    cover = [model.add_linear_constraint(lb=need, ub=need) for need in rows.need.tolist()]
    for steps, sign in ((rows.under, 1.0), (rows.over, -1.0)):
        for row, width, slope in zip(steps.row.tolist(), steps.width.tolist(), steps.slope.tolist(), strict=True):
            variable = model.add_variable(lb=0.0, ub=width)
            cover[row].set_coefficient(variable, sign)
            objective.set_linear_coefficient(variable, slope)
    one = {int(person): model.add_linear_constraint(lb=1.0, ub=1.0) for person in persons}
    takes = []
    for index in among.tolist():
        tour, variable = pool.tours[index], model.add_binary_variable()
        takes.append(variable)
        objective.set_linear_coefficient(variable, tour.cost)
        one[pool.person_of(index)].set_coefficient(variable, 1.0)
        for row, amount in zip(tour.rows.tolist(), tour.amounts.tolist(), strict=True):
            cover[row].set_coefficient(variable, amount)
    units = [model.add_integer_variable(lb=0.0, ub=most) for most in extras.most.tolist()]
    for variable, cost in zip(units, extras.cost.tolist(), strict=True):
        objective.set_linear_coefficient(variable, cost)
    for column, row, amount in zip(extras.column.tolist(), extras.row.tolist(), extras.amount.tolist(), strict=True):
        cover[row].set_coefficient(units[column], amount)
    hints = []
    if start is not None:
        taken = set(start[0].tolist())
        values = {variable: float(index in taken) for index, variable in zip(among.tolist(), takes, strict=True)}
        values |= dict(zip(units, start[1].tolist(), strict=True))
        hints.append(mathopt.SolutionHint(variable_values=values))
    answer = mathopt.solve(
        model,
        mathopt.SolverType.HIGHS,
        params=mathopt.SolveParameters(
            time_limit=time_limit(seconds), node_limit=NODES, random_seed=seed, relative_gap_tolerance=1e-9
        ),
        model_params=mathopt.ModelSolveParameters(solution_hints=hints),
    )
    if not answer.has_primal_feasible_solution() or answer.objective_value() >= cutoff:
        return None
    values = answer.variable_values()
    chosen = {
        pool.person_of(index): index
        for index, variable in zip(among.tolist(), takes, strict=True)
        if values[variable] > 0.5
    }
    return np.array([chosen[int(person)] for person in persons]), np.rint([values[variable] for variable in units])
