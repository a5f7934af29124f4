"""Rules of thumb that turn volumes into productive agent-hours, to give a case the size it should have.

Only the scale of a case depends on them: the plan's requirement is computed by the staffing models.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SAFETY = 0.6
"""Square-root staffing: agents above the load, in square roots of the load, for about 80/20 with patient callers."""


def inbound_agents(volume: Floats, aht_seconds: float, interval_minutes: int, max_occupancy: float) -> Floats:
    """Productive agents per interval: load R = volume x AHT / interval, then the larger of R / occupancy and
    R + SAFETY x sqrt(R), and at least one where anything may come (Halfin and Whitt 1981). Same shape as `volume`.
    """
    load = volume * aht_seconds / (60.0 * interval_minutes)
    agents = np.maximum(load / max_occupancy, load + SAFETY * np.sqrt(load))
    return np.where(volume > 0, np.maximum(agents, 1.0), 0.0)


def attempts_per_record(reach: float, max_attempts: int) -> float:
    """Mean attempts per record when each reaches its person with probability `reach` and dialling stops then."""
    return float((1.0 - (1.0 - reach) ** max_attempts) / reach)


def handling_hours(contacts: float, aht_seconds: float, max_occupancy: float) -> float:
    """Productive hours that handling `contacts` takes at that occupancy."""
    return contacts * aht_seconds / 3600.0 / max_occupancy
