"""Callbacks: callers who have waited long are called back within a deadline instead."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammainc

from models.staffing.arrivals import Arrivals, arrivals_of, required
from models.staffing.deferrable import deferrable_requirement
from models.staffing.erlang import performance
from models.staffing.price import queue_of
from wfm.campaign import Campaign
from wfm.case import Case
from wfm.clock import zone
from wfm.demand import CampaignForecast
from wfm.opening import open_slots
from wfm.requirement import CampaignRequirement

Floats = NDArray[np.float64]


def still_waiting(
    agents: ArrayLike, load: ArrayLike, aht_seconds: ArrayLike, seconds: float, patience_seconds: float
) -> Floats:
    """Share of contacts that wait longer than `seconds` without hanging up before, at whole `agents`. Arguments broadcast.

    With V the wait of who never hangs up it is e^-θt P(V > t): Erlang C has P(V > t) = P(V > 0) e^-(n-R)t/AHT; in Erlang A,
    with c = n μ / θ and x = λ / θ, the density of V at t is proportional to e^(x (1 - e^-θt) - c θt), so that P(V > t) =
    P(V > 0) P(c, x e^-θt) / P(c, x) with the regularised incomplete gamma function P.
    """
    count, load, aht = np.broadcast_arrays(
        *(np.asarray(value, dtype=np.float64) for value in (agents, load, aht_seconds))
    )
    waits = 1.0 - performance(count, load, aht, 0.0, patience_seconds).service_level
    if patience_seconds == math.inf:
        return np.asarray(waits * np.exp(-np.maximum(count - load, 0.0) * seconds / aht))
    c, x = np.maximum(count, 1.0) * patience_seconds / aht, load * patience_seconds / aht
    kept = math.exp(-seconds / patience_seconds)
    whole = gammainc(c, x)
    longer = np.divide(gammainc(c, x * kept), whole, out=np.zeros_like(whole), where=whole > 0)
    return np.asarray(np.where(count >= 1, waits * longer, 1.0) * np.where(load > 0, kept, 0.0))


def callback_requirement(
    case: Case, campaign: Campaign, forecasts: dict[str, CampaignForecast], called: CampaignRequirement
) -> CampaignRequirement:
    """The work of calling back who waits for inbound campaign `called`, as `deferrable_requirement`.

    Volume per slot = contacts x share still waiting after callback_seconds at the agents required x callback_share, expected
    over the forecast's rates. `called` is staffed as if nobody accepted: who does leaves the queue shorter, but was not
    answered in time. The campaign's own forecast gives handling times alone; where it has none, they are those of `called`.
    """
    waiting = case.campaign_by_id[called.campaign]
    after = required(campaign, "callback_seconds", campaign.callback_seconds)
    accept = required(campaign, "callback_share", campaign.callback_share)
    queue = queue_of(case, waiting, forecasts[waiting.id])
    servers = np.array(called.net_agents) * queue.lines
    loads = queue.load[:, None] * queue.expected
    low = np.floor(servers)
    fewer, more = (
        still_waiting(count[:, None], loads, queue.aht[:, None], after, queue.patience) for count in (low, low + 1)
    )
    share = fewer + (servers - low)[:, None] * (more - fewer)
    volume = np.array(called.volume) * accept * (queue.expected * share).mean(axis=1)
    own = arrivals_of(forecasts[campaign.id], case.grid.slots).aht_seconds
    aht = np.where(own > 0, own, np.array(called.aht_seconds))
    walls = case.grid.walls(zone(case.market_by_id[campaign.market].time_zone))
    entry = deferrable_requirement(
        campaign, Arrivals(volume, aht), open_slots(case, campaign), walls, case.grid.interval.total_seconds()
    )
    return entry.model_copy(
        update={
            "method": f"callbacks: {accept:.0%} of who still waits for {waiting.id} after {after:g} s at the agents required "
            f"there, {volume.sum():.1f} in all; {entry.method}"
        }
    )
