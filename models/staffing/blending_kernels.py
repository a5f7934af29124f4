"""What other work costs a queue and what it gives, over all loads and numbers of agents present, compiled."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from models.staffing.attendance_kernels import mean_level, window
from models.staffing.blended_queue import MOST_MORE, blended
from models.staffing.erlang_kernels import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@compiled
def price_all(loads: Floats, table: Floats, kept: Ints, agents: Floats, work: Floats) -> None:
    """Per cell: raises `agents` (mean present) to those who reach the level in the mean over `loads` and absences with `kept`
    free (-1: the cell is left alone), and says the mean agents on other work then, `work`.

    `loads` (cells, scenarios), equally probable; `table` rows: AHT, target, patience, level, absence, other.
    """
    for i in range(len(agents)):
        if kept[i] < 0:
            continue
        aht, target, patience, level = table[0, i], table[1, i], table[2, i], table[3, i]
        absence, other = max(table[4, i], 1e-12), table[5, i]
        heads = agents[i] / (1.0 - absence)
        first, _ = window(heads, 0.0, absence, 1.0)
        _, last = window(heads + MOST_MORE, 0.0, absence, 1.0)
        levels, works = np.zeros(last - first + 1), np.zeros(last - first + 1)
        _curves(loads[i], aht, target, patience, kept[i], other, first, levels, works)
        whole = math.floor(heads)
        low = mean_level(whole, 0.0, absence, 1.0, first, levels)
        high = mean_level(whole + 1, 0.0, absence, 1.0, first, levels)
        share = heads - whole
        if low + share * (high - low) < level:
            while high < level and whole < heads + MOST_MORE - 1.0:
                whole += 1
                low, high = high, mean_level(whole + 1, 0.0, absence, 1.0, first, levels)
            share = min(1.0, max(heads - whole, (level - low) / max(high - low, 1e-12)))
        agents[i] = (whole + share) * (1.0 - absence)
        few = mean_level(whole, 0.0, absence, 1.0, first, works)
        many = mean_level(whole + 1, 0.0, absence, 1.0, first, works)
        work[i] = few + share * (many - few)


@compiled
def _curves(
    loads: Floats,
    aht: float,
    target: float,
    patience: float,
    kept: int,
    other: float,
    first: int,
    levels: Floats,
    works: Floats,
) -> None:
    """Service level, weighted by the loads, and mean agents on other work at first + i whole agents."""
    total = loads.sum()
    for i in range(len(levels)):
        agents = first + i
        for load in loads:
            if load > 0.0 and agents > 0:
                level, work, _ = blended(agents, load, aht, target, patience, kept, other)
                levels[i] += load / total * level
                works[i] += work / len(loads)
            elif load <= 0.0:
                works[i] += max(0.0, agents - kept) / len(loads)
