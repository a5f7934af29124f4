"""Plans generated cases and writes what they cost, what is proven, and where the gap sits: one JSON object per run.

    python -m benchmarks.roster --sizes S M --seeds 1 2 3 --seconds 60

Cases and their requirements are made once and kept in `--cache`, so that the optimiser alone is compared.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
from pathlib import Path
from time import monotonic, process_time
from typing import Any

import numpy as np

from data.generate.case import Size, generate_case
from data.ingest.case import read_case
from models.chain import assemble
from models.forecast.forecast import forecast_case
from models.roster.solve import solve
from models.roster.watch import Limits
from models.staffing.requirement import build_requirement
from wfm.case import Case
from wfm.check import check_plan
from wfm.plan import Plan
from wfm.progress import Progress
from wfm.requirement import MILLI, Requirement


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", choices=("S", "M", "L", "XL"), default=["S", "M"])
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rounds", type=int, default=None)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "wfm-benchmark-cases")
    parser.add_argument("--steps", action="store_true", help="write every step of the progress to stderr")
    arguments = parser.parse_args(argv)
    for size in arguments.sizes:
        for seed in arguments.seeds:
            case, requirement = documents(size, seed, arguments.cache)
            limits = Limits(arguments.seconds, arguments.rounds)
            facts = {"size": size, "seed": seed, "seconds": arguments.seconds}
            facts |= measure(case, requirement, limits, arguments.workers, steps=arguments.steps)
            print(json.dumps(facts), flush=True)
    return 0


def documents(size: Size, seed: int, cache: Path) -> tuple[Case, Requirement]:
    """The generated case and its requirement, from the cache where they are there and still say the same."""
    folder = cache / f"{size}{seed}"
    if not (folder / "plan.csv").exists():
        generate_case(size, seed, folder)
    loaded = read_case(folder)
    file = cache / f"{size}{seed}-{loaded.case.content_hash()[:12]}.json"
    if not file.exists():
        requirement = build_requirement(loaded.case, forecast_case(loaded.case, loaded.histories, seed=0))
        file.write_text(requirement.model_dump_json(), encoding="utf-8")
    return loaded.case, Requirement.model_validate_json(file.read_text(encoding="utf-8"))


def measure(case: Case, requirement: Requirement, limits: Limits, workers: int, *, steps: bool) -> dict[str, Any]:
    """One plan: costs in cents, gaps as shares, seconds of wall and processor time, the process's peak memory so far, terms of
    cost and bound.
    """
    begun = monotonic()
    last: list[str] = [""]

    def show(progress: Progress) -> None:
        if steps and progress.message != last[0]:
            last[0] = progress.message
            print(
                f"{monotonic() - begun:8.2f} s  {progress.message}  {progress.incumbent_cents}  {progress.bound_cents}",
                file=sys.stderr,
            )

    processor = process_time()
    result = solve(case, requirement, limits=limits, seed=0, workers=workers, on_progress=show)
    seconds, processor = monotonic() - begun, process_time() - processor
    plan = assemble(case, requirement, result, seed=0)
    certificate = plan.certificate
    return {
        "cost": result.cost_cents,
        "bound": result.bound.cents,
        "gap": round(certificate.gap, 5),
        "changeable_gap": round(certificate.changeable_gap, 5),
        "first_plan_seconds": round(result.first_plan_seconds, 2),
        "wall_seconds": round(seconds, 2),
        "processor_seconds": round(processor, 2),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "load": os.getloadavg()[0],
        "rounds": result.rounds,
        "violations": [violation.rule for violation in check_plan(case, requirement, plan)],
        "cost_terms": {name: cents for name, cents in _terms(plan).items() if name != "wages"},
        "bound_terms": {
            "tours": round(result.bound.tours),
            "purchases": round(result.bound.purchases),
            "demand": round(result.bound.demand),
            "counted": round(result.bound.counted),
        },
    } | _hours(case, requirement, plan)


def _terms(plan: Plan) -> dict[str, int]:
    terms: dict[str, int] = {}
    for line in plan.bill.lines:
        terms[line.kind] = terms.get(line.kind, 0) + line.cents
    return terms


def _hours(case: Case, requirement: Requirement, plan: Plan) -> dict[str, Any]:
    """Productive hours idle, bought, and offered beyond the work of their half-hour (inbound lines), to show what is lost."""
    row = {campaign.id: index for index, campaign in enumerate(case.campaigns)}
    own = np.zeros((len(row), case.grid.slots))
    effect = {agent.id: 1 - case.site_by_id[agent.site].unplanned_shrinkage for agent in case.agents}
    idle = 0
    for shift in plan.shifts:
        for segment in shift.segments:
            if segment.activity in row:
                last = segment.first_slot + segment.slots
                own[row[segment.activity], segment.first_slot : last] += effect[shift.agent]
            elif segment.activity == "idle":
                idle += segment.slots
    hour = case.interval_minutes / 60
    work = sum(item.work for entry in requirement.campaigns for item in entry.items) / MILLI
    return {
        "own_hours": round(float(own.sum()) * hour, 1),
        "idle_hours": round(idle * hour, 1),
        "work_hours": round(work * hour, 1),
        "blocks": sum(purchase.blocks for purchase in plan.purchases),
    }


if __name__ == "__main__":
    sys.exit(main())
