"""Agents who may be absent: the service level of a headcount, of whom each is missing with a chance of her own.

The staffing formulas want agents who are there. Of h rostered agents with a chance u to be missing at any minute (the site's
unplanned shrinkage) a binomial number is there, and because a service level bends downward in agents, its mean is below that
at the mean number h (1-u): by a point and a half at 20 agents and u = 12 %.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.staffing.attendance_kernels import levels_all, needed_all
from models.staffing.erlang import Floats, table_of


def with_absence(
    agents: Floats,
    loads: Floats,
    aht_seconds: ArrayLike,
    service_level: ArrayLike,
    target_seconds: ArrayLike,
    *,
    patience_seconds: ArrayLike,
    absence: ArrayLike,
    lines: ArrayLike = 1.0,
) -> Floats:
    """Mean agents present (cells,) of the fewest heads whose expected service level is `service_level`; at least `agents`.

    `agents` (cells,): fractional, as needed if nobody were ever missing; `loads` (cells, scenarios) as in `expected_agents`;
    `absence`: chance of each rostered agent to be missing, below 1; `lines`: contacts that each handles at once. Heads
    are fractional too: linear between whole ones.
    """
    _, table = table_of(aht_seconds, target_seconds, patience_seconds, service_level, absence, lines, agents)
    found = agents.astype(np.float64)
    needed_all(np.ascontiguousarray(loads), table, found)
    return found


def attended_service(
    heads: Floats,
    loads: Floats,
    aht_seconds: ArrayLike,
    target_seconds: ArrayLike,
    *,
    patience_seconds: ArrayLike,
    absence: ArrayLike,
    fixed: ArrayLike = 0.0,
    lines: ArrayLike = 1.0,
    kept: ArrayLike = -1.0,
    other_seconds: ArrayLike = 1.0,
) -> NDArray[np.float64]:
    """Expected service level of fractional `heads` (cells,), each there with chance 1 - `absence`, and of `fixed` agents beside
    them who always are. `loads` as in `expected_service`; a cell without load has 1. With `kept` >= 0 whoever is idle beyond so
    many does other work, of which there is always some, of `other_seconds` a contact (`blended_queue`).
    """
    _, table = table_of(
        aht_seconds, target_seconds, patience_seconds, heads, fixed, absence, lines, kept, other_seconds
    )
    levels = np.empty(len(heads))
    levels_all(np.ascontiguousarray(loads), table, levels)
    return levels
