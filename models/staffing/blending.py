"""Blending: work that can wait, done in the idle time of the agents of an inbound campaign.

Idle time is no capacity that can be rostered: it comes in pieces, and whoever uses one is not free for the next call. So the
inbound campaign is priced anew. In every slot some idle agents are kept free, and as many more agents are asked for as keep
its promise; where that takes more than the idle time gives, nobody blends. What the idle time gives is taken off the other
work: KAPPA of it, for the share of agents who can do it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.staffing.arrivals import Arrivals, arrivals_of
from models.staffing.backlog import spread_evenly
from models.staffing.blended_queue import CERTAIN, blended, kept_free
from models.staffing.blending_kernels import price_all
from models.staffing.erlang import table_of
from models.staffing.inbound import InboundLoad, expected_levels
from models.staffing.price import queue_of
from wfm.campaign import Campaign, Stage, TargetPeriod
from wfm.case import Case
from wfm.coverage import unmet, worked
from wfm.demand import CampaignForecast
from wfm.opening import open_slots
from wfm.requirement import MILLI, Blending, CampaignRequirement, WorkItem

Floats = NDArray[np.float64]

KAPPA = 0.8
"""Share of the idle time above what is kept free that counts as capacity: work does not always wait when somebody is idle."""
_SHORT, _PASSES = 2e-3, 4
"""Of a service level: what falls short by more is made good, in so many passes."""
_LEAST = 0.05
"""Agents per slot: idle time that wins less is left alone."""


class Idle(NamedTuple):
    """What blending would do to an inbound campaign. Shapes (slots,)."""

    kept: Floats
    """Idle agents kept free; -1: nobody blends."""
    agents: Floats
    """Asked for, those of the requirement where nobody blends."""
    gives: Floats
    """Productive agents that the idle time counts as."""


def with_blending(
    case: Case, forecasts: dict[str, CampaignForecast], found: dict[str, CampaignRequirement]
) -> dict[str, CampaignRequirement]:
    """The requirements of all campaigns, with the work of those that name a campaign in `blended_with` lowered by what its idle
    time gives, and that campaign's agents raised by what this costs it.
    """
    result = dict(found)
    for lender in case.campaigns:
        share = {
            campaign.id: usable_share(case, lender, campaign)
            for campaign in case.campaigns
            if campaign.blended_with == lender.id
        }
        work = [campaign for campaign in case.campaigns if share.get(campaign.id)]
        if work:
            _blend(case, forecasts, result, lender, work, worth=KAPPA * min(share[campaign.id] for campaign in work))
        for name in (name for name, part in share.items() if not part):
            why = f"nothing of the idle time of {lender.id}: no own agent has both skills, or partners may answer all its calls"
            result[name] = result[name].model_copy(update={"method": f"{result[name].method}; {why}"})
    return result


def blended_load(
    case: Case,
    queue: InboundLoad,
    lender: str,
    forecasts: dict[str, CampaignForecast],
    wanted: Sequence[CampaignRequirement],
) -> InboundLoad:
    """The load of an inbound campaign whose idle agents do the blended work that a requirement says."""
    blended = [
        (entry.blending, case.campaign_by_id[entry.campaign])
        for entry in wanted
        if entry.blending is not None and case.campaign_by_id[entry.campaign].blended_with == lender
    ]
    if not blended:
        return queue
    kept = np.max([blending.kept for blending, _ in blended], axis=0).astype(np.float64)
    return queue._replace(
        kept=kept, other_seconds=_contact_seconds([campaign for _, campaign in blended], forecasts, case.grid.slots)
    )


def usable_share(case: Case, lender: Campaign, campaign: Campaign) -> float:
    """Least share of the lender's agents who can do the other work: own agents with both skills, of all own agents who may work
    for the lender, times the share of its hours that must stay with own agents (all where no partner may work for it).
    """
    able = [agent for agent in case.agents if agent.skills.get(lender.skill, 0) >= lender.min_level]
    both = [agent for agent in able if agent.skills.get(campaign.skill, 0) >= campaign.min_level]
    bought = lender.stage is not Stage.TEST and any(
        entry.campaign == lender.id for partner in case.partners for entry in partner.certifications
    )
    return len(both) / max(len(able), 1) * (lender.min_inhouse_share if bought else 1.0)


def idle_time(
    lender: Campaign, queue: InboundLoad, agents: Floats, arrivals: Arrivals, is_open: NDArray[np.bool_], seconds: float, *,
    worth: float, other_seconds: float, where: NDArray[np.bool_],
) -> Idle:  # fmt: skip
    """How many idle agents to keep free, how many agents that takes, and what it gives, in slots `where` there is work for them.

    How many stay free is chosen at the mean rate; what they cost and give is reckoned over all rates of the promise and all
    numbers of agents who may be there. A service level above the target (as an occupancy cap gives) may be spent, what lies
    at it is kept by more agents. `worth`: of an agent's idle time.
    """
    at_promise = queue if lender.risk is None else queue._replace(expected=queue.factors)
    level, reached = at_promise.service(agents), expected_levels(at_promise, agents, arrivals, is_open, seconds)
    floor = np.minimum(reached, queue.level) if lender.target_period is TargetPeriod.INTERVAL else reached
    spare = np.minimum(level, reached - floor)
    kept = np.full(len(agents), -1, dtype=np.int64)
    for slot in np.flatnonzero(where & (queue.load > 0) & (agents >= 1)).tolist():
        there, load, aht = round(agents[slot]), float(queue.load[slot]), float(queue.aht[slot])
        at_mean = blended(there, load, aht, queue.seconds, queue.patience, there, other_seconds)[0]  # nobody blends
        kept[slot] = kept_free(
            there, load, aht, queue.seconds, queue.patience, other_seconds, max(1e-9, at_mean - spare[slot]), worth
        )
    mixed = at_promise._replace(kept=kept.astype(np.float64), other_seconds=other_seconds)
    wanted = np.maximum(level - spare, 1e-9)
    for _ in range(_PASSES):
        raised, work = agents.copy(), np.zeros(len(agents))
        _, table = table_of(queue.aht, queue.seconds, queue.patience, wanted, queue.absence, other_seconds)
        price_all(np.ascontiguousarray(queue.load[:, None] * at_promise.expected), table, kept, raised, work)
        short = np.where(kept >= 0, floor - expected_levels(mixed, raised, arrivals, is_open, seconds), 0.0)
        if short.max(initial=0.0) < _SHORT:
            break
        wanted = np.minimum(wanted + np.maximum(short, 0.0), 1.0)  # what the transient model asks for beyond
    gives = worth * work
    wins = (kept >= 0) & (gives - CERTAIN * (raised - agents) > _LEAST)
    return Idle(np.where(wins, kept, -1).astype(np.float64), np.where(wins, raised, agents), np.where(wins, gives, 0.0))


def _blend(
    case: Case,
    forecasts: dict[str, CampaignForecast],
    found: dict[str, CampaignRequirement],
    lender: Campaign,
    work: list[Campaign],
    *,
    worth: float,
) -> None:
    """Writes the requirements of an inbound campaign and of all that is worked in its idle time anew into `found`."""
    entry, slots, seconds = found[lender.id], case.grid.slots, case.grid.interval.total_seconds()
    queue, arrivals = queue_of(case, lender, forecasts[lender.id]), arrivals_of(forecasts[lender.id], slots)
    is_open = open_slots(case, lender)
    opens = {campaign.id: open_slots(case, campaign) & is_open for campaign in work}
    agents = np.array(entry.net_agents)
    where = np.any([opens[campaign.id] for campaign in work], axis=0)
    other_seconds = _contact_seconds(work, forecasts, slots)
    idle = idle_time(
        lender, queue, agents, arrivals, is_open, seconds, worth=worth, other_seconds=other_seconds, where=where
    )
    used = _used(found, work, opens, idle)
    taken = np.sum(list(used.values()), axis=0)
    pays = taken > CERTAIN * np.maximum(idle.agents - agents, 0.0)  # not where no work is left for the idle time
    idle = Idle(np.where(pays, idle.kept, -1.0), np.where(pays, idle.agents, agents), np.where(pays, idle.gives, 0.0))
    used = _used(found, work, opens, idle)
    if not pays.any():
        return
    blended = queue._replace(kept=idle.kept, other_seconds=other_seconds)
    milli = np.rint(idle.agents * MILLI).astype(np.int64)
    level = expected_levels(blended, idle.agents, arrivals, is_open, seconds)
    found[lender.id] = entry.model_copy(
        update={
            "items": tuple(
                WorkItem(first_slot=item.first_slot, last_slot=item.last_slot, work=int(milli[item.first_slot]))
                for item in entry.items
            ),
            "net_agents": tuple((milli / MILLI).tolist()),
            "service_level": tuple(level.tolist()),
            "method": f"{entry.method}; {_hours(idle.agents - agents, seconds)} more for idle agents who do other work",
        }
    )
    for campaign in work:
        before, gives = found[campaign.id], used[campaign.id]
        left = unmet(before, np.rint(gives * MILLI).astype(np.int64))
        items = tuple(
            WorkItem(first_slot=item.first_slot, last_slot=item.last_slot, work=int(missing))
            for item, missing in zip(before.items, left.tolist(), strict=True)
        )
        kept = np.where(opens[campaign.id], idle.kept, -1.0).astype(int)
        found[campaign.id] = before.model_copy(
            update={
                "items": items,
                "net_agents": spread_evenly(items, open_slots(case, campaign)),
                "blending": Blending(kept=tuple(kept.tolist()), agents=tuple(gives.tolist())),
                "method": f"{before.method}; {_hours(gives, seconds)} less, done in the idle time of {lender.id}",
            }
        )


def _used(
    found: dict[str, CampaignRequirement], work: list[Campaign], opens: dict[str, NDArray[np.bool_]], idle: Idle
) -> dict[str, Floats]:
    """Idle time that each campaign's work uses, agents per slot; those before it in the case come first."""
    left = np.rint(idle.gives * MILLI).astype(np.int64)
    used = {}
    for campaign in work:
        limit = MILLI * (campaign.max_agents or int(left.max(initial=0)))
        taken = worked(found[campaign.id], np.where(opens[campaign.id], np.minimum(left, limit), 0))
        used[campaign.id] = taken / MILLI
        left = left - taken
    return used


def _contact_seconds(work: list[Campaign], forecasts: dict[str, CampaignForecast], slots: int) -> float:
    """Mean time that a contact of such work keeps an agent from calls: handling, and the rest that max_occupancy gives her."""
    arrivals = {campaign.id: arrivals_of(forecasts[campaign.id], slots) for campaign in work}
    total = sum(float(entry.volume.sum()) for entry in arrivals.values())
    busy = sum(
        float((arrivals[campaign.id].volume * arrivals[campaign.id].aht_seconds).sum()) / campaign.max_occupancy
        for campaign in work
    )
    return max(1.0, busy / max(total, 1e-9))


def _hours(agents: Floats, seconds: float) -> str:
    return f"{agents.sum() * seconds / 3600:.1f} productive hours"
