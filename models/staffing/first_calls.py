"""First calls of a sale in two steps: when the contacts are made that a second call follows."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from models.staffing.arrivals import arrivals_of
from models.staffing.attempts import contacts_by_attempt, most_attempts
from models.staffing.outbound import calling_days, checked_reach_rate, open_days
from wfm.campaign import Campaign
from wfm.case import Case
from wfm.clock import Grid, zone
from wfm.demand import CampaignForecast
from wfm.opening import open_mask

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def mask_on(case: Case, campaign: Campaign, grid: Grid) -> Bools:
    """Open slots of a campaign on a grid that may begin before the plan's. Shape (grid.slots,)."""
    market = case.market_by_id[campaign.market]
    hours = [hours for hours in case.opening_hours if hours.campaign == campaign.id]
    return open_mask(grid, campaign, hours, case.calendar(market.country), zone(market.time_zone))


def first_contacts(case: Case, campaign: Campaign, forecast: CampaignForecast, grid: Grid) -> Floats:
    """Expected right-party contacts of an outbound campaign by the attempt that makes them and the slot of `grid`, which
    ends with the plan's grid and begins some days before it. Shape (attempts, grid.slots).

    A calling day's contacts are its records times the share reached at each attempt, spread evenly over its open slots.
    The forecast covers the plan alone: each calling day before it is taken to load as many records as the plan's calling
    days of the same weekday do on average, or as all of them do where the plan has no such day.
    """
    market = case.market_by_id[campaign.market]
    tz = zone(market.time_zone)
    rate = checked_reach_rate(campaign, forecast.reach_rate)
    offset = grid.slot(case.grid.start)
    is_open = mask_on(case, campaign, grid)
    arrivals = arrivals_of(forecast, case.grid.slots)
    planned = calling_days(campaign, arrivals, is_open[offset:], case.grid.walls(tz))
    by_weekday: dict[int, list[float]] = defaultdict(list)
    for entry in planned:
        by_weekday[entry.day.isoweekday()].append(entry.records)
    loaded = [(entry.day, entry.slots + offset, entry.records) for entry in planned]
    first_day = grid.instant(offset).astimezone(tz).date()
    for day, slots in open_days(is_open[:offset], grid.walls(tz)[:offset]).items():
        alike = by_weekday[day.isoweekday()] or [entry.records for entry in planned]
        if day < first_day and alike:
            loaded.append((day, slots, sum(alike) / len(alike)))
    limits = {day: most_attempts(campaign, market.country, day) for day, _, _ in loaded}
    contacts = np.zeros((max(limits.values(), default=0), grid.slots))
    for day, slots, records in loaded:
        contacts[: limits[day], slots] = records * contacts_by_attempt(rate, limits[day])[:, None] / len(slots)
    return contacts
