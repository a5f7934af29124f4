"""From a MATSP instance to a checked ROSTER.csv."""

from __future__ import annotations

from pathlib import Path

from benchmarks.published.solved import Solved
from benchmarks.published.tasks_instance import read_tasks_instance
from benchmarks.published.tasks_roster import cost, read_tasks_roster, violations, write_tasks_roster
from benchmarks.published.tasks_tours import tasks_program
from models.roster.columns.budget import Budget
from models.roster.columns.solve import OnBetter, Solver


def solve_tasks(
    path: Path, out: Path, *, seed: int, workers: int, rounds: int | None, budget: Budget, on_better: OnBetter
) -> Solved:
    """Solve `path`, write `out`, and judge what was written."""
    instance = read_tasks_instance(path)
    program, tours = tasks_program(instance)
    result = Solver(program, seed=seed, budget=budget, on_better=on_better).run(rounds=rounds, workers=workers)
    write_tasks_roster(out, tours.roster(list(result.tours)))
    written = read_tasks_roster(out)
    objective = cost(instance, written)
    broken = violations(instance, written)
    if not broken and abs(objective - result.cost) > 1e-6:
        broken.append(f"the engine claims a cost of {result.cost}, the checker finds {objective}")
    return Solved(objective, result.bound, result.rounds, broken)
