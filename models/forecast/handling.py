"""Handling time per slot: recency-weighted by weekday and hour, shrunk to the campaign's mean; and the reach rate."""

from __future__ import annotations

import numpy as np

from models.forecast.series import Floats, Walls, weekdays
from wfm.errors import WfmError

WEEKS = 26
HALF_LIFE_DAYS = 56.0
PSEUDO_CONTACTS = 200.0
"""An hour of the week leans on the campaign's mean as if so many contacts of that length had been seen in it: handling
times vary about as much as their mean, so 200 contacts know theirs to some 7 %.
"""
REACH_WEEKS = 8


def handling_time(campaign: str, walls: Walls, aht_seconds: Floats, contacts: Floats, asked: Walls) -> Floats:
    """Mean handling time in seconds of each asked slot. Shape (asked,).

    `contacts` weight the intervals; where they are not recorded an interval counts as one contact. Raises WfmError when
    the history holds no handling time at all.
    """
    known = ~np.isnan(aht_seconds)
    if not known.any():
        raise WfmError(
            f"Campaign {campaign!r} has no handling time in its history, so its work cannot be computed: fill "
            "aht_seconds in table history, in at least one row."
        )
    walls, aht_seconds, contacts = walls[known], aht_seconds[known], contacts[known]
    age = (walls.max() - walls).astype("timedelta64[m]").astype(np.float64) / 1440
    weight = np.where(np.isnan(contacts), 1.0, contacts) * 0.5 ** (age / HALF_LIFE_DAYS)
    if weight[age <= WEEKS * 7].any():
        weight = weight * (age <= WEEKS * 7)
    elif not weight.any():
        weight = np.ones(len(walls))
    mean = float(weight @ aht_seconds / weight.sum())
    hours = _hour_of_week(walls)
    weights = np.bincount(hours, weights=weight, minlength=168)
    sums = np.bincount(hours, weights=weight * aht_seconds, minlength=168)
    by_hour = (sums + PSEUDO_CONTACTS * mean) / (weights + PSEUDO_CONTACTS)
    return np.asarray(by_hour[_hour_of_week(asked)])


def reach_rate(campaign: str, walls: Walls, attempts: Floats, contacts: Floats) -> float:
    """Right-party contacts per attempt over the last 8 weeks in which calls were dialled.

    Raises WfmError when no attempt was ever recorded.
    """
    known = ~np.isnan(attempts) & ~np.isnan(contacts) & (attempts > 0)
    if not known.any():
        raise WfmError(
            f"Outbound campaign {campaign!r} has no attempts with contacts in its history, so nobody knows how many calls a "
            "contact takes: fill attempts and contacts in table history."
        )
    recent = known & (walls > walls[known].max() - np.timedelta64(REACH_WEEKS * 7, "D"))
    return float(min(contacts[recent].sum() / attempts[recent].sum(), 1.0))


def _hour_of_week(walls: Walls) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    days = walls.astype("datetime64[D]")
    return np.asarray(weekdays(days) * 24 + (walls - days).astype("timedelta64[h]").astype(np.int64))
