"""The outbound contacts that a plan's agents can be expected to make, where the number of records is not certain."""

from __future__ import annotations

import numpy as np

from models.staffing.rates import days_of, expected_factors, rate_spread
from wfm.assumptions import Rates
from wfm.campaign import Channel
from wfm.case import Case
from wfm.clock import zone
from wfm.coverage import capacity
from wfm.demand import Forecast
from wfm.plan import Plan
from wfm.requirement import Requirement


def worked_shares(
    case: Case, requirement: Requirement, plan: Plan, forecast: Forecast, *, rates: Rates = Rates.UNCERTAIN
) -> dict[str, float]:
    """Expected share of each outbound campaign's mean work that is done by the plan, which satisfies rule REFERENCE.

    Records of a day lapse at its end. With work w of a calling day on average, a factor G of mean 1 on it and capacity k, it is
    E min(G w, k): days with more records than expected outgrow the roster, days with fewer leave it idle, so a roster that
    just covers the mean does less than it. Campaigns without work are left out.
    """
    supply = capacity(case, plan)
    forecasts = {entry.campaign: entry for entry in forecast.campaigns}
    shares = {}
    for entry in requirement.campaigns:
        campaign = case.campaign_by_id[entry.campaign]
        if campaign.channel is not Channel.OUTBOUND or entry.work == 0:
            continue
        factors = np.ones((case.grid.slots, 1))
        if rates is Rates.UNCERTAIN and campaign.second_call_of is None:
            own = forecasts[campaign.id]
            day = days_of(own, case.grid.walls(zone(case.market_by_id[campaign.market].time_zone)))
            factors = expected_factors(rate_spread(own)._replace(slot_variance=0.0), day)
        total = supply[campaign.id].total
        done = sum(
            float(
                np.minimum(factors[item.first_slot] * item.work, total[item.first_slot : item.last_slot].sum()).mean()
            )
            for item in entry.items
        )
        shares[campaign.id] = done / entry.work
    return shares
