"""Attempts per record: how many may be made, and what they lead to."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.staffing.arrivals import required
from wfm.campaign import Campaign
from wfm.law import country_pack


class Dialling(NamedTuple):
    """What one record leads to, on average."""

    attempts: float
    contacts: float


def dialling(reach_rate: float, max_attempts: int) -> Dialling:
    """Expected attempts and right-party contacts per record dialled until reached, at most `max_attempts` >= 0 times.

    With reach rate p per attempt, independent attempts (truncated geometric distribution): contacts = 1 - (1-p)^m,
    attempts = (1 - (1-p)^m) / p.
    """
    contacts = 1 - (1 - reach_rate) ** max_attempts
    return Dialling(contacts / reach_rate if reach_rate > 0 else float(max_attempts), contacts)


def contacts_by_attempt(reach_rate: float, max_attempts: int) -> NDArray[np.float64]:
    """Right-party contacts per record made at the first, second, ... attempt: p (1-p)^(k-1). Shape (max_attempts,).

    They sum to `dialling(...).contacts`.
    """
    return np.asarray(reach_rate * (1 - reach_rate) ** np.arange(max_attempts, dtype=np.float64))


def legal_attempts(country: str, day: date) -> int | None:
    """Attempts per consumer that the law of a country allows on a day within its rolling days (<country>-OUT-FREQ); None
    where it sets no limit.

    All sites and partners share them: a requirement counts a campaign's records once, whoever dials them.
    """
    pack = country_pack(country)
    rule = pack.rule(f"{country}-OUT-FREQ", day) if pack else None
    return None if rule is None else int(rule.parameters["max_attempts"])


def most_attempts(campaign: Campaign, country: str, day: date) -> int:
    """Attempts that a record of an outbound campaign gets on a day: max_attempts, or fewer where the law says so.

    They all belong to the day that the record is loaded, so they lie within any rolling days. Raises WfmError when the
    campaign has no max_attempts.
    """
    most = required(campaign, "max_attempts", campaign.max_attempts)
    legal = legal_attempts(country, day)
    return most if legal is None else min(most, legal)
