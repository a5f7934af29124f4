"""A plan as a world to simulate."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from models.simulate.calling import Calling, calling_of, second_calls_of
from models.simulate.servers import Servers, absences, servers_of
from models.simulate.volumes import Volumes, volumes_of
from models.simulate.world import (
    BLENDING,
    CLOSING,
    DEFERRABLE,
    INBOUND,
    OFF,
    OUTBOUND,
    Bools,
    Changes,
    Floats,
    Ints,
    World,
    changes,
    in_order,
)
from wfm.assumptions import Handling, Rates, Routing
from wfm.campaign import Campaign, Channel
from wfm.case import Case
from wfm.clock import zone
from wfm.demand import CampaignForecast, Forecast
from wfm.errors import WfmError
from wfm.opening import open_slots
from wfm.plan import Plan
from wfm.requirement import Requirement

CHANNELS = {Channel.INBOUND: INBOUND, Channel.DEFERRABLE: DEFERRABLE, Channel.OUTBOUND: OUTBOUND}
LOG_NORMAL_SIGMA = math.sqrt(math.log(2))
"""Standard deviation of the logarithm where standard deviation and mean are equal, as they are of the exponential."""

CONTACTS, ABSENCES = 0, 1
"""What a generator is for; with the run it makes the key of its seed."""


@dataclass(frozen=True, eq=False)
class Scenario:
    """All that runs have in common. `volumes` of every campaign in the order of the case, `calling` of outbound ones by index;
    `fixed` changes are the same in every run. `day_starts` (days,): first slot of each of the plan's days. `attempts`: most
    that any record may have.
    """

    world: World
    rates: Rates
    volumes: tuple[Volumes, ...]
    calling: dict[int, Calling]
    servers: Servers
    fixed: Changes
    day_starts: Ints
    attempts: int

    def draw(self, seed: int, run: int) -> tuple[Ints, Changes]:
        """Contacts per campaign and slot (Q, slots) and the changes of one run. They depend on seed and run alone, those of a
        campaign also on no other campaign.
        """
        counts = np.zeros((len(self.volumes), self.world.slots), dtype=np.int64)
        parts = [self.fixed]
        for queue, volumes in enumerate(self.volumes):
            rng = _generator(seed, run, CONTACTS, queue)
            drawn = volumes.uncertain(rng) if self.rates is Rates.UNCERTAIN else volumes.known(rng)
            calling = self.calling.get(queue)
            if queue in self.world.callback:
                continue  # its contacts come from another campaign's queue
            if calling is None:
                counts[queue] = drawn
            else:
                parts.append(calling.loadings(drawn, volumes, rng, self.world.interval))
        parts.append(absences(self.servers, _generator(seed, run, ABSENCES, 0)))
        return counts, in_order(parts)


def scenario_of(
    case: Case,
    requirement: Requirement,
    plan: Plan,
    forecast: Forecast,
    *,
    rates: Rates,
    handling: Handling,
    routing: Routing,
) -> Scenario:
    """The world of a plan that satisfies rule REFERENCE. Raises WfmError when the documents do not belong together."""
    _same_case(case, requirement, plan, forecast)
    expected = {entry.campaign: entry for entry in forecast.campaigns}
    walls = {market.id: case.grid.walls(zone(market.time_zone)) for market in case.markets}
    is_open = np.array([open_slots(case, campaign) for campaign in case.campaigns])
    volumes = [volumes_of(expected[campaign.id], walls[campaign.market]) for campaign in case.campaigns]
    reach = {campaign.id: expected[campaign.id].reach_rate or 0.0 for campaign in case.campaigns}
    released = {entry.campaign: np.array(entry.volume) for entry in requirement.campaigns}
    calling = {}
    for queue, campaign in enumerate(case.campaigns):
        if campaign.channel is not Channel.OUTBOUND:
            continue
        arguments = (is_open[queue], walls[campaign.market])
        if campaign.second_call_of is None:
            calling[queue] = calling_of(case, campaign, volumes[queue], *arguments)
        else:
            first = case.campaign_by_id[campaign.second_call_of]
            calling[queue] = second_calls_of(case, campaign, first, reach[first.id], released[campaign.id], *arguments)
    servers = servers_of(case, plan, is_open, pooled=routing is Routing.POOLED)
    seconds = case.grid.interval.total_seconds()
    makers = [(queue, entry) for queue, entry in enumerate(case.campaigns) if entry.callback_of is not None]
    index = {entry.callback_of: queue for queue, entry in makers}
    lender = _lenders(case)
    callbacks = {entry.callback_of: (entry.callback_seconds or 0.0, entry.callback_share or 0.0) for _, entry in makers}
    world = World(
        interval=seconds,
        slots=case.grid.slots,
        sigma=LOG_NORMAL_SIGMA if handling is Handling.LOG_NORMAL else 0.0,
        channel=np.array([CHANNELS[campaign.channel] for campaign in case.campaigns], dtype=np.int64),
        target=np.array([campaign.service_seconds or 0.0 for campaign in case.campaigns]),
        patience=np.array([_patience(campaign) for campaign in case.campaigns]),
        aht=np.array([_handling(campaign, expected) for campaign in case.campaigns]),
        pace=np.array([_pace(campaign) for campaign in case.campaigns]),
        due=np.array([3600 * (campaign.deadline_hours or 0.0) for campaign in case.campaigns]),
        attempt=np.array([campaign.attempt_seconds or 0.0 for campaign in case.campaigns]),
        reach=np.array([reach[campaign.id] for campaign in case.campaigns]),
        pooled=np.array(
            [campaign.channel is Channel.INBOUND and campaign.concurrency == 1 for campaign in case.campaigns]
        ),
        callback=np.array([index.get(campaign.id, OFF) for campaign in case.campaigns], dtype=np.int64),
        offer=np.array([callbacks[campaign.id][0] if campaign.id in callbacks else 0.0 for campaign in case.campaigns]),
        accept=np.array(
            [callbacks[campaign.id][1] if campaign.id in callbacks else 0.0 for campaign in case.campaigns]
        ),
        lender=lender,
        kept=_kept(case, requirement),
        lends=np.isin(np.arange(len(lender)), lender),
        speed=servers.speed,
        group=servers.group,
        serves=servers.serves,
    )
    closings = [calls.closings(seconds) for calls in calling.values()]
    closings += [_closings(world, queue, is_open[queue]) for queue in range(len(volumes)) if queue not in calling]
    return Scenario(
        world,
        rates,
        tuple(volumes),
        calling,
        servers,
        in_order([servers.roster, *closings, *_blendings(world)]),
        case.grid.day_first_slots(case.first_day, case.days, case.home_zone)[:-1],
        max((int(calls.attempts.max(initial=1)) for calls in calling.values()), default=1),
    )


def _same_case(case: Case, requirement: Requirement, plan: Plan, forecast: Forecast) -> None:
    digest = case.content_hash()
    for name, found, wanted in (
        ("plan", plan.case_hash, digest),
        ("requirement", requirement.case_hash, digest),
        ("forecast", forecast.case_hash, digest),
        ("plan's requirement", plan.requirement_hash, requirement.content_hash()),
    ):
        if found != wanted:
            raise WfmError(
                f"The {name} is of other data than case {case.name}, so nothing can be simulated. Plan again."
            )


def _patience(campaign: Campaign) -> float:
    """Mean seconds; deferrable work never hangs up."""
    if campaign.channel is Channel.INBOUND and campaign.patience_seconds is not None:
        return campaign.patience_seconds
    return math.inf


def _handling(campaign: Campaign, expected: dict[str, CampaignForecast]) -> Floats:
    """Mean seconds per slot; callbacks without a handling time of their own take as long as the calls would have."""
    own = np.array(expected[campaign.id].aht_seconds, dtype=np.float64)
    if campaign.callback_of is None:
        return own
    return np.where(own > 0, own, np.array(expected[campaign.callback_of].aht_seconds))


def _pace(campaign: Campaign) -> float:
    """Inbound contacts set their own pace; other work is paced so that nobody is busier than the campaign allows."""
    return 1.0 if campaign.channel is Channel.INBOUND else 1 / campaign.max_occupancy


def _closings(world: World, queue: int, is_open: Bools) -> Changes:
    """Inbound: every end of opening hours; deferrable: the end of the plan."""
    if world.channel[queue] == DEFERRABLE:
        ends = np.array([world.slots])
    else:
        ends = np.union1d(np.flatnonzero(np.diff(is_open.astype(np.int64)) < 0) + 1, [world.slots])
    return changes(ends * world.interval, CLOSING, np.full(len(ends), queue), 0)


def _lenders(case: Case) -> Ints:
    """Index of the campaign in whose idle time each is worked, OFF for none."""
    queue = {campaign.id: index for index, campaign in enumerate(case.campaigns)}
    return np.array([queue.get(campaign.blended_with or "", OFF) for campaign in case.campaigns], dtype=np.int64)


def _kept(case: Case, requirement: Requirement) -> Ints:
    """Idle agents kept free per blended campaign and slot, as the requirement says; OFF where nobody blends. (Q, slots)."""
    found = {entry.campaign: entry.blending.kept for entry in requirement.campaigns if entry.blending is not None}
    nobody = (OFF,) * case.grid.slots
    return np.array([found.get(campaign.id, nobody) for campaign in case.campaigns], dtype=np.int64)


def _blendings(world: World) -> list[Changes]:
    """When other numbers of idle agents begin to stay free: those there look for work anew."""
    found = []
    for queue in np.flatnonzero(world.lender >= 0).tolist():
        slots = np.flatnonzero(np.diff(world.kept[queue], prepend=OFF))
        found.append(
            changes(slots.astype(np.float64) * world.interval, BLENDING, np.full(len(slots), world.lender[queue]), 0)
        )
    return found


def _generator(seed: int, run: int, purpose: int, queue: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(run, purpose, queue)))
