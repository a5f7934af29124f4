"""The simulation of a plan in its folder: `simulation.json`, which only a folder that was simulated holds."""

from __future__ import annotations

import secrets
from pathlib import Path

from pydantic import ValidationError

from wfm.plan import Plan
from wfm.simulation import SimulationReport
from wfm.violation import Violation

SIMULATION = "simulation.json"
CODE = "EXPORT"


def write_simulation(folder: Path, report: SimulationReport) -> None:
    """Write the report as canonical JSON, replacing an earlier one."""
    write_whole(folder / SIMULATION, report.canonical_json())


def compare_simulation(folder: Path, plan: Plan) -> list[Violation]:
    """What the stored simulation, if there is one, has another origin for than `plan`."""
    file = folder / SIMULATION
    if not file.exists():
        return []
    try:
        report = SimulationReport.from_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        first = str(error).splitlines()[0]
        limit = "a simulation as `wfm simulate` writes it: simulate again"
        return [Violation(rule=CODE, subject=SIMULATION, where="file", found=f"cannot be read: {first}", limit=limit)]
    expected = {
        "case_hash": plan.case_hash,
        "requirement_hash": plan.requirement_hash,
        "plan_hash": plan.content_hash(),
    }
    return [
        Violation(
            rule=CODE, subject=SIMULATION, where=name, found=getattr(report, name), limit=f"{value}: simulate again"
        )
        for name, value in expected.items()
        if getattr(report, name) != value
    ]


def write_whole(file: Path, text: str) -> None:
    """Write a file so that it holds the old text or the new one, never a part."""
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        fresh.write_text(text, encoding="utf-8", newline="\n")
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
