"""Forecast -> requirement: the work of every campaign, in productive agents."""

from __future__ import annotations

from models.staffing.arrivals import arrivals_of
from models.staffing.blending import with_blending
from models.staffing.callbacks import callback_requirement
from models.staffing.deferrable import deferrable_requirement
from models.staffing.inbound import inbound_requirement
from models.staffing.outbound import outbound_requirement
from models.staffing.price import queue_of
from models.staffing.second_calls import second_call_requirement
from wfm.campaign import Campaign, Channel
from wfm.case import Case
from wfm.clock import zone
from wfm.demand import CampaignForecast, Forecast
from wfm.errors import WfmError
from wfm.opening import open_slots
from wfm.requirement import CampaignRequirement, Requirement


def build_requirement(case: Case, forecast: Forecast) -> Requirement:
    """The work of every campaign of the case, in the case's order: inbound from the forecast's distribution, the rest from its
    mean.

    Work is net: `max_occupancy` is in it (once), shrinkage is not. A plan counts a rostered own agent as
    1 - unplanned_shrinkage of its site (leave and breaks it rosters itself) and a partner's seat as its productivity.
    What is worked in the idle time of inbound agents is taken off its campaign, and theirs is priced anew (`blending`).
    A campaign of second calls takes its records from the first campaign's contacts, one of callbacks its volume from the waits
    of the inbound campaign, not from its own forecast.
    Raises WfmError when the forecast is of another grid, lacks a campaign or cannot be staffed.
    """
    if forecast.grid != case.grid:
        raise WfmError(
            f"The forecast covers {forecast.grid.slots} intervals from {forecast.grid.start:%Y-%m-%d %H:%MZ}, the case "
            f"{case.grid.slots} from {case.grid.start:%Y-%m-%d %H:%MZ}. Forecast this case again."
        )
    forecasts = {entry.campaign: entry for entry in forecast.campaigns}
    missing = [campaign.id for campaign in case.campaigns if campaign.id not in forecasts]
    if missing:
        raise WfmError(f"The forecast lacks campaign(s) {', '.join(missing)}. Forecast this case again.")
    found = {
        campaign.id: _requirement(case, campaign, forecasts)
        for campaign in case.campaigns
        if campaign.callback_of is None
    }
    for campaign in case.campaigns:
        if campaign.callback_of is not None:
            found[campaign.id] = callback_requirement(case, campaign, forecasts, found[campaign.callback_of])
    found = with_blending(case, forecasts, found)
    return Requirement(
        case_hash=forecast.case_hash,
        grid=case.grid,
        campaigns=tuple(found[campaign.id] for campaign in case.campaigns),
    )


def _requirement(case: Case, campaign: Campaign, forecasts: dict[str, CampaignForecast]) -> CampaignRequirement:
    arrivals = arrivals_of(forecasts[campaign.id], case.grid.slots)
    if campaign.second_call_of is not None:
        return second_call_requirement(case, campaign, forecasts)
    is_open = open_slots(case, campaign)
    interval_seconds = case.grid.interval.total_seconds()
    market = case.market_by_id[campaign.market]
    walls = case.grid.walls(zone(market.time_zone))
    if campaign.channel is Channel.INBOUND:
        queue = queue_of(case, campaign, forecasts[campaign.id])
        return inbound_requirement(campaign, queue, arrivals, is_open, interval_seconds)
    if campaign.channel is Channel.DEFERRABLE:
        return deferrable_requirement(campaign, arrivals, is_open, walls, interval_seconds)
    reach_rate = forecasts[campaign.id].reach_rate
    return outbound_requirement(
        campaign, market.country, arrivals, is_open, walls, interval_seconds, reach_rate=reach_rate
    )
