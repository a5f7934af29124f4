"""A week of many inbound campaigns with rosters made by hand: agents of two skills who change campaign at their meal break."""

from __future__ import annotations

from datetime import date, time, timedelta

import numpy as np
from scipy.stats import nbinom

from models.staffing.requirement import build_requirement
from wfm.agent import Agent, Contract, Site
from wfm.campaign import Campaign, Channel, Market, OpeningHours, Stage
from wfm.case import Case
from wfm.clock import zone
from wfm.demand import QUANTILES, CampaignForecast, Forecast
from wfm.plan import Bill, Certificate, Plan, Segment, Shift, Status, StopReason
from wfm.requirement import Requirement
from wfm.shift import Break, ShiftPattern

FIRST_DAY = date(2026, 12, 7)
DAYS, SLOTS, SLOT_SECONDS = 7, 48, 1800.0
OPENS, CLOSES = 8, 20
HALF, MEAL = 8, 2
"""Slots of work before and after the meal."""
STARTS = range(2 * OPENS - 2, 2 * CLOSES - 2 * HALF - MEAL + 1)
"""Rabat's clock is an hour behind Paris's, where the customers are; shifts may begin from 7:00 on it."""
CONTACTS_A_DAY, VARIATION, SHRINKAGE = 66_600, 0.1, 0.12


def many_campaigns(count: int, contacts: int = CONTACTS_A_DAY) -> tuple[Case, Requirement, Plan, Forecast]:
    """Campaigns of different size and handling time, `contacts` a day in all, rates that vary by 10 % from day to day."""
    dice = np.random.default_rng(1)
    names = [f"c{index:02d}" for index in range(count)]
    volume = contacts * dice.dirichlet(np.full(count, 3.0))
    aht = dice.uniform(180, 420, count).round()
    case = blank_case(names, 2000)
    forecast = forecast_of(case, volume, aht)
    requirement = build_requirement(case, forecast)
    case = blank_case(names, _agents(_shifts(case, requirement), count))
    forecast = forecast.model_copy(update={"case_hash": case.content_hash()})
    requirement = build_requirement(case, forecast)
    return case, requirement, plan_by_hand(case, requirement), forecast


def plan_by_hand(case: Case, requirement: Requirement) -> Plan:
    """Shift after shift where most is missing; the bill is their number."""
    return bare_plan(case, requirement, _shifts(case, requirement))


def bare_plan(case: Case, requirement: Requirement, shifts: tuple[Shift, ...]) -> Plan:
    """A plan of these shifts; the bill is their number."""
    return Plan(
        case_name=case.name, case_hash=case.content_hash(), requirement_hash=requirement.content_hash(), seed=0, versions={},
        tzdata_version="", grid=case.grid, status=Status.FEASIBLE, stop_reason=StopReason.STOPPED, shifts=shifts, purchases=(),
        bill=Bill(currency="EUR", lines=(), total_cents=len(shifts), changeable_cents=len(shifts)),
        certificate=Certificate(
            cost_cents=len(shifts), bound_cents=0, changeable_cost_cents=len(shifts), changeable_bound_cents=0, gap=1.0,
            changeable_gap=1.0, currency="EUR", method="by hand",
        ),
    )  # fmt: skip


def _agents(shifts: tuple[Shift, ...], count: int) -> int:
    """Whole rounds of the campaigns' agents, and some more for requirements that ask for a little more."""
    return (max(int(shift.agent[1:]) for shift in shifts) // count + 8) * count


def blank_case(names: list[str], agents: int) -> Case:
    """Inbound campaigns of these names, 80/20, and agents who know two of them each."""
    count = len(names)
    return Case(
        name="Many", as_of=date(2026, 11, 23), first_day=FIRST_DAY, days=DAYS, interval_minutes=30, currency="EUR",
        sites=(
            Site(
                id="rabat", name="Rabat", city="Rabat", country="MA", time_zone="Africa/Casablanca",
                unplanned_shrinkage=SHRINKAGE,
            ),
        ),
        markets=(Market(id="FR", name="France", country="FR", time_zone="Europe/Paris"),),
        campaigns=tuple(
            Campaign(
                id=name, name=name, market="FR", channel=Channel.INBOUND, stage=Stage.INDUSTRIALISED, legal_basis=None,
                skill=name, min_level=1, open_on_holidays=True, max_occupancy=0.9, shortage_cost_per_hour=4500,
                min_inhouse_share=0, min_partner_share=0, max_agents=None, service_level=0.8, service_seconds=20,
                patience_seconds=120, deadline_hours=None, attempt_seconds=None, max_attempts=None,
            )
            for name in names
        ),
        opening_hours=tuple(
            OpeningHours(campaign=name, weekday=day, opens=time(OPENS), closes=time(CLOSES))
            for name in names
            for day in range(1, 8)
        ),
        events=(),
        contracts=(Contract(id="full", week_minutes=2400, days_per_week=5, max_overtime_minutes_week=0),),
        agents=tuple(
            Agent(
                id=f"A{index:04d}", site="rabat", contract="full", hourly_cost=500, hourly_base=500, days_worked_before=0,
                last_shift_end=None, skills={names[index % count]: 3, names[(index + 1) % count]: 2},
            )
            for index in range(agents)
        ),
        absences=(), wishes=(),
        shift_patterns=(
            ShiftPattern(
                id="day", contract=None, earliest_start=time(7), latest_start=time(11), step_minutes=30, presence_minutes=540,
                breaks=(Break(name="meal", minutes=60, paid=False, earliest_after=240, latest_after=240),),
            ),
        ),
        partners=(), exchange_rates=(), history_hash="0" * 64,
    )  # fmt: skip


def forecast_of(case: Case, volume: np.ndarray, aht: np.ndarray) -> Forecast:
    """`volume` contacts a day of `aht` seconds per campaign, in two peaks."""
    walls = case.grid.walls(zone("Europe/Paris"))
    hours = np.array([wall.hour + wall.minute / 60 for wall in walls])
    is_open = (hours >= OPENS) & (hours < CLOSES)
    shape = np.exp(-(((hours - 10.5) / 1.8) ** 2)) + 0.8 * np.exp(-(((hours - 16) / 2.2) ** 2)) + 0.2
    shape = np.where(is_open, shape, 0.0)
    days = sorted({wall.date() for wall in walls})
    index = np.array([days.index(wall.date()) for wall in walls])
    entries = []
    for campaign, contacts, seconds in zip(case.campaigns, volume.tolist(), aht.tolist(), strict=True):
        mean = contacts * DAYS * shape / shape.sum()
        total = np.bincount(index, mean, minlength=len(days))
        entries.append(
            CampaignForecast(
                campaign=campaign.id, mean=tuple(mean.tolist()), quantiles=_quantiles(mean),
                aht_seconds=tuple(np.where(mean > 0, seconds, 0.0).tolist()), days=tuple(days),
                day_mean=tuple(total.tolist()), day_quantiles=_quantiles(total), reach_rate=None, method="by formula",
            )
        )  # fmt: skip
    return Forecast(case_hash=case.content_hash(), seed=0, grid=case.grid, campaigns=tuple(entries))


def _quantiles(mean: np.ndarray) -> tuple[tuple[float, ...], ...]:
    size = 1 / VARIATION**2
    found = nbinom.ppf(np.array(QUANTILES)[:, None], size, size / (size + mean))
    return tuple(map(tuple, np.where(mean > 0, found, 0.0).tolist()))


def _shifts(case: Case, requirement: Requirement) -> tuple[Shift, ...]:
    """Shift after shift where most is missing, each agent on one campaign before her meal and on the next after it."""
    count, keep = len(case.campaigns), 1 - SHRINKAGE
    shifts: list[Shift] = []
    first_slots = case.grid.day_first_slots(case.first_day, case.days, case.home_zone)
    for day in range(DAYS):
        start_of_day = int(first_slots[day])
        missing = np.array([entry.net_agents[start_of_day : start_of_day + SLOTS] for entry in requirement.campaigns])
        used = [0] * count
        while True:
            filled = np.minimum(np.maximum(missing, 0.0), keep)
            sums = np.concatenate([np.zeros((count, 1)), np.cumsum(filled, axis=1)], axis=1)
            starts = np.array(STARTS)
            morning = sums[:, starts + HALF] - sums[:, starts]
            evening = sums[:, starts + 2 * HALF + MEAL] - sums[:, starts + HALF + MEAL]
            worth = morning + np.roll(evening, -1, axis=0)
            if worth.max() < 0.25 * 2 * HALF * keep:
                break
            queue, place = divmod(int(worth.argmax()), len(starts))
            begin, following = int(starts[place]), (queue + 1) % count
            missing[queue, begin : begin + HALF] -= keep
            missing[following, begin + HALF + MEAL : begin + 2 * HALF + MEAL] -= keep
            slot = start_of_day + begin
            agent = queue + count * used[queue]
            used[queue] += 1
            shifts.append(
                Shift(
                    agent=f"A{agent:04d}", day=FIRST_DAY + timedelta(days=day), pattern="day",
                    segments=(
                        Segment(activity=case.campaigns[queue].id, first_slot=slot, slots=HALF),
                        Segment(activity="break:meal", first_slot=slot + HALF, slots=MEAL),
                        Segment(activity=case.campaigns[following].id, first_slot=slot + HALF + MEAL, slots=HALF),
                    ),
                )
            )  # fmt: skip
    return tuple(shifts)
