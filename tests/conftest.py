"""A case small enough to reason about by hand: three agents, one week, one campaign of each channel, one partner."""

from __future__ import annotations

from datetime import date, time

import pytest

from wfm.agent import Agent, Contract, Site
from wfm.campaign import Campaign, Channel, LegalBasis, Market, OpeningHours, Stage
from wfm.case import Case
from wfm.opening import open_slots
from wfm.partner import BlockShift, Certification, Partner, Tier, TierMode
from wfm.requirement import CampaignRequirement, Requirement, WorkItem
from wfm.shift import Break, ShiftPattern


def campaign(id: str, channel: Channel, skill: str, **changes: object) -> Campaign:
    values: dict[str, object] = {
        "id": id, "name": id.title(), "market": "FR", "channel": channel, "stage": Stage.INDUSTRIALISED, "legal_basis": None,
        "skill": skill, "min_level": 1, "open_on_holidays": False, "max_occupancy": 0.85, "shortage_cost_per_hour": 4500,
        "min_inhouse_share": 0.0, "min_partner_share": 0.0, "max_agents": None, "service_level": None, "service_seconds": None,
        "patience_seconds": None, "deadline_hours": None, "attempt_seconds": None, "max_attempts": None,
    }  # fmt: skip
    return Campaign.model_validate(values | changes)


@pytest.fixture(scope="session")
def tiny_case() -> Case:
    """Week of 2026-12-07; Rabat is at UTC+0 and Paris at UTC+1, so 09:00 Paris is 08:00 Rabat."""
    weekdays = range(1, 6)
    return Case(
        name="Tiny", as_of=date(2026, 11, 23), first_day=date(2026, 12, 7), days=7, interval_minutes=30, currency="EUR",
        sites=(Site(id="rabat", name="Rabat", city="Rabat", country="MA", time_zone="Africa/Casablanca", unplanned_shrinkage=0.1),),
        markets=(Market(id="FR", name="France", country="FR", time_zone="Europe/Paris"),),
        campaigns=(
            campaign("service", Channel.INBOUND, "life", service_level=0.8, service_seconds=20, patience_seconds=120),
            campaign("sales", Channel.OUTBOUND, "sales", legal_basis=LegalBasis.CONTRACT_RELATED, attempt_seconds=45, max_attempts=4),
            campaign("mail", Channel.DEFERRABLE, "life", deadline_hours=24),
        ),
        opening_hours=(
            *(OpeningHours(campaign="service", weekday=day, opens=time(9), closes=time(18)) for day in weekdays),
            *(OpeningHours(campaign="sales", weekday=day, opens=time(10), closes=time(20)) for day in weekdays),
            *(OpeningHours(campaign="mail", weekday=day, opens=time(9), closes=time(18)) for day in weekdays),
        ),
        events=(),
        contracts=(Contract(id="full", week_minutes=2100, days_per_week=5, max_overtime_minutes_week=240, overtime_premium=0.25),),
        agents=(
            Agent(id="A1", site="rabat", contract="full", hourly_cost=500, skills={"life": 2, "sales": 1}, days_worked_before=0, last_shift_end=None),
            Agent(id="A2", site="rabat", contract="full", hourly_cost=500, skills={"life": 2}, days_worked_before=0, last_shift_end=None),
            Agent(id="A3", site="rabat", contract="full", hourly_cost=520, skills={"sales": 3}, days_worked_before=0, last_shift_end=None),
        ),
        absences=(), wishes=(),
        shift_patterns=(
            ShiftPattern(
                id="day", contract=None, earliest_start=time(8), latest_start=time(10), step_minutes=30, presence_minutes=480,
                breaks=(Break(name="lunch", minutes=60, paid=False, earliest_after=180, latest_after=240),),
            ),
        ),
        partners=(
            Partner(
                id="casa", name="Casa", city="Casablanca", time_zone="Africa/Casablanca", seats=20, current_seats=10, ramp_seats_per_week=5,
                block_seats=2, lead_time_days=14, min_billed_hours=10, tier_mode=TierMode.INCREMENTAL,
                tiers=(Tier(from_hours=0, price_per_hour=1300), Tier(from_hours=40, price_per_hour=1200)),
                shifts=(BlockShift(id="am", start=time(8), end=time(12), weekdays=(1, 2, 3, 4, 5)), BlockShift(id="pm", start=time(13), end=time(17), weekdays=(1, 2, 3, 4, 5))),
                certifications=(Certification(campaign="service", productivity=0.9),),
            ),
        ),
        exchange_rates=(), history_hash="0" * 64,
    )  # fmt: skip


@pytest.fixture(scope="session")
def tiny_requirement(tiny_case: Case) -> Requirement:
    """Service: 2.5 net agents in every open slot; sales: 4 agent-hours a day; mail: 2 agent-hours a day, due the day after."""
    grid, days = tiny_case.grid, tiny_case.days
    first = grid.day_first_slots(tiny_case.first_day, days, tiny_case.home_zone)
    requirements = []
    for entry in tiny_case.campaigns:
        mask = open_slots(tiny_case, entry)
        work_days = [day for day in range(days) if mask[first[day] : first[day + 1]].any()]
        if entry.channel is Channel.INBOUND:
            items = [
                WorkItem(first_slot=slot, last_slot=slot + 1, work=2500) for slot in range(grid.slots) if mask[slot]
            ]
        elif entry.channel is Channel.OUTBOUND:
            items = [
                WorkItem(first_slot=int(first[day]), last_slot=int(first[day + 1]), work=8000) for day in work_days
            ]
        else:
            items = [
                WorkItem(first_slot=int(first[day]), last_slot=min(int(first[day]) + 96, grid.slots), work=4000)
                for day in work_days
            ]
        per_slot = sum(item.work for item in items) / 1000 / mask.sum()
        requirements.append(
            CampaignRequirement(
                campaign=entry.id,
                items=tuple(items),
                volume=tuple(10.0 * mask),
                aht_seconds=tuple(300.0 * mask),
                net_agents=tuple(float(per_slot) * mask),
                service_level=None,
                service_level_definition=None,
                method="by hand",
            )  # fmt: skip
        )
    return Requirement(case_hash=tiny_case.content_hash(), grid=grid, campaigns=tuple(requirements))
