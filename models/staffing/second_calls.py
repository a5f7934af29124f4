"""Second calls of a sale in two steps: to sign, after the legal delay since the documents."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from models.staffing.arrivals import arrivals_of, required
from models.staffing.attempts import dialling, legal_attempts
from models.staffing.backlog import never_open, waiting_requirement
from models.staffing.first_calls import first_contacts, mask_on
from models.staffing.outbound import checked_reach_rate
from wfm.campaign import Campaign, Channel, LegalBasis
from wfm.case import Case
from wfm.clock import Grid, zone
from wfm.demand import CampaignForecast
from wfm.errors import WfmError
from wfm.law import country_pack
from wfm.requirement import CampaignRequirement

LEAD_DAYS = 14
"""First calls of so many days before the plan may still be followed in it; longer than any closure for holidays."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def signature_delay(country: str, bases: set[LegalBasis | None], day: date) -> timedelta:
    """Elapsed time that the law of a country wants between documents given on `day` and the signature
    (<country>-INS-24H); none where it is not in force that day, or where the legal bases of both calls are exempt.
    """
    pack = country_pack(country)
    rule = pack.rule(f"{country}-INS-24H", day) if pack else None
    if rule is None or bases <= set(rule.parameters["exempt"]):
        return timedelta(0)
    return timedelta(minutes=rule.parameters["elapsed_minutes"])


def second_call_requirement(
    case: Case, campaign: Campaign, forecasts: dict[str, CampaignForecast]
) -> CampaignRequirement:
    """One work item per slot in which second calls are released, due by the end of that calling day.

    Records = `second_call_share` of the expected contacts of campaign `second_call_of`; the campaign's own forecast gives
    the handling time and the reach rate alone. Documents leave by the end of the slot of the first call; the second call
    is released `signature_delay` of elapsed time later, at the next open slot. What is released after the plan is left out.

    The law's attempts per consumer count both calls: who was reached at attempt k of the first has as many left as the law
    allows less k, and who has none is not called. Work of a record as in `outbound_requirement`.
    Raises WfmError when the first campaign is not one of outbound first calls, or a figure is missing.
    """
    first = _first_campaign(case, campaign)
    market = case.market_by_id[campaign.market]
    tz = zone(market.time_zone)
    aht = arrivals_of(forecasts[campaign.id], case.grid.slots).aht_seconds
    rate = checked_reach_rate(campaign, forecasts[campaign.id].reach_rate)
    attempt_seconds = required(campaign, "attempt_seconds", campaign.attempt_seconds)
    most = required(campaign, "max_attempts", campaign.max_attempts)
    share = required(campaign, "second_call_share", campaign.second_call_share)
    grid = Grid.of_days(
        case.first_day - timedelta(days=LEAD_DAYS), LEAD_DAYS + case.days, case.interval_minutes, case.home_zone
    )
    contacts = share * first_contacts(case, first, forecasts[first.id], grid)
    made_on = [wall.date() for wall in grid.walls(tz)]
    bases = {first.legal_basis, campaign.legal_basis}
    delays = {day: signature_delay(market.country, bases, day) for day in sorted(set(made_on))}
    is_open = mask_on(case, campaign, grid)
    lead = grid.slots - case.grid.slots
    if contacts.any() and not is_open[lead:].any():
        raise never_open(campaign)
    records, late = _released(contacts, is_open, [-(-delays[day] // grid.interval) for day in made_on], lead)

    days, is_open = made_on[lead:], is_open[lead:]
    day_ends = {days[slot]: slot + 1 for slot in np.flatnonzero(is_open).tolist()}
    volume, seconds, barred = np.zeros(case.grid.slots), np.zeros(case.grid.slots), 0.0
    for slot in np.flatnonzero(records.any(axis=0)).tolist():
        legal = legal_attempts(market.country, days[slot])
        for used, called in enumerate(records[:, slot].tolist(), start=1):
            left = most if legal is None else min(most, legal - used)
            if left <= 0:
                barred += called
                continue
            record = dialling(rate, left)
            volume[slot] += called
            seconds[slot] += called * (record.attempts * attempt_seconds + record.contacts * aht[slot])
    slots = np.flatnonzero(volume)
    if (aht[slots] <= 0).any():
        raise WfmError(
            f"Campaign {campaign.id} has second calls in slots without a handling time. Give aht_seconds in its history."
        )
    loads = seconds[slots] / campaign.max_occupancy / case.grid.interval.total_seconds()
    windows = [(slot, day_ends[days[slot]]) for slot in slots.tolist()]
    minutes = " or ".join(f"{delay // timedelta(minutes=1)}" for delay in sorted(set(delays.values())))
    method = (
        f"second calls: {share:.1%} of the contacts of {first.id}, each {minutes} min of elapsed time after the slot of the "
        f"first call, at the next legal opening and due that calling day; first calls of the {LEAD_DAYS} days before the "
        f"plan are taken as those of the plan's same weekdays; {volume.sum():.1f} to call, {late:.1f} fall after the plan, "
        f"{barred:.1f} not called because the first call used up the law's attempts; reach rate {rate:.1%}, at most {most} "
        f"attempts of {attempt_seconds:g} s, and with those of the first call no more than the law's; occupancy "
        f"{campaign.max_occupancy:.0%}; before shrinkage"
    )
    return waiting_requirement(campaign.id, windows, loads.tolist(), volume, aht, is_open, method)


def _released(contacts: Floats, is_open: Bools, delay_slots: list[int], lead: int) -> tuple[Floats, float]:
    """Second calls by the slot of the plan, which begins `lead` slots into the grid, that releases them, shape (attempts,
    slots of the plan), and how many are released after it. Those released before the plan are called before it.
    """
    records, late = np.zeros((len(contacts), len(is_open) - lead)), 0.0
    opens = np.flatnonzero(is_open)
    for slot in np.flatnonzero(contacts.any(axis=0)).tolist():
        following = int(np.searchsorted(opens, slot + 1 + delay_slots[slot]))
        if following == len(opens):
            late += float(contacts[:, slot].sum())
        elif opens[following] >= lead:
            records[:, opens[following] - lead] += contacts[:, slot]
    return records, late


def _first_campaign(case: Case, campaign: Campaign) -> Campaign:
    """The campaign of the first calls; raises WfmError where it is not one of outbound first calls."""
    first = case.campaign_by_id.get(campaign.second_call_of or "")
    if first is None or {first.channel, campaign.channel} != {Channel.OUTBOUND} or first.second_call_of is not None:
        raise WfmError(
            f"Campaign {campaign.id} makes the second calls of {campaign.second_call_of}: both must be outbound campaigns of "
            "the case, and the first one must not make second calls itself. Correct column second_call_of in table campaigns."
        )
    return first
