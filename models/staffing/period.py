"""A service level met over a day or a week: agents go where one more brings most contacts in time.

Above a service level of 65 % contacts answered in time are concave in agents (`curves`), so taking the steepest pieces of all
intervals until the period's target is met needs the fewest agents there are. No interval falls below that floor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.staffing.attendance import with_absence
from models.staffing.curves import FLOOR, Curve, answered_contacts
from models.staffing.erlang import expected_agents

if TYPE_CHECKING:
    from models.staffing.inbound import InboundLoad

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def period_agents(queue: InboundLoad, volume: Floats, period: Ints, level: float) -> Floats:
    """Fractional agents per slot with which `level` of all contacts of each period are answered in time. Shape (slots,).

    `period` (slots,) numbers the period of every slot. Agents missing at random are made good slot by slot.
    """
    loads = queue.load[:, None] * queue.factors
    capped = expected_agents(
        loads, queue.aht, 1e-9, queue.seconds, patience_seconds=queue.patience, max_occupancy=queue.cap
    ).agents
    busy = np.flatnonzero((volume > 0) & (queue.load > 0))
    curves = {
        slot: answered_contacts(
            float(volume[slot]),
            loads[slot],
            float(queue.aht[slot]),
            queue.seconds,
            queue.patience,
            floor=min(FLOOR, level),
        )
        for slot in busy.tolist()
    }
    servers = np.zeros(len(volume))
    for number in np.unique(period[busy]).tolist():
        slots = busy[period[busy] == number]
        servers[slots] = steepest([curves[slot] for slot in slots.tolist()], capped[slots], level * volume[slots].sum())
    reached = np.full(len(volume), 0.5)
    reached[busy] = [float(curves[slot].at(servers[slot])) / volume[slot] for slot in busy.tolist()]
    return with_absence(
        servers / queue.lines,
        loads,
        queue.aht,
        np.minimum(reached, 1 - 1e-9),
        queue.seconds,
        patience_seconds=queue.patience,
        absence=queue.absence,
        lines=queue.lines,
    )


def steepest(curves: list[Curve], least: Floats, wanted: float) -> Floats:
    """The fewest agents in all, at least `least` (n,) and each curve's first, whose values on concave `curves` sum to `wanted`
    (or to all there is). Shape (n,); whole but for the last piece taken.
    """
    agents = np.array([max(float(curve.agents[0]), low) for curve, low in zip(curves, least.tolist(), strict=True)])
    short = wanted - sum(float(curve.at(count)) for curve, count in zip(curves, agents.tolist(), strict=True))
    pieces = [
        (slope, index, max(begin, float(agents[index])), end)
        for index, curve in enumerate(curves)
        for slope, begin, end in zip(
            curve.slopes.tolist(), curve.agents[:-1].tolist(), curve.agents[1:].tolist(), strict=True
        )
        if end > agents[index]
    ]
    for slope, index, begin, end in sorted(pieces, key=lambda piece: -piece[0]):
        if short <= 0 or slope <= 0:
            break
        width = min(end - begin, short / slope)
        agents[index] += width
        short -= slope * width
    return agents
