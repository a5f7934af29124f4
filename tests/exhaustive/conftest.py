"""Fourteen plans that follow one another from 2024-12-30 to 2028-01-02, asked for more calls than the law allows."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import pairwise

import pytest

from models.chain import assemble
from models.roster.solve import solve
from models.roster.watch import Limits
from wfm.agent import Agent, Contract, Site
from wfm.campaign import Campaign, Channel, LegalBasis, Market, OpeningHours, Stage
from wfm.case import Case
from wfm.clock import RABAT, day_starts, zone
from wfm.partner import BlockShift, Certification, Partner, Tier, TierMode
from wfm.requirement import CampaignRequirement, Requirement, WorkItem
from wfm.shift import Break, ShiftPattern

FIRST, WEEKS = date(2024, 12, 30), [12] * 13 + [1]
MARKETS = {"metropole": "Europe/Paris", "reunion": "Indian/Reunion", "martinique": "America/Martinique"}
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
ROUNDS = 10
HOURS = {"metropole": (time(8), time(22)), "reunion": (time(0), time(0)), "martinique": (time(0), time(0))}
"""Every day, and far beyond the law; 00:00 to 00:00 is the whole day."""


def campaign(key: str, channel: Channel, market: str, **changes: object) -> Campaign:
    fields = {
        "id": key,
        "name": key,
        "market": market,
        "channel": channel,
        "stage": Stage.INDUSTRIALISED,
        "legal_basis": None,
        "skill": "voice",
        "min_level": 1,
        "open_on_holidays": True,
        "max_occupancy": 0.85,
        "shortage_cost_per_hour": 6000,
        "min_inhouse_share": 0.0,
        "min_partner_share": 0.0,
        "max_agents": None,
        **dict.fromkeys(("service_level", "service_seconds", "patience_seconds", "deadline_hours")),
        **dict.fromkeys(("attempt_seconds", "max_attempts")),
    }
    return Campaign.model_validate(fields | changes)


def outbound(market: str) -> Campaign:
    basis = LegalBasis.CONTRACT_RELATED
    return campaign(f"calls_{market}", Channel.OUTBOUND, market, legal_basis=basis, attempt_seconds=45, max_attempts=4)


def case_of(first_day: date, weeks: int) -> Case:
    line = campaign("line", Channel.INBOUND, "metropole", service_level=0.8, service_seconds=20)
    calls = [outbound(market) for market in MARKETS]
    hours = [("line", time(0), time(0)), *((f"calls_{market}", *span) for market, span in HOURS.items())]
    blocks = [(f"from_{hour:02d}", time(hour), time((hour + 4) % 24)) for hour in range(0, 24, 4)]
    return Case(
        name=f"Twelve weeks from {first_day}",
        as_of=first_day - timedelta(days=14),
        first_day=first_day,
        days=7 * weeks,
        interval_minutes=30,
        currency="EUR",
        sites=(Site(id="rabat", name="Rabat", city="Rabat", country="MA", time_zone=RABAT, unplanned_shrinkage=0.1),),
        markets=tuple(Market(id=key, name=key, country="FR", time_zone=name) for key, name in MARKETS.items()),
        campaigns=(line, *calls),
        opening_hours=tuple(
            OpeningHours(campaign=key, weekday=day, opens=opens, closes=closes)
            for key, opens, closes in hours
            for day in EVERY_DAY
        ),
        events=(),
        contracts=(Contract(id="full", week_minutes=2400, days_per_week=5, max_overtime_minutes_week=240),),
        agents=tuple(
            Agent(
                id=f"A{number}",
                site="rabat",
                contract="full",
                hourly_cost=900,
                hourly_base=600,
                skills={"voice": 2},
                days_worked_before=0,
                last_shift_end=None,
            )
            for number in range(5)
        ),
        absences=(),
        wishes=(),
        shift_patterns=(
            ShiftPattern(
                id="day",
                contract=None,
                earliest_start=time(4),
                latest_start=time(17),
                step_minutes=60,
                presence_minutes=540,
                breaks=(Break(name="lunch", minutes=60, paid=False, earliest_after=180, latest_after=300),),
            ),
        ),
        partners=(
            Partner(
                id="casablanca",
                name="Casablanca",
                city="Casablanca",
                time_zone=RABAT,
                seats=6,
                current_seats=6,
                ramp_seats_per_week=0,
                block_seats=1,
                lead_time_days=7,
                min_billed_hours=0,
                tier_mode=TierMode.INCREMENTAL,
                tiers=(Tier(from_hours=0, price_per_hour=1300),),
                shifts=tuple(
                    BlockShift(id=key, start=start, end=end, weekdays=EVERY_DAY) for key, start, end in blocks
                ),
                certifications=tuple(Certification(campaign=entry.id, productivity=0.9) for entry in calls),
            ),
        ),
        exchange_rates=(),
        history_hash="0" * 64,
    )


def requirement_of(case: Case) -> Requirement:
    """The same work on every day of every market, Sundays and holidays too, at any time of the day, law or not; and half an
    agent on the line at all hours.
    """
    nothing = (0.0,) * case.grid.slots
    entries = []
    for entry in case.campaigns:
        if entry.channel is Channel.INBOUND:
            items = [WorkItem(first_slot=slot, last_slot=slot + 1, work=500) for slot in range(case.grid.slots)]
        else:
            tz = zone(case.market_by_id[entry.market].time_zone)
            starts = day_starts(case.first_day - timedelta(days=1), case.days + 2, tz)
            edges = sorted({min(max(case.grid.slot(start), 0), case.grid.slots) for start in starts})
            items = [WorkItem(first_slot=first, last_slot=last, work=24_000) for first, last in pairwise(edges)]
        entries.append(
            CampaignRequirement(
                campaign=entry.id,
                items=tuple(items),
                volume=nothing,
                aht_seconds=nothing,
                net_agents=nothing,
                service_level=None,
                service_level_definition=None,
                method="by hand",
            )
        )
    return Requirement(case_hash=case.content_hash(), grid=case.grid, campaigns=tuple(entries))


@pytest.fixture(scope="session")
def planned():
    """(case, requirement, plan) of every plan, made by the optimiser."""
    found = []
    first_day = FIRST
    for weeks in WEEKS:
        case = case_of(first_day, weeks)
        requirement = requirement_of(case)
        result = solve(case, requirement, limits=Limits(600.0, ROUNDS), seed=1, workers=1)
        found.append((case, requirement, assemble(case, requirement, result, seed=1)))
        first_day += timedelta(weeks=weeks)
    return found
