"""Agents wanted and there, per wall time of the own sites, for one campaign or all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.figures.view import PlanView
from wfm.campaign import Campaign
from wfm.requirement import MILLI

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Staffing:
    """Net (productive) agents, one value per wall time of `view.walls`."""

    required: Floats
    own: Floats
    partner: Floats

    @property
    def balance(self) -> Floats:
        """Agents there less agents wanted."""
        return self.own + self.partner - self.required

    @property
    def active(self) -> NDArray[np.bool_]:
        """Where anyone is wanted or there."""
        return np.asarray((self.required > 0) | (self.own > 0) | (self.partner > 0), dtype=bool)


def staffing(view: PlanView, campaign: Campaign | None) -> Staffing:
    """One campaign, or the sum of all for None."""
    walls = view.walls
    if campaign is None:
        parts = [staffing(view, entry) for entry in view.case.campaigns]
        return Staffing(
            np.sum([part.required for part in parts], axis=0),
            np.sum([part.own for part in parts], axis=0),
            np.sum([part.partner for part in parts], axis=0),
        )
    wanted = {entry.campaign: entry.net_agents for entry in view.requirement.campaigns}
    there = view.capacity[campaign.id]
    return Staffing(walls.mean(wanted[campaign.id]), walls.mean(there.own / MILLI), walls.mean(there.partner / MILLI))
