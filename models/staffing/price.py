"""What each extra point of service level costs: more agents, and the money for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.staffing.arrivals import arrivals_of
from models.staffing.inbound import InboundLoad, inbound_load
from models.staffing.rates import days_of, rate_spread
from wfm.campaign import Campaign, Channel, TargetPeriod
from wfm.case import Case
from wfm.clock import zone
from wfm.demand import CampaignForecast
from wfm.errors import WfmError
from wfm.opening import open_slots

STEPS = (-0.10, -0.05, -0.02, -0.01, 0.0, 0.01, 0.02, 0.05, 0.10)
"""Service levels priced, as differences from the campaign's own."""


class ServicePrice(NamedTuple):
    """A service level under the campaign's promise, and what it takes over the whole plan."""

    service_level: float
    """Promised in every interval: in expectation, or on the campaign's share of days."""
    expected: float
    """Expected over the plan, answered within target / offered; above the promise where an occupancy cap binds."""
    agent_hours: float
    """Productive hours."""
    cost_cents: int
    """Their price, minor units of the plan's currency."""
    point_hours: float
    """Productive hours per point of service level since the row before; the first row repeats the second's."""
    point_cents: int
    """Their price, likewise."""


def service_prices(
    case: Case, campaign: Campaign, forecast: CampaignForecast, *, steps: Sequence[float] = STEPS
) -> tuple[ServicePrice, ...]:
    """Rows of rising service level about the campaign's own; those outside (0, 0.999] are left out.

    Before the transient model and before rounding to whole shifts, at the mean cost of a productive hour of
    `hour_cents`. Raises WfmError when the campaign is not inbound.
    """
    if campaign.channel is not Channel.INBOUND:
        raise WfmError(
            f"Campaign {campaign.id} is {campaign.channel}: only inbound campaigns have a service level to price."
        )
    queue = queue_of(case, campaign, forecast)
    volume = np.array(forecast.mean)
    hours_per_slot = case.grid.interval.total_seconds() / 3600
    price = hour_cents(case, campaign)
    levels = sorted({round(queue.level + step, 6) for step in steps if 0 < queue.level + step <= 0.999})
    rows: list[tuple[float, float, float]] = []
    for level in levels:
        agents = queue.agents(volume, level)
        answered = float((queue.service(agents) * volume).sum() / max(volume.sum(), 1e-12))
        rows.append((level, answered, float(agents.sum()) * hours_per_slot))
    points = [
        (rows[max(i, 1)][2] - rows[max(i, 1) - 1][2]) / (100 * (rows[max(i, 1)][0] - rows[max(i, 1) - 1][0]))
        if len(rows) > 1
        else 0.0
        for i in range(len(rows))
    ]
    return tuple(
        ServicePrice(level, expected, hours, round(hours * price), point, round(point * price))
        for (level, expected, hours), point in zip(rows, points, strict=True)
    )


def queue_of(case: Case, campaign: Campaign, forecast: CampaignForecast) -> InboundLoad:
    """What the queue of an inbound campaign of the case is staffed for."""
    walls = case.grid.walls(zone(case.market_by_id[campaign.market].time_zone))
    return inbound_load(
        campaign,
        arrivals_of(forecast, case.grid.slots),
        open_slots(case, campaign),
        case.grid.interval.total_seconds(),
        rate_spread(forecast),
        days_of(forecast, walls),
        period=period_of(campaign, forecast, days_of(forecast, walls)),
        absence=absence_of(case, campaign),
    )


def period_of(campaign: Campaign, forecast: CampaignForecast, day: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """The market's day or ISO week of every slot, numbered, where the campaign's target is met over such; else None.

    `day[slot]` is the index of its day in the forecast. Shape (slots,).
    """
    if campaign.target_period is TargetPeriod.INTERVAL:
        return None
    if campaign.target_period is TargetPeriod.DAY:
        return day
    weeks = [date.isocalendar().year * 100 + date.isocalendar().week for date in forecast.days]
    return np.array(weeks, dtype=np.int64)[day]


def absence_of(case: Case, campaign: Campaign) -> float:
    """Unplanned shrinkage of the sites of the own agents who may work the campaign, on average; 0 where none may."""
    shares = [
        case.site_by_id[agent.site].unplanned_shrinkage
        for agent in case.agents
        if agent.skills.get(campaign.skill, 0) >= campaign.min_level
    ]
    return float(np.mean(shares)) if shares else 0.0


def hour_cents(case: Case, campaign: Campaign) -> float:
    """Mean cost of one productive hour of the own agents who may work the campaign (of all, where none may): the loaded
    cost per paid hour over 1 - unplanned shrinkage of their site. Minor units of the plan's currency; 0 without agents.
    """
    able = [agent for agent in case.agents if agent.skills.get(campaign.skill, 0) >= campaign.min_level] or case.agents
    costs = [agent.hourly_cost / (1 - case.site_by_id[agent.site].unplanned_shrinkage) for agent in able]
    return float(np.mean(costs)) if costs else 0.0
