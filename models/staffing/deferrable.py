"""Deferrable work: e-mail and back office, due a number of hours after it arrives."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from models.staffing.arrivals import Arrivals, required
from models.staffing.backlog import to_open_slots, waiting_requirement
from wfm.campaign import Campaign
from wfm.requirement import CampaignRequirement


def deferrable_requirement(
    campaign: Campaign,
    arrivals: Arrivals,
    is_open: NDArray[np.bool_],
    walls: list[datetime],
    interval_seconds: float,
) -> CampaignRequirement:
    """One work item per batch of arrivals, contacts x AHT / max_occupancy, due deadline_hours of elapsed time after the
    batch's first arrival. A batch is a half-day (before and from noon, the market's wall time `walls`) or the length of
    the deadline, whichever ends first.

    Counting from the first arrival never misses a deadline; in return the batch may be begun with its first arrival. What
    arrives while closed counts as arriving at the next opening. A deadline beyond the plan is moved to its end, so that no
    plan becomes cheap by leaving work undone. Raises WfmError when the campaign has no deadline.
    """
    volume, aht = arrivals
    hours = required(campaign, "deadline_hours", campaign.deadline_hours)
    work = to_open_slots(campaign, volume * aht, is_open) / campaign.max_occupancy / interval_seconds
    allowed = max(1, int(hours * 3600 // interval_seconds))
    half_day = [(wall.date(), wall.hour >= 12) for wall in walls]
    windows: list[tuple[int, int]] = []
    loads: list[float] = []
    first = -1
    for slot in np.flatnonzero(work > 0).tolist():
        if first < 0 or half_day[slot] != half_day[first] or slot >= first + allowed:
            first = slot
            windows.append((first, min(first + allowed, len(work))))
            loads.append(0.0)
        loads[-1] += float(work[slot])
    method = (
        f"workload by half-day of arrival, due {hours:g} h after the first arrival and at the latest at the end of the "
        f"plan; occupancy {campaign.max_occupancy:.0%}; before shrinkage"
    )
    return waiting_requirement(campaign.id, windows, loads, volume, aht, is_open, method)
