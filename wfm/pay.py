"""When working time is paid more: holidays, rest days, nights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from wfm.agent import Agent, Site
from wfm.calendar import Calendar
from wfm.case import Case
from wfm.clock import Grid, zone
from wfm.law import labour_pack


@dataclass(frozen=True, eq=False)
class PayClock:
    """What each slot of the plan is at a site, by the wall time of its start. Read-only arrays of shape (slots,).

    `holiday`: on a public holiday; `rest_day`: on the site's common weekly rest day; `night`: in the night hours of the
    overtime premium; `day`: the local day, 0 for the first of the plan.
    """

    holiday: NDArray[np.bool_]
    rest_day: NDArray[np.bool_]
    night: NDArray[np.bool_]
    day: NDArray[np.int64]


def pay_clock(case: Case, site: Site) -> PayClock:
    """The slots of a case on a site's clock, by the law of its country."""
    return _pay_clock(site, case.grid, case.calendar(site.country))


@lru_cache(maxsize=16)  # asked for every agent
def _pay_clock(site: Site, grid: Grid, holidays: Calendar) -> PayClock:
    pack = labour_pack(site.country)
    walls = grid.walls(zone(site.time_zone))
    days = sorted({wall.date() for wall in walls})
    law = {day: pack.require(f"{site.country}-OT-PREMIUM", day).parameters for day in days}
    nights = {
        day: (time.fromisoformat(law[day]["night_from"]), time.fromisoformat(law[day]["night_to"])) for day in days
    }
    feasts = {day for day in days if holidays.is_holiday(day)}
    clock = PayClock(
        holiday=np.array([wall.date() in feasts for wall in walls], dtype=bool),
        rest_day=np.array([wall.isoweekday() == site.rest_weekday for wall in walls], dtype=bool),
        night=np.array([_between(wall.time(), *nights[wall.date()]) for wall in walls], dtype=bool),
        day=np.array([(wall.date() - days[0]).days for wall in walls], dtype=np.int64),
    )
    for array in (clock.holiday, clock.rest_day, clock.night, clock.day):
        array.setflags(write=False)
    return clock


def is_credited(case: Case, agent: Agent, day: date) -> bool:
    """Whether `day` is a public holiday that the agent's wages pay: it falls on one of the days that the contract's week
    stands for (the first days_per_week days of the ISO week), and not on the site's common rest day. No other day
    replaces a holiday that falls on a day off.
    """
    site = case.site_by_id[agent.site]
    working = case.contract_by_id[agent.contract].days_per_week
    return (
        day.isoweekday() <= working
        and day.isoweekday() != site.rest_weekday
        and case.calendar(site.country).is_holiday(day)
    )


def _between(at: time, first: time, last: time) -> bool:
    """Whether a time of day lies in [first, last), which may span midnight."""
    return first <= at < last if first <= last else at >= first or at < last
