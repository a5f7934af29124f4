"""Inbound: contacts that must be answered at once, staffed by queueing to the service target."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from models.staffing.arrivals import Arrivals, required
from models.staffing.erlang import SERVICE_LEVEL_DEFINITION, fractional_agents
from models.staffing.offered_load import modified_offered_load
from wfm.campaign import Campaign
from wfm.errors import WfmError
from wfm.requirement import MILLI, CampaignRequirement, WorkItem


def inbound_requirement(
    campaign: Campaign, arrivals: Arrivals, is_open: NDArray[np.bool_], interval_seconds: float
) -> CampaignRequirement:
    """One work item per open slot: the fractional agents that reach the campaign's target under its occupancy cap.

    Erlang A where mean patience is given, else Erlang C, at the modified offered load of the mean forecast. There is no
    minimum of one agent: an interval that expects hardly a contact needs about the target share of one agent, because
    a contact that finds nobody counts against the target like one that waits too long. An interval that expects none needs
    none. Raises WfmError when the campaign has no service target or the forecast has volume in closed slots.
    """
    volume, aht = arrivals
    level = required(campaign, "service_level", campaign.service_level)
    seconds = required(campaign, "service_seconds", campaign.service_seconds)
    if volume[~is_open].any():
        slot = int(np.flatnonzero((volume > 0) & ~is_open)[0])
        raise WfmError(
            f"Campaign {campaign.id} is closed in slot {slot}, but {volume[slot]:g} contacts are forecast there, which nobody "
            "could answer. Forecast with the same opening hours."
        )
    patience = math.inf if campaign.patience_seconds is None else campaign.patience_seconds
    load = np.where(volume > 0, modified_offered_load(volume, aht, is_open, interval_seconds), 0.0)
    staffing = fractional_agents(
        load,
        np.where(aht > 0, aht, 1.0),  # without load the handling time does not matter
        level,
        seconds,
        patience_seconds=patience,
        max_occupancy=campaign.max_occupancy,
    )
    work = np.rint(staffing.agents * MILLI).astype(np.int64)
    queue = (
        "Erlang C, nobody hangs up" if campaign.patience_seconds is None else f"Erlang A, mean patience {patience:g} s"
    )
    return CampaignRequirement(
        campaign=campaign.id,
        items=tuple(
            WorkItem(first_slot=int(slot), last_slot=int(slot) + 1, work=int(work[slot]))
            for slot in np.flatnonzero(is_open)
        ),
        volume=tuple(volume.tolist()),
        aht_seconds=tuple(aht.tolist()),
        net_agents=tuple((work / MILLI).tolist()),
        service_level=tuple(np.where(volume > 0, staffing.service_level, 0.0).tolist()),
        service_level_definition=SERVICE_LEVEL_DEFINITION,
        method=(
            f"{queue}; {level:.0%} answered within {seconds:g} s in every interval at the mean forecast, occupancy at most "
            f"{campaign.max_occupancy:.0%}; modified offered load; fractional agents before shrinkage"
        ),
    )
