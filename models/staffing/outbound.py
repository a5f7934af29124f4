"""Outbound: records that are dialled within their calling day, staffed by throughput."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from models.staffing.arrivals import Arrivals, required
from models.staffing.attempts import dialling, most_attempts
from models.staffing.backlog import to_open_slots, waiting_requirement
from wfm.campaign import Campaign
from wfm.errors import WfmError
from wfm.requirement import CampaignRequirement


@dataclass(frozen=True, eq=False)
class CallingDay:
    """A day of the market on which a campaign is open, and what is loaded for it.

    `slots` are its open slots, shape (n,), n >= 1; `handling_seconds` is records x AHT, as if every record were reached.
    """

    day: date
    slots: NDArray[np.int64]
    records: float
    handling_seconds: float

    @property
    def window(self) -> tuple[int, int]:
        """First open slot, and the slot after the last one."""
        return int(self.slots[0]), int(self.slots[-1]) + 1


def calling_days(
    campaign: Campaign, arrivals: Arrivals, is_open: NDArray[np.bool_], walls: list[datetime]
) -> list[CallingDay]:
    """The calling days of a plan in order; records loaded while the campaign is closed belong to its next opening.

    `walls`: the market's wall time per slot. Raises WfmError when there are records but no open slot.
    """
    records = to_open_slots(campaign, arrivals.volume, is_open)
    handling = to_open_slots(campaign, arrivals.volume * arrivals.aht_seconds, is_open)
    return [
        CallingDay(day, slots, float(records[slots].sum()), float(handling[slots].sum()))
        for day, slots in open_days(is_open, walls).items()
    ]


def open_days(is_open: NDArray[np.bool_], walls: list[datetime]) -> dict[date, NDArray[np.int64]]:
    """Open slots of each day that has some, in order of time; `walls` is the wall time per slot."""
    ordinals = np.array([wall.toordinal() for wall in walls])
    return {
        date.fromordinal(day): np.flatnonzero((ordinals == day) & is_open)
        for day in np.unique(ordinals[is_open]).tolist()
    }


def checked_reach_rate(campaign: Campaign, reach_rate: float | None) -> float:
    """The reach rate of a forecast; raises WfmError when it is no share of attempts."""
    if reach_rate is None or not 0 <= reach_rate <= 1:
        raise WfmError(
            f"The forecast of outbound campaign {campaign.id} has reach rate {reach_rate}, not a share of attempts. Give "
            "attempts and contacts in its history."
        )
    return reach_rate


def outbound_requirement(
    campaign: Campaign,
    country: str,
    arrivals: Arrivals,
    is_open: NDArray[np.bool_],
    walls: list[datetime],
    interval_seconds: float,
    *,
    reach_rate: float | None,
) -> CampaignRequirement:
    """One work item per calling day of the market, from its first to its last open slot.

    Work = (attempts x attempt_seconds + contacts x AHT) / max_occupancy, all of it on the day that the records are loaded
    (or the next day with open slots), with as many attempts as the law of `country` allows that day. `walls`: the
    market's wall time per slot. Raises WfmError when the reach rate, attempt_seconds or max_attempts is missing.
    """
    volume, aht = arrivals
    rate = checked_reach_rate(campaign, reach_rate)
    attempt_seconds = required(campaign, "attempt_seconds", campaign.attempt_seconds)
    wanted = required(campaign, "max_attempts", campaign.max_attempts)
    windows, loads, limits = [], [], set()
    for day in calling_days(campaign, arrivals, is_open, walls):
        most = most_attempts(campaign, country, day.day)
        limits.add(most)
        if day.records > 0:
            record = dialling(rate, most)
            seconds = day.records * record.attempts * attempt_seconds + record.contacts * day.handling_seconds
            windows.append(day.window)
            loads.append(seconds / campaign.max_occupancy / interval_seconds)
    per_record = " or ".join(
        f"{dialling(rate, most).attempts:.4g} attempts of {attempt_seconds:g} s and {dialling(rate, most).contacts:.4g} "
        f"contacts per record (reach rate {rate:.1%}, at most {most} attempts by all sites and partners together)"
        for most in sorted(limits or {wanted})
    )
    method = (
        f"throughput: {per_record}, all on the day loaded; occupancy {campaign.max_occupancy:.0%}; before shrinkage"
    )
    return waiting_requirement(campaign.id, windows, loads, volume, aht, is_open, method)
