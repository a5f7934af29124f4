"""When working time is paid more: holidays, rest days, nights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

import numpy as np
from numpy.typing import NDArray

from wfm.agent import Agent, Site
from wfm.case import Case
from wfm.clock import zone
from wfm.law import labour_pack


@dataclass(frozen=True, eq=False)
class PayClock:
    """What each slot of the plan is at a site, by the wall time of its start. Arrays of shape (slots,).

    `holiday`: on a public holiday; `rest_day`: on the site's common weekly rest day; `night`: in the night hours of the
    overtime premium.
    """

    holiday: NDArray[np.bool_]
    rest_day: NDArray[np.bool_]
    night: NDArray[np.bool_]


def pay_clock(case: Case, site: Site) -> PayClock:
    """The slots of a case on a site's clock, by the law of its country."""
    holidays, pack = case.calendar(site.country), labour_pack(site.country)
    walls = case.grid.walls(zone(site.time_zone))
    night = []
    for wall in walls:
        law = pack.require(f"{site.country}-OT-PREMIUM", wall.date()).parameters
        night.append(_between(wall.time(), time.fromisoformat(law["night_from"]), time.fromisoformat(law["night_to"])))
    return PayClock(
        holiday=np.array([holidays.is_holiday(wall.date()) for wall in walls], dtype=bool),
        rest_day=np.array([wall.isoweekday() == site.rest_weekday for wall in walls], dtype=bool),
        night=np.array(night, dtype=bool),
    )


def is_credited(case: Case, agent: Agent, day: date) -> bool:
    """Whether `day` is a public holiday that the agent's wages pay: it falls on one of the days that the contract's week
    stands for (the first days_per_week days of the ISO week), and not on the site's common rest day. No other day
    replaces a holiday that falls on a day off.
    """
    site = case.site_by_id[agent.site]
    working = case.contract_by_id[agent.contract].days_per_week
    return (
        case.calendar(site.country).is_holiday(day)
        and day.isoweekday() <= working
        and day.isoweekday() != site.rest_weekday
    )


def _between(at: time, first: time, last: time) -> bool:
    """Whether a time of day lies in [first, last), which may span midnight."""
    return first <= at < last if first <= last else at >= first or at < last
