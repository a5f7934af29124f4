"""Credit for agents of several skills: how many fewer are needed where whoever is idle helps other campaigns.

The optimiser lets every agent work on one campaign at a time, which is the transport relaxation of skills: nobody counts
twice, so it is safe, and blind to what idle agents do for others. At best a set of campaigns is one queue: the agents that the
summed load would need, less the sum of theirs, bound the credit (M. Cezik and P. L'Ecuyer, "Staffing multiskill call centers via
linear programming and simulation", 2008). A share of that bound is credited to each campaign; what share, simulation decides.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.staffing.arrivals import arrivals_of
from models.staffing.erlang import expected_agents
from models.staffing.losses import with_help
from models.staffing.price import queue_of
from wfm.campaign import Campaign, Channel
from wfm.case import Case
from wfm.demand import Forecast
from wfm.requirement import MILLI, CampaignRequirement, Requirement, WorkItem

Floats = NDArray[np.float64]


def pools(case: Case) -> list[list[str]]:
    """Sets of two and more inbound campaigns that own agents of several skills connect, in the case's order.

    Campaigns that limit their agents or whose agents handle several contacts at once are in none: nobody helps out there.
    """
    found: list[set[str]] = []
    joined = [campaign for campaign in case.campaigns if _joins(campaign)]
    for agent in case.agents:
        able = {entry.id for entry in joined if agent.skills.get(entry.skill, 0) >= entry.min_level}
        touched = [group for group in found if group & able]
        found = [group for group in found if not group & able] + [able.union(*touched)] * bool(able)
    order = [campaign.id for campaign in case.campaigns]
    return sorted(
        (sorted(group, key=order.index) for group in found if len(group) > 1), key=lambda ids: order.index(ids[0])
    )


def most_credit(case: Case, forecast: Forecast, requirement: Requirement) -> dict[str, Floats]:
    """Agents per slot that a campaign needs less if its pool were one queue with the strictest target of its members; >= 0.

    The saving of a pool is shared by its members in proportion to their agents beyond their load. Shapes (slots,).
    """
    forecasts = {entry.campaign: entry for entry in forecast.campaigns}
    wanted = {entry.campaign: np.array(entry.net_agents) for entry in requirement.campaigns}
    credit: dict[str, Floats] = {}
    for names in pools(case):
        members = [case.campaign_by_id[name] for name in names]
        queues = [queue_of(case, member, forecasts[member.id]) for member in members]
        loads = np.array([queue.load for queue in queues])
        volumes = np.array([arrivals_of(forecasts[name], case.grid.slots).volume for name in names])
        total = loads.sum(axis=0)
        calls = np.maximum(volumes.sum(axis=0), 1e-12)
        aht = np.where(total > 0, (volumes * np.array([queue.aht for queue in queues])).sum(axis=0) / calls, 1.0)
        factors = np.divide(
            sum(queue.load[:, None] * queue.factors for queue in queues),
            total[:, None],
            out=np.ones_like(queues[0].factors),
            where=total[:, None] > 0,
        )
        together = expected_agents(
            total[:, None] * factors,
            np.maximum(aht, 1.0),
            max(queue.level for queue in queues),
            min(queue.seconds for queue in queues),
            patience_seconds=max(queue.patience for queue in queues),
            max_occupancy=min(queue.cap for queue in queues),
        ).agents
        agents = np.array([wanted[name] for name in names])
        saved = np.maximum(agents.sum(axis=0) - together, 0.0)
        spare = np.maximum(agents - loads, 0.0)
        share = spare / np.maximum(spare.sum(axis=0), 1e-9)
        for name, part in zip(names, share, strict=True):
            credit[name] = np.minimum(saved * part, spare[names.index(name)])
    return credit


def credited(requirement: Requirement, most: dict[str, Floats], share: dict[str, float]) -> Requirement:
    """The requirement with `share` of the most credit taken off each campaign's agents; a negative share adds agents."""
    return requirement.model_copy(
        update={
            "campaigns": tuple(
                _credited(entry, share[entry.campaign] * most[entry.campaign]) if entry.campaign in most else entry
                for entry in requirement.campaigns
            )
        }
    )


def _credited(entry: CampaignRequirement, credit: Floats) -> CampaignRequirement:
    """Inbound: one item per slot."""
    items = tuple(
        WorkItem(
            first_slot=item.first_slot,
            last_slot=item.last_slot,
            work=max(0, item.work - round(MILLI * float(credit[item.first_slot]))),
        )
        for item in entry.items
    )
    agents = np.zeros(len(entry.net_agents))
    for item in items:
        agents[item.first_slot] = item.work / MILLI
    return entry.model_copy(
        update={
            "items": items,
            "losses": entry.losses and with_help(entry.losses, np.array(entry.net_agents) - agents),
            "net_agents": tuple(agents.tolist()),
            "pooling_credit": tuple((np.array(entry.net_agents) - agents).tolist()),
            "method": f"{entry.method}; less what idle agents of other campaigns do, confirmed by simulation of the plan",
        }
    )


def _joins(campaign: Campaign) -> bool:
    return campaign.channel is Channel.INBOUND and campaign.max_agents is None and campaign.concurrency == 1
