"""Inbound: contacts that must be answered at once, staffed by queueing to the service target."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.staffing.arrivals import Arrivals, required
from models.staffing.attendance import attended_service, with_absence
from models.staffing.erlang import SERVICE_LEVEL_DEFINITION, expected_agents
from models.staffing.losses import loss_table
from models.staffing.offered_load import modified_offered_load
from models.staffing.period import period_agents
from models.staffing.rates import RateSpread, day_quantile_factors, expected_factors
from models.staffing.transient import transient_shift, transient_surplus
from wfm.campaign import Campaign, TargetPeriod
from wfm.errors import WfmError
from wfm.requirement import MILLI, CampaignRequirement, WorkItem

Floats = NDArray[np.float64]

_SHORT = 1e-3
"""Of a service level: what falls short by more is made good."""
_PASSES = 3
_CAPPED = 0.05
"""Further above its target a service level is held by the occupancy cap."""
_WHERE = {
    TargetPeriod.INTERVAL: "in every interval",
    TargetPeriod.DAY: "over every day, and 65 % in every interval",
    TargetPeriod.WEEK: "over every week, and 65 % in every interval",
}


class InboundLoad(NamedTuple):
    """What the queue of an inbound campaign is staffed for. Shapes (slots,); `factors` and `expected` (slots, scenarios)."""

    level: float
    seconds: float
    patience: float
    cap: float
    load: Floats
    """Modified offered load of the mean forecast, erlangs; 0 where nothing is expected."""
    aht: Floats
    expected: Floats
    """Factors on the load that stand for all that the forecast holds possible."""
    factors: Floats
    """Factors on the load at which the target must be reached: those of the campaign's promise."""

    period: NDArray[np.int64] | None
    """Number of the period over which the target is met, per slot; None: in every slot."""
    lines: float
    """Contacts that an agent handles at once."""
    absence: float
    """Chance of a rostered agent to be missing at any minute; requirements count those who are there on average."""
    kept: Floats | None = None
    """Idle agents kept free per slot while others do blended work, -1 where nobody does; None: nowhere."""
    other_seconds: float = 1.0
    """Seconds that a contact of blended work takes."""

    def agents(self, volume: Floats, level: float | None = None) -> Floats:
        """Fractional agents that keep the promise with another service level, or the campaign's own. Shapes (slots,)."""
        wanted = self.level if level is None else level
        if self.period is not None:
            return period_agents(self, volume, self.period, wanted)
        loads = self.load[:, None] * self.factors
        present = expected_agents(
            loads, self.aht, wanted, self.seconds, patience_seconds=self.patience, max_occupancy=self.cap
        ).agents
        return with_absence(
            present / self.lines,
            loads,
            self.aht,
            wanted,
            self.seconds,
            patience_seconds=self.patience,
            absence=self.absence,
            lines=self.lines,
        )

    def service(self, agents: Floats, *, fixed: Floats | float = 0.0) -> Floats:
        """Expected service level per slot, over all that the forecast holds possible, of `agents` who are there on average and
        `fixed` ones who always are. Shapes (slots,); by the stationary formula.
        """
        return attended_service(
            agents / (1.0 - self.absence),
            self.load[:, None] * self.expected,
            self.aht,
            self.seconds,
            patience_seconds=self.patience,
            absence=self.absence,
            fixed=fixed,
            lines=self.lines,
            kept=-1.0 if self.kept is None else self.kept,
            other_seconds=self.other_seconds,
        )


def inbound_load(
    campaign: Campaign,
    arrivals: Arrivals,
    is_open: NDArray[np.bool_],
    interval_seconds: float,
    spread: RateSpread,
    day: NDArray[np.int64],
    *,
    period: NDArray[np.int64] | None = None,
    absence: float = 0.0,
) -> InboundLoad:
    """The load of a campaign under its promise; `day[slot]` is the index of the market's day in the forecast, `period[slot]` the
    number of its period where the target is met over periods, `absence` the chance of a rostered agent to be missing.

    Raises WfmError when the campaign has no service target or the forecast has volume in closed slots.
    """
    volume, aht = arrivals
    level = required(campaign, "service_level", campaign.service_level)
    seconds = required(campaign, "service_seconds", campaign.service_seconds)
    if volume[~is_open].any():
        slot = int(np.flatnonzero((volume > 0) & ~is_open)[0])
        raise WfmError(
            f"Campaign {campaign.id} is closed in slot {slot}, but {volume[slot]:g} contacts are forecast there, which nobody "
            "could answer. Forecast with the same opening hours."
        )
    expected = expected_factors(spread, day)
    return InboundLoad(
        level=level,
        seconds=seconds,
        patience=math.inf if campaign.patience_seconds is None else campaign.patience_seconds,
        cap=campaign.max_occupancy,
        load=np.where(volume > 0, modified_offered_load(volume, aht, is_open, interval_seconds), 0.0),
        aht=np.where(aht > 0, aht, 1.0),  # without load the handling time does not matter
        expected=expected,
        factors=expected if campaign.risk is None else day_quantile_factors(spread, day, campaign.risk),
        period=period,
        lines=float(campaign.concurrency),
        absence=absence,
    )


def inbound_requirement(
    campaign: Campaign, queue: InboundLoad, arrivals: Arrivals, is_open: NDArray[np.bool_], interval_seconds: float
) -> CampaignRequirement:
    """One work item per open slot of an `inbound_load`: the fractional agents that reach the target under the occupancy cap.

    An agent who handles c contacts at once counts as c servers, and handling times are those of contacts so handled.

    Erlang A where mean patience is given, else Erlang C, at the modified offered load. The target is met in expectation over
    the forecast's distribution of rates or, where the campaign has a `risk`, on that share of days: then the slots of a day
    meet it at the day's rate of that quantile. Where handling time is long against the interval, what the transient model
    asks for beyond that is added. There is no minimum of one agent: an interval that expects hardly a contact needs about
    the target share of one agent, because a contact that finds nobody counts against the target like one that waits too
    long. An interval that expects none needs none. A target over days or weeks is met with the fewest agents (`period`).
    `service_level` is the expectation in either case, by the transient model.
    """
    agents = promised_agents(campaign, queue, arrivals, is_open, interval_seconds)
    level = expected_levels(queue, agents, arrivals, is_open, interval_seconds)
    work = np.rint(agents * MILLI).astype(np.int64)
    formula = (
        "Erlang C, nobody hangs up"
        if campaign.patience_seconds is None
        else f"Erlang A, mean patience {queue.patience:g} s"
    )
    chat = f", {campaign.concurrency} contacts at once by each agent" if campaign.concurrency > 1 else ""
    promise = (
        "expected over the forecast's distribution"
        if campaign.risk is None
        else f"on {campaign.risk:.0%} of days by the forecast's distribution"
    )
    return CampaignRequirement(
        campaign=campaign.id,
        losses=loss_table(campaign, queue, arrivals.volume),
        items=tuple(
            WorkItem(first_slot=int(slot), last_slot=int(slot) + 1, work=int(work[slot]))
            for slot in np.flatnonzero(is_open)
        ),
        volume=tuple(arrivals.volume.tolist()),
        aht_seconds=tuple(arrivals.aht_seconds.tolist()),
        net_agents=tuple((work / MILLI).tolist()),
        service_level=tuple(level.tolist()),
        service_level_definition=SERVICE_LEVEL_DEFINITION,
        method=(
            f"{formula}; {queue.level:.0%} answered within {queue.seconds:g} s {_WHERE[campaign.target_period]}, {promise}, "
            f"occupancy at most {campaign.max_occupancy:.0%}; modified offered load"
            f"{chat}, raised to the transient model where that falls short; each agent missing with a chance of "
            f"{queue.absence:.1%}; fractional agents before shrinkage"
        ),
    )


def promised_agents(
    campaign: Campaign, queue: InboundLoad, arrivals: Arrivals, is_open: NDArray[np.bool_], interval_seconds: float
) -> Floats:
    """Fractional agents per slot that keep a campaign's promise by the transient model. Shape (slots,).

    In expectation and in every slot: more agents where a slot falls short. On a share of days, or over days or weeks: as much
    service level is asked of the stationary formula as makes the plan's, at the rates of the promise, that of the target.
    """
    if queue.period is None and campaign.risk is None:
        agents = queue.agents(arrivals.volume) + transient_surplus(queue, arrivals, is_open, interval_seconds)
        level = expected_levels(queue, agents, arrivals, is_open, interval_seconds)
        short = np.where(arrivals.volume > 0, queue.level - level, 0.0)
        if short.max(initial=0.0) > _SHORT:  # found at the mean rate; a little is left where rates vary
            slope = np.maximum(queue.service(agents + 1.0) - queue.service(agents), 0.01)
            agents = agents + np.maximum(short, 0.0) / slope
        return agents
    at_promise = queue if campaign.risk is None else queue._replace(expected=queue.factors)
    total = max(float(arrivals.volume.sum()), 1e-12)
    wanted = queue.level
    for _ in range(_PASSES):
        agents = queue.agents(arrivals.volume, wanted)
        reached = expected_levels(at_promise, agents, arrivals, is_open, interval_seconds)
        missing = queue.level - float((reached * arrivals.volume).sum()) / total
        if abs(missing) < _SHORT or missing < -_CAPPED:
            break
        wanted = min(0.999, max(0.01, wanted + missing))
    return agents


def expected_levels(
    queue: InboundLoad, agents: Floats, arrivals: Arrivals, is_open: NDArray[np.bool_], interval_seconds: float
) -> Floats:
    """Expected service level per slot at fractional agents by the transient model; 0 where nobody is expected."""
    level = queue.service(agents) + transient_shift(queue, agents, arrivals, is_open, interval_seconds)
    return np.where(arrivals.volume > 0, np.clip(level, 0.0, 1.0), 0.0)
