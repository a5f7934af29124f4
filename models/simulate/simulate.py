"""From a plan to the report on how it would go."""

from __future__ import annotations

from time import perf_counter

import numpy as np

from models.engine.engine import LOCAL, Engine
from models.simulate.estimate import mean_per_run, ratio, share
from models.simulate.run import prepare, run
from models.simulate.scenario import Scenario, scenario_of
from models.simulate.service_level import STANDARD, denominator, numerator
from models.simulate.state import ABANDONED, ANSWERED, ATTEMPTS, BUSY, DEFERRED, LEFT, OFFERED, PRESENT, WAIT, WITHIN
from models.simulate.world import Floats
from wfm.assumptions import Handling, Rates, Routing
from wfm.campaign import Campaign, Channel
from wfm.case import Case
from wfm.coverage import capacity, unmet
from wfm.demand import Forecast
from wfm.plan import Plan
from wfm.requirement import CampaignRequirement, Requirement
from wfm.simulation import DeferrableFigures, Estimate, InboundFigures, OutboundFigures, SimulationReport


def simulate(
    case: Case,
    requirement: Requirement,
    plan: Plan,
    forecast: Forecast,
    *,
    days: int,
    seed: int = 0,
    workers: int = 2,
    rates: Rates = Rates.UNCERTAIN,
    handling: Handling = Handling.EXPONENTIAL,
    routing: Routing = Routing.ROSTERED,
    engine: Engine = LOCAL,
) -> SimulationReport:
    """Live through at least `days` days of a plan that satisfies rule REFERENCE, in whole runs from its first day to its last,
    so that all weekdays count alike and work is carried from day to day.

    Deterministic for a seed, whatever `workers` and `engine`, but for the seconds it took. Raises WfmError when the documents
    do not belong together, or when Ray cannot do it.
    """
    scenario = scenario_of(case, requirement, plan, forecast, rates=rates, handling=handling, routing=routing)
    runs = -(-days // case.days)
    prepare(scenario)
    begun = perf_counter()
    outcome = run(scenario, runs, seed=seed, workers=workers, engine=engine)
    seconds = perf_counter() - begun
    wanted = {entry.campaign: entry for entry in requirement.campaigns}
    covered = _covered_shares(case, plan, requirement)
    inbound, outbound, deferrable = [], [], []
    for queue, campaign in enumerate(case.campaigns):
        tally = outcome.by_day[:, :, queue, :]
        if campaign.channel is Channel.INBOUND:
            inbound.append(_inbound(campaign, wanted[campaign.id], covered[campaign.id], tally))
        elif campaign.channel is Channel.OUTBOUND:
            outbound.append(_outbound(campaign, scenario, queue, covered[campaign.id], tally))
        else:
            deferrable.append(_deferrable(campaign, covered[campaign.id], tally))
    return SimulationReport(
        case_hash=plan.case_hash,
        requirement_hash=plan.requirement_hash,
        plan_hash=plan.content_hash(),
        seed=seed,
        rates=rates,
        handling=handling,
        routing=routing,
        runs=runs,
        days=runs * case.days,
        inbound=tuple(inbound),
        outbound=tuple(outbound),
        deferrable=tuple(deferrable),
        events=outcome.events,
        seconds=seconds,
        events_per_second=outcome.events / seconds,
    )


def _covered_shares(case: Case, plan: Plan, requirement: Requirement) -> dict[str, float]:
    """Share of each campaign's required work for which the plan has capacity; 1 where there is none."""
    supply = capacity(case, plan)
    shares = {}
    for entry in requirement.campaigns:
        missing = int(unmet(entry, supply[entry.campaign].total).sum())
        shares[entry.campaign] = 1 - missing / entry.work if entry.work else 1.0
    return shares


def _inbound(campaign: Campaign, wanted: CampaignRequirement, covered: float, tally: Floats) -> InboundFigures:
    definition = wanted.service_level_definition or STANDARD
    target = campaign.service_level or 0.0
    good, counted = numerator(tally), denominator(definition, tally)
    some = counted > 0
    return InboundFigures(
        campaign=campaign.id,
        service_level_definition=definition,
        target_service_level=target,
        promised_service_level=_promised(wanted),
        covered_share=covered,
        service_level=ratio(good, counted, most=1.0),
        days_met=share(good[some] >= target * counted[some]),
        abandonment=ratio(tally[..., ABANDONED], tally[..., OFFERED], most=1.0),
        mean_wait_seconds=ratio(tally[..., WAIT], tally[..., OFFERED]),
        occupancy=_occupancy(tally),
        offered=_total(tally, OFFERED),
        answered=_total(tally, ANSWERED),
        abandoned=_total(tally, ABANDONED),
        sent_away=_total(tally, LEFT),
        called_back=_total(tally, DEFERRED),
    )


def _outbound(campaign: Campaign, scenario: Scenario, queue: int, covered: float, tally: Floats) -> OutboundFigures:
    planned = scenario.calling[queue].planned_contacts(float(scenario.world.reach[queue]))
    return OutboundFigures(
        campaign=campaign.id,
        covered_share=covered,
        planned_contacts=planned * covered,
        contacts=mean_per_run(tally[..., ANSWERED]),
        occupancy=_occupancy(tally),
        records=_total(tally, OFFERED),
        attempts=_total(tally, ATTEMPTS),
        records_left=_total(tally, LEFT),
    )


def _deferrable(campaign: Campaign, covered: float, tally: Floats) -> DeferrableFigures:
    return DeferrableFigures(
        campaign=campaign.id,
        covered_share=covered,
        done_in_time=ratio(tally[..., WITHIN], tally[..., OFFERED], most=1.0),
        occupancy=_occupancy(tally),
        arrived=_total(tally, OFFERED),
        begun=_total(tally, ANSWERED),
        not_begun=_total(tally, LEFT),
    )


def _promised(wanted: CampaignRequirement) -> float | None:
    volume = np.array(wanted.volume)
    if wanted.service_level is None or volume.sum() <= 0:
        return None
    return float((np.array(wanted.service_level) * volume).sum() / volume.sum())


def _occupancy(tally: Floats) -> Estimate | None:
    return ratio(tally[..., BUSY], tally[..., PRESENT])


def _total(tally: Floats, column: int) -> int:
    return round(float(tally[..., column].sum()))
