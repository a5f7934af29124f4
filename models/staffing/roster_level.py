"""The service level of the agents that a plan has, rather than of those that a requirement wants."""

from __future__ import annotations

import numpy as np

from models.staffing.arrivals import arrivals_of
from models.staffing.price import queue_of
from models.staffing.transient import transient_shift
from wfm.campaign import Channel
from wfm.case import Case
from wfm.coverage import Capacity
from wfm.demand import Forecast
from wfm.opening import open_slots
from wfm.requirement import MILLI


def roster_levels(case: Case, forecast: Forecast, supply: dict[str, Capacity]) -> dict[str, float]:
    """Expected service level (answered within target / offered) of every inbound campaign over the plan, at the capacity that
    rosters and purchases have for it: own agents missing at random, partners' seats always there, each slot weighted with its
    contacts. Campaigns without contacts are left out.

    Agents serve the campaign on which they are rostered; what a pooled agent does for another is not in it.
    """
    forecasts = {entry.campaign: entry for entry in forecast.campaigns}
    interval = case.grid.interval.total_seconds()
    levels = {}
    for campaign in case.campaigns:
        entry = forecasts[campaign.id]
        arrivals = arrivals_of(entry, case.grid.slots)
        if campaign.channel is not Channel.INBOUND or not arrivals.volume.any():
            continue
        queue = queue_of(case, campaign, entry)
        own, seats = supply[campaign.id].own / MILLI, supply[campaign.id].partner / MILLI
        shift = transient_shift(queue, own + seats, arrivals, open_slots(case, campaign), interval)
        level = np.clip(queue.service(own, fixed=seats) + shift, 0.0, 1.0)
        levels[campaign.id] = float((level * arrivals.volume).sum() / arrivals.volume.sum())
    return levels
