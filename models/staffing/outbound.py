"""Outbound: records that are dialled within their calling day, staffed by throughput."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.staffing.arrivals import Arrivals, required
from models.staffing.backlog import to_open_slots, waiting_requirement
from wfm.campaign import Campaign
from wfm.errors import WfmError
from wfm.law import LawRule
from wfm.requirement import CampaignRequirement


class Dialling(NamedTuple):
    """What one record leads to, on average."""

    attempts: float
    contacts: float


def dialling(reach_rate: float, max_attempts: int) -> Dialling:
    """Expected attempts and right-party contacts per record dialled until reached, at most `max_attempts` >= 1 times.

    With reach rate p per attempt, independent attempts (truncated geometric distribution): contacts = 1 - (1-p)^m,
    attempts = (1 - (1-p)^m) / p.
    """
    contacts = 1 - (1 - reach_rate) ** max_attempts
    return Dialling(contacts / reach_rate if reach_rate > 0 else float(max_attempts), contacts)


def outbound_requirement(
    campaign: Campaign,
    arrivals: Arrivals,
    is_open: NDArray[np.bool_],
    walls: list[datetime],
    interval_seconds: float,
    *,
    reach_rate: float | None,
    frequency_rule: LawRule | None,
) -> CampaignRequirement:
    """One work item per calling day of the market, from its first to its last open slot.

    Work = (attempts x attempt_seconds + contacts x AHT) / max_occupancy, all of it on the day that the records are loaded
    (or the next day with open slots). `walls`: the market's wall time per slot. `frequency_rule`: the law's cap on attempts.
    Raises WfmError when the reach rate, attempt_seconds or max_attempts is missing.
    """
    volume, aht = arrivals
    if reach_rate is None or not 0 <= reach_rate <= 1:
        raise WfmError(
            f"The forecast of outbound campaign {campaign.id} has reach rate {reach_rate}, not a share of attempts. Give "
            "attempts and contacts in its history."
        )
    attempt_seconds = required(campaign, "attempt_seconds", campaign.attempt_seconds)
    most = required(campaign, "max_attempts", campaign.max_attempts)
    if frequency_rule is not None:
        most = min(most, int(frequency_rule.parameters["max_attempts"]))
    record = dialling(reach_rate, most)
    seconds = volume * (record.attempts * attempt_seconds + record.contacts * aht)
    work = to_open_slots(campaign, seconds, is_open) / campaign.max_occupancy / interval_seconds
    days = np.array([wall.toordinal() for wall in walls])
    windows, loads = [], []
    for day in np.unique(days[work > 0]):
        slots = np.flatnonzero((days == day) & is_open)
        windows.append((int(slots[0]), int(slots[-1]) + 1))
        loads.append(float(work[slots].sum()))
    method = (
        f"throughput: {record.attempts:.4g} attempts of {attempt_seconds:g} s and {record.contacts:.4g} contacts per "
        f"record (reach rate {reach_rate:.1%}, at most {most} attempts), all on the day loaded; occupancy "
        f"{campaign.max_occupancy:.0%}; before shrinkage"
    )
    return waiting_requirement(campaign.id, windows, loads, volume, aht, is_open, method)
