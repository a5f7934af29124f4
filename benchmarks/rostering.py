"""Solves a published rostering instance with the planner's own column engine and writes its roster.

    ./dev bench rostering --instance Instance5.txt --time-limit 60 --out ROSTER.csv

The format is seen from the file: Curtois and Qu (ROSTER.csv: employee, day from 0, shift), or MATSP (employee, start, minutes,
tasks). Prints objective, bound and seconds; the objective is the independent checker's, read back from ROSTER.csv.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from math import inf
from pathlib import Path
from time import monotonic, process_time
from typing import Any

from benchmarks.published.sections import InstanceError, read_sections
from benchmarks.published.shifts import solve_shifts
from benchmarks.published.tasks import solve_tasks
from models.roster.columns.budget import Budget


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instance", type=Path, required=True)
    parser.add_argument("--time-limit", type=float, default=None, help="seconds of wall time, reading included")
    parser.add_argument(
        "--clock",
        choices=("wall", "processor"),
        default="wall",
        help="what the limit counts; processor for a shared machine",
    )
    parser.add_argument("--out", type=Path, required=True, help="ROSTER.csv")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a line")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=None, help="stop after so many neighbourhoods")
    parser.add_argument("--steps", action="store_true", help="write every better plan to stderr")
    arguments = parser.parse_args(argv)
    if arguments.time_limit is None and arguments.rounds is None:
        parser.error("--time-limit or --rounds is needed, or it may never end")
    try:
        facts = measure(arguments)
    except (InstanceError, OSError) as error:
        print(f"rostering: {error}", file=sys.stderr)
        return 2
    if arguments.json:
        print(json.dumps(facts))
    else:
        print(f"objective {facts['objective']}  bound {facts['bound']}  seconds {facts['seconds']}")
    if facts["violations"]:
        print("\n".join(facts["violations"]), file=sys.stderr)
        return 1
    return 0


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    """Solve, write, read back and check one instance."""
    clock = monotonic if arguments.clock == "wall" else process_time
    begun, wall, processor = clock(), monotonic(), process_time()
    solve = solve_tasks if "TASKS" in read_sections(arguments.instance) else solve_shifts

    def left() -> float:
        return inf if arguments.time_limit is None else begun + arguments.time_limit - clock()

    def show(cost: float, bound: float) -> None:
        if arguments.steps:
            print(f"{clock() - begun:8.2f} s  {cost:.0f}  {bound:.0f}", file=sys.stderr, flush=True)

    solved = solve(
        arguments.instance,
        arguments.out,
        seed=arguments.seed,
        workers=arguments.workers,
        rounds=arguments.rounds,
        budget=Budget(left),
        on_better=show,
    )
    return {
        "instance": arguments.instance.stem,
        "objective": solved.objective,
        "bound": solved.bound,
        "seconds": round(monotonic() - wall, 2),
        "processor_seconds": round(process_time() - processor, 2),
        "time_limit": arguments.time_limit,
        "clock": arguments.clock,
        "seed": arguments.seed,
        "workers": arguments.workers,
        "rounds": solved.rounds,
        "load": round(os.getloadavg()[0], 2),
        "violations": solved.violations,
    }


if __name__ == "__main__":
    sys.exit(main())
