"""Outbound records: when they may be dialled, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from models.simulate.volumes import Volumes
from models.simulate.world import CLOSING, LOADING, Bools, Changes, Floats, Ints, changes
from wfm.campaign import Campaign
from wfm.case import Case
from wfm.errors import WfmError
from wfm.law import country_pack


@dataclass(frozen=True, eq=False)
class Calling:
    """Records of one campaign. `batches` (n,): first slot in which they may be dialled; `attempts` (n,): how often each, at
    most; `expected` (n,): how many there are on average; `day` (n,): index of the market's day whose volume they are, -1
    where no forecast of the campaign stands behind them. `ends` (days,): the slot after each calling day, when the rest lapses.
    """

    queue: int
    batches: Ints
    attempts: Ints
    expected: Floats
    day: Ints
    ends: Ints

    def planned_contacts(self, reach: float) -> float:
        """Contacts expected when every record gets its attempts."""
        return float((self.expected * (1 - (1 - reach) ** self.attempts)).sum())

    def closings(self, seconds: float) -> Changes:
        """The ends of its calling days; `seconds` per slot."""
        return changes(self.ends.astype(np.float64) * seconds, CLOSING, np.full(len(self.ends), self.queue), 0)

    def loadings(self, counts: Ints, volumes: Volumes, rng: np.random.Generator, seconds: float) -> Changes:
        """The records of one run, given the `counts` drawn per slot for the campaign. Shape of the result (n,)."""
        per_day = np.bincount(volumes.day, counts, minlength=volumes.day_quantiles.shape[1]).astype(np.int64)
        number = np.where(self.day >= 0, per_day[self.day], rng.poisson(self.expected))
        return changes(
            self.batches.astype(np.float64) * seconds, LOADING, np.full(len(number), self.queue), number, self.attempts
        )


def calling_of(case: Case, campaign: Campaign, volumes: Volumes, is_open: Bools, walls: list[datetime]) -> Calling:
    """First calls: all records of a market's day may be dialled from its first open slot on, until its last one ends.

    Each gets as many attempts as the campaign wants and the law allows. `is_open` (slots,).
    """
    queue = case.campaigns.index(campaign)
    dates = np.array([wall.toordinal() for wall in walls])
    batches, attempts, expected, days, ends = [], [], [], [], []
    for day in np.unique(dates[is_open]).tolist():
        slots = np.flatnonzero((dates == day) & is_open)
        batches.append(int(slots[0]))
        ends.append(int(slots[-1]) + 1)
        days.append(int(volumes.day[slots[0]]))
        attempts.append(_most(case, campaign, date.fromordinal(day)))
        expected.append(float(volumes.mean[dates == day].sum()))
    return Calling(queue, _ints(batches), _ints(attempts), np.array(expected), _ints(days), _ints(ends))


def second_calls_of(
    case: Case,
    campaign: Campaign,
    first: Campaign,
    first_reach: float,
    volume: Floats,
    is_open: Bools,
    walls: list[datetime],
) -> Calling:
    """Second calls: the `volume` per slot that the requirement releases, as Poisson counts. Shapes (slots,).

    Attempts of both calls count against the law's, so each batch is one of records whose first call took k attempts, in the
    proportion in which they are reached at the k-th.
    """
    queue = case.campaigns.index(campaign)
    dates = np.array([wall.toordinal() for wall in walls])
    batches, attempts, expected = [], [], []
    for slot in np.flatnonzero(volume > 0).tolist():
        day = walls[slot].date()
        legal = _legal(case, campaign, day)
        most = _wanted(campaign)
        used = np.arange(1, _most(case, first, day) + 1)
        left = np.full(len(used), most) if legal is None else np.minimum(most, legal - used)
        share = first_reach * (1 - first_reach) ** (used - 1) * (left > 0)
        if share.sum() <= 0:
            continue
        for have, part in zip(left.tolist(), (share / share.sum()).tolist(), strict=True):
            if part > 0:
                batches.append(slot)
                attempts.append(have)
                expected.append(float(volume[slot]) * part)
    ends = [int(np.flatnonzero((dates == day) & is_open)[-1]) + 1 for day in np.unique(dates[is_open]).tolist()]
    none = np.full(len(batches), -1, dtype=np.int64)
    return Calling(queue, _ints(batches), _ints(attempts), np.array(expected), none, _ints(ends))


def _wanted(campaign: Campaign) -> int:
    if campaign.max_attempts is None:
        raise WfmError(
            f"Campaign {campaign.id} is outbound but has no max_attempts. Fill that column in table campaigns."
        )
    return campaign.max_attempts


def _legal(case: Case, campaign: Campaign, day: date) -> int | None:
    """Attempts that the law of the market's country allows per consumer; None where it sets no limit."""
    country = case.market_by_id[campaign.market].country
    pack = country_pack(country)
    rule = pack.rule(f"{country}-OUT-FREQ", day) if pack else None
    return None if rule is None else int(rule.parameters["max_attempts"])


def _most(case: Case, campaign: Campaign, day: date) -> int:
    legal = _legal(case, campaign, day)
    return _wanted(campaign) if legal is None else min(_wanted(campaign), legal)


def _ints(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)
