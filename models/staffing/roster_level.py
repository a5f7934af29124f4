"""The service level of the agents that a plan has, rather than of those that a requirement wants."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.staffing.arrivals import arrivals_of
from models.staffing.blending import blended_load
from models.staffing.inbound import InboundLoad
from models.staffing.price import queue_of
from models.staffing.transient import transient_shift
from wfm.assumptions import Rates
from wfm.campaign import Campaign, Channel
from wfm.case import Case
from wfm.coverage import capacity
from wfm.demand import Forecast
from wfm.opening import open_slots
from wfm.plan import Plan
from wfm.requirement import MILLI, Requirement

Floats = NDArray[np.float64]


def roster_levels(
    case: Case, requirement: Requirement, plan: Plan, forecast: Forecast, *, rates: Rates = Rates.UNCERTAIN
) -> dict[str, float]:
    """Expected service level (answered within target / offered) of every inbound campaign over the plan, at the capacity that
    rosters and purchases have for it: own agents missing at random, partners' seats always there, each slot weighted with its
    contacts. Campaigns without contacts are left out. The plan satisfies rule REFERENCE.

    Agents serve the campaign on which they are rostered; what a pooled agent does for another is not in it. Whoever goes to a
    break, home, to another campaign or is called away finishes the contact in hand first. Where the requirement lets idle agents
    do blended work, there is always some.
    """
    forecasts = {entry.campaign: entry for entry in forecast.campaigns}
    supply = capacity(case, plan)
    interval = case.grid.interval.total_seconds()
    shift_seconds = interval * float(np.mean([shift.last_slot - shift.first_slot for shift in plan.shifts] or [1]))
    levels = {}
    for campaign in case.campaigns:
        arrivals = arrivals_of(forecasts[campaign.id], case.grid.slots)
        if campaign.channel is not Channel.INBOUND or not arrivals.volume.any():
            continue
        queue = queue_of(case, campaign, forecasts[campaign.id])
        queue = blended_load(case, queue, campaign.id, forecasts, requirement.campaigns)
        if rates is Rates.KNOWN:
            queue = queue._replace(expected=np.ones_like(queue.expected[:, :1]))
        heads, seats = supply[campaign.id].own / MILLI / (1 - queue.absence), supply[campaign.id].partner / MILLI
        queue = queue._replace(absence=_absence(queue, heads * (1 - queue.absence) + seats, shift_seconds))
        own = heads * (1 - queue.absence)
        is_open = open_slots(case, campaign)
        leaving = _leaving(case, plan, campaign) * (1 - queue.absence)
        shift = transient_shift(queue, own + seats, arrivals, is_open, interval, departures=leaving)
        level = np.clip(queue.service(own, fixed=seats) + shift, 0.0, 1.0)
        levels[campaign.id] = float((level * arrivals.volume).sum() / arrivals.volume.sum())
    return levels


def _absence(queue: InboundLoad, agents: Floats, shift_seconds: float) -> float:
    """Chance to be missing, less the contact in hand that who is called away once a shift finishes first."""
    busy = min(1.0, float(queue.load.sum()) / max(queue.lines * float(agents.sum()), 1e-9))
    weight = queue.load.sum()
    handling = float((queue.load * queue.aht).sum() / weight) if weight > 0 else 0.0
    return max(0.0, queue.absence - busy * handling / shift_seconds) if queue.absence > 0 else 0.0


def _leaving(case: Case, plan: Plan, campaign: Campaign) -> Floats:
    """Own agents whose stretch on the campaign ends as each slot begins. Shape (slots,)."""
    ends = np.zeros(case.grid.slots + 1)
    for shift in plan.shifts:
        for segment in shift.segments:
            if segment.activity == campaign.id:
                ends[segment.last_slot] += 1
        for before, after in zip(shift.segments, shift.segments[1:], strict=False):
            if before.activity == after.activity == campaign.id:
                ends[before.last_slot] -= 1
    return ends[:-1]
