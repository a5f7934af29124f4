"""From an instance of Curtois and Qu to a checked ROSTER.csv."""

from __future__ import annotations

from pathlib import Path

from benchmarks.published.shifts_instance import read_shifts_instance
from benchmarks.published.shifts_roster import cost, read_shifts_roster, violations, write_shifts_roster
from benchmarks.published.shifts_tours import shifts_program
from benchmarks.published.solved import Solved
from models.roster.columns.budget import Budget
from models.roster.columns.solve import OnBetter, Solver


def solve_shifts(
    path: Path, out: Path, *, seed: int, workers: int, rounds: int | None, budget: Budget, on_better: OnBetter
) -> Solved:
    """Solve `path`, write `out`, and judge what was written."""
    instance = read_shifts_instance(path)
    program, tours = shifts_program(instance, workers)
    result = Solver(program, seed=seed, budget=budget, on_better=on_better).run(rounds=rounds, workers=workers)
    write_shifts_roster(out, tours.roster(list(result.tours)))
    written = read_shifts_roster(out)
    objective = cost(instance, written)
    broken = violations(instance, written)
    if abs(objective - result.cost) > 1e-6:
        broken.append(f"the engine claims a cost of {result.cost}, the checker finds {objective}")
    return Solved(objective, result.bound, result.rounds, broken)
