"""Speed and accuracy of the staffing formulas, as JSON: `./dev bench staffing [--cells N] [--peer PYTHON]`.

The peer is pyworkforce, run in the same minute on the first of the same loads. It need not live with the planner's packages:
`--peer` names the Python of an environment that has it (without it, this one is tried).
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np

from models.staffing.erlang import expected_agents, fractional_agents, performance, required_agents
from models.staffing.erlang_rows import ErlangRow, evaluate

AHT, LEVEL, TARGET, PATIENCE, CAP = 240.0, 0.8, 20.0, 180.0, 0.85
PEER_CELLS = 2000
REPEATS = 5
REFERENCE = Path(__file__).parents[2] / "shared" / "data" / "staffing" / "reference_values.csv"
GRID = Path(__file__).parents[1] / "tests" / "models" / "staffing" / "erlang_grid.csv"
PEER = """
import json, sys, time
from pyworkforce.queuing import ErlangC
loads, aht, level, target = json.load(sys.stdin)
begun = time.perf_counter()
found = [
    ErlangC(transactions=load * 1800 / aht, aht=aht / 60, asa=target / 60, interval=30, shrinkage=0.0)
    .required_positions(service_level=level, max_occupancy=1.0)["raw_positions"] for load in loads
]
print(json.dumps([time.perf_counter() - begun, found]))
"""


def best_seconds(job: Callable[[], object]) -> float:
    """The fastest of some runs, after one that compiles."""
    job()
    times = []
    for _ in range(REPEATS):
        begun = perf_counter()
        job()
        times.append(perf_counter() - begun)
    return min(times)


def speed(cells: int) -> dict[str, float]:
    """Cells per second: all alike but for the load, and each with a handling time of its own (no answer can be reused)."""
    dice = np.random.default_rng(1)
    loads, ahts = dice.uniform(1, 200, cells), dice.uniform(120, 600, cells)
    found: dict[str, float] = {}
    for name, patience in (("erlang_c", math.inf), ("erlang_a", PATIENCE)):
        for kind, aht in (("alike", AHT), ("each_its_own_aht", ahts)):

            def job(aht: object = aht, patience: float = patience) -> object:
                return required_agents(loads, aht, LEVEL, TARGET, patience_seconds=patience)  # type: ignore[arg-type]

            found[f"{name}_required_per_second_{kind}"] = round(cells / best_seconds(job))
    return found


def plan_seconds() -> dict[str, float]:
    """20 campaigns x 48 half-hours x 28 days, Erlang A with occupancy cap."""
    peaks = np.random.default_rng(2).uniform(1, 150, (20, 1, 1))
    day = np.clip(np.sin(np.linspace(0, np.pi, 48)), 0.02, None)
    weeks = np.random.default_rng(3).uniform(0.8, 1.2, (20, 28, 1))
    loads = (peaks * weeks * day).reshape(-1)
    aht = np.random.default_rng(4).uniform(180, 600, len(loads))
    spread = loads[:, None] * np.linspace(0.85, 1.15, 8)
    options = {"patience_seconds": PATIENCE, "max_occupancy": CAP}
    return {
        "cells": len(loads),
        "whole_seconds": best_seconds(lambda: required_agents(loads, aht, LEVEL, TARGET, **options)),
        "fractional_seconds": best_seconds(lambda: fractional_agents(loads, aht, LEVEL, TARGET, **options)),
        "uncertain_rates_seconds": best_seconds(lambda: expected_agents(spread, aht, LEVEL, TARGET, **options)),
    }


def against_peer(python: str, cells: int) -> dict[str, object]:
    """Erlang C per second here and there, on the same loads; or why there is nothing to compare."""
    loads = np.random.default_rng(1).uniform(1, 200, cells)
    asked = json.dumps([loads[:PEER_CELLS].tolist(), AHT, LEVEL, TARGET])
    done = subprocess.run([python, "-c", PEER], input=asked, capture_output=True, text=True, check=False)  # noqa: S603 - a Python of the user's choice
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        return {"skipped": f"pyworkforce did not run in {python}: {last}. Give --peer a Python that has it."}
    seconds, theirs = json.loads(done.stdout)
    ours = cells / best_seconds(lambda: required_agents(loads, AHT, LEVEL, TARGET))
    aht = np.full(cells, AHT)
    aht[::2] += 1e-6  # so that no answer can be reused
    alone = cells / best_seconds(lambda: required_agents(loads, aht, LEVEL, TARGET))
    same = (required_agents(loads[:PEER_CELLS], AHT, LEVEL, TARGET) == np.array(theirs)).mean()
    return {
        "pyworkforce_per_second": round(PEER_CELLS / seconds),
        "ours_per_second": round(ours),
        "ratio": round(ours * seconds / PEER_CELLS),
        "ratio_without_reuse": round(alone * seconds / PEER_CELLS),
        "same_answers": float(same),
    }


def grid_errors() -> dict[str, object]:
    """Largest errors against the committed grid."""
    worst = {"sl": 0.0, "asa_s": 0.0, "abandon": 0.0, "occupancy": 0.0}
    needed = equal = 0
    rows = [row for row in read(GRID) if row["model"] != "erlang_b"]
    for row in rows:
        load, aht, target, agents = (float(row[name]) for name in ("load", "aht_s", "target_s", "agents"))
        patience = float(row["patience_s"] or "inf")
        result = dict(zip(worst, map(float, performance(agents, load, aht, target, patience)), strict=True))
        for name in worst.keys() & {name for name in row if row[name]}:
            size = max(1.0, float(row[name])) if name == "asa_s" else 1.0
            worst[name] = max(worst[name], abs(result[name] - float(row[name])) / size)
        if row["required_agents"]:
            level, cap = float(row["target_sl"]), float(row["max_occupancy"])
            found = required_agents(load, aht, level, target, patience_seconds=patience, max_occupancy=cap)
            needed, equal = needed + 1, equal + int(found == int(row["required_agents"]))
    return {"rows": len(rows), "largest_error": worst, "required_equal": f"{equal}/{needed}"}


def reference_errors() -> dict[str, object]:
    """Largest error against the shared reference values, where they are present."""
    if not REFERENCE.exists():
        return {"skipped": "the shared reference values are not present"}
    worst, needed, equal = 0.0, 0, 0
    for row in read(REFERENCE):
        results = evaluate(ErlangRow.read(row))
        for name in ("sl", "asa_s", "occupancy", "abandon"):
            if row[name]:
                worst = max(worst, abs(float(results[name]) - float(row[name])))
        if row["required_agents"]:
            needed, equal = needed + 1, equal + int(results["required_agents"] == row["required_agents"])
    return {"largest_error": worst, "required_equal": f"{equal}/{needed}"}


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed and accuracy of the staffing formulas, as JSON.")
    parser.add_argument("--cells", type=int, default=200_000)
    parser.add_argument("--peer", default=sys.executable, metavar="PYTHON", help="Python that has pyworkforce.")
    asked = parser.parse_args()
    print(
        json.dumps(
            {
                "machine": {
                    "processor": platform.processor() or platform.machine(),
                    "python": platform.python_version(),
                },
                "speed": speed(asked.cells),
                "plan_of_20_campaigns": plan_seconds(),
                "peer": against_peer(asked.peer, asked.cells),
                "accuracy": {"grid": grid_errors(), "reference": reference_errors()},
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
