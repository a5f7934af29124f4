"""Writes random Erlang cases with values to 20 digits: the file `tests/models/staffing/erlang_grid.csv`.

Needs mpmath, which the planner itself does not: run it in an environment of its own. Takes some minutes. 200 cases of loads from
1e-3 to 1e3 with required agents, then 40 of loads from 3e4 to 1e6 and up to 1e6 agents; underload and overload alike.
"""

from __future__ import annotations

import csv
import importlib
import math
import random
import sys
from collections.abc import Callable
from typing import Any

try:
    mp = importlib.import_module("mpmath").mp
except ModuleNotFoundError:
    sys.exit("benchmarks/erlang_grid.py: mpmath is not installed here. Run it in an environment that has mpmath.")

COLUMNS = (
    "model,load,aht_s,patience_s,target_sl,target_s,max_occupancy,agents,sl,asa_s,abandon,occupancy,required_agents"
)
DIGITS = 50
SMALL = mp.mpf(10) ** -45

Number = Any  # mpmath has no types
Measures = tuple[Number, Number, Number, Number]


def inverse_blocking(agents: int, load: Number) -> Number:
    term = total = mp.mpf(1)
    for left in range(agents, 0, -1):
        term = term * left / load
        total += term
        if (left - 1 < load and term < total * SMALL) or total > mp.mpf(10) ** 400:
            break
    return total


def series(c: Number, y: Number) -> Number:
    """S(c, y) = sum over k of y^k / (c (c+1) … (c+k))."""
    term = total = 1 / c
    k = 0
    while c + k <= y or term >= total * SMALL:
        k += 1
        term = term * y / (c + k)
        total += term
    return total


def erlang_b(agents: int, load: Number) -> tuple[None, None, Number, Number]:
    refused = 1 / inverse_blocking(agents, load)
    return None, None, refused, load * (1 - refused) / agents


def erlang_c(agents: int, load: Number, aht: Number, target: Number) -> Measures | None:
    if agents <= load:
        return None
    refused, rho = 1 / inverse_blocking(agents, load), load / agents
    wait = refused / (1 - rho * (1 - refused))
    return 1 - wait * mp.exp(-(agents - load) * target / aht), wait * aht / (agents - load), mp.mpf(0), rho


def erlang_a(agents: int, load: Number, aht: Number, target: Number, patience: Number) -> Measures:
    x, c, elapsed = load * patience / aht, agents * patience / aht, target / patience
    idle, everyone, served = inverse_blocking(agents - 1, load), series(c, x), series(c + 1, x)
    late = mp.exp(x * (1 - mp.exp(-elapsed)) - (c + 1) * elapsed) * series(c + 1, x * mp.exp(-elapsed))
    total = idle + x * everyone
    lost = x * (everyone - served) / total
    return (idle + x * (served - late)) / total, lost * patience, lost, load * (1 - lost) / agents


def required(measures: Callable[[int], Measures | None], load: float, level: float, cap: float) -> int:
    """Fewest agents with service level >= `level` and occupancy <= `cap`, by bisection."""

    def enough(agents: int) -> bool:
        found = measures(agents)
        return found is not None and found[0] >= mp.mpf(level) and found[3] <= mp.mpf(cap)

    low, high = 0, max(1, math.ceil(load))
    while not enough(high):
        low, high = high, high + max(1, math.isqrt(high))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def row(dice: random.Random, *, large: bool) -> list[object]:
    def spread(low: float, high: float, digits: int) -> float:
        return float(f"{10 ** dice.uniform(low, high):.{digits}g}")

    load, aht = spread(4.5, 6, 6) if large else spread(-3, 3, 6), spread(1, 3.5, 4)
    target = dice.choice([0.0, 5.0, 20.0, 60.0, spread(0, 3, 3)])
    model = dice.choice(["erlang_a", "erlang_a", "erlang_c", "erlang_b"])
    near = load + dice.uniform(-6, 8) * math.sqrt(load)
    agents = round(near if dice.random() < 0.75 else load * dice.choice([0.02, 0.3, 0.7, 0.95, 1.05, 1.5, 3]))
    agents = min(max(1, agents), 10**6)
    if large and dice.random() < 0.25:
        agents, load = 10**6, float(f"{dice.uniform(0.99e6, 1.01e6):.7g}")
    scale = spread(-1.5, 0.3 if large else 1.5, 3)
    patience = float(f"{aht * scale:.4g}") if model == "erlang_a" else None
    level = dice.choice([0.3, 0.65, 0.8, 0.9, 0.95]) if model != "erlang_b" and not large else None
    cap = dice.choice([1.0, 1.0, 0.85, 0.7]) if level else None
    exact = [mp.mpf(value) for value in (load, aht, target, patience or 0)]

    def measures(count: int) -> Measures | None:
        if model == "erlang_a":
            return erlang_a(count, *exact)
        return erlang_c(count, *exact[:3])

    found = erlang_b(agents, exact[0]) if model == "erlang_b" else measures(agents)
    values = found or (mp.mpf(0), None, mp.mpf(0), mp.mpf(1))
    printed = ["" if value is None else mp.nstr(value, 20, min_fixed=-5, max_fixed=25) for value in values]
    needed = required(measures, load, level, cap) if level and cap else None
    return [model, load, aht, patience, level, target, cap, agents, *printed, needed]


def main() -> None:
    mp.dps = DIGITS
    dice = random.Random(2026)  # noqa: S311 - cases, not secrets
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS.split(","))
    for number in range(240):
        writer.writerow(row(dice, large=number >= 200))


if __name__ == "__main__":
    main()
