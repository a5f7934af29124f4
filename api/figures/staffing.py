"""Agents that the work takes and agents there, slot by slot, for one campaign or all.

Outbound and deferrable work may be done at any open hour of its window. Drawn spread evenly over that window it would look
undone in the morning and overstaffed in the afternoon of a day on which nothing is missing. So it is drawn when the plan
does it, and what the plan leaves undone is spread over the open hours in which it could have been done.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.figures.view import PlanView
from wfm.campaign import Campaign
from wfm.coverage import unmet, worked
from wfm.opening import open_slots
from wfm.requirement import MILLI, CampaignRequirement

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Staffing:
    """Net (productive) agents, one value per slot. `required` = at work + missing.

    `active`: where anyone is wanted or there; work that can wait is wanted in all of its open hours.
    """

    required: Floats
    own: Floats
    partner: Floats
    active: NDArray[np.bool_]

    @property
    def balance(self) -> Floats:
        """Agents there less agents wanted."""
        return self.own + self.partner - self.required


def staffing(view: PlanView, campaign: Campaign | None) -> Staffing:
    """One campaign, or the sum of all for None."""
    if campaign is None:
        parts = [staffing(view, entry) for entry in view.case.campaigns]
        return Staffing(
            np.sum([part.required for part in parts], axis=0),
            np.sum([part.own for part in parts], axis=0),
            np.sum([part.partner for part in parts], axis=0),
            np.any([part.active for part in parts], axis=0),
        )
    there = view.capacity[campaign.id]
    entry = next(entry for entry in view.requirement.campaigns if entry.campaign == campaign.id)
    active = np.array(entry.net_agents) + there.total > 0
    return Staffing(_required(view, campaign, entry), there.own / MILLI, there.partner / MILLI, active)


def _required(view: PlanView, campaign: Campaign, entry: CampaignRequirement) -> Floats:
    """Agents that the work takes, shape (slots,)."""
    there = view.capacity[campaign.id].total
    agents = worked(entry, there).astype(float)
    is_open = open_slots(view.case, campaign)
    missing = unmet(entry, there)
    for index in np.flatnonzero(missing).tolist():
        item = entry.items[index]
        window = np.arange(item.first_slot, item.last_slot)
        usable = window[is_open[window]] if is_open[window].any() else window
        agents[usable] += missing[index] / usable.size
    return agents / MILLI
