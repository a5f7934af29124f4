"""Cases changed, work made by hand, plans made by the optimiser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pytest

from models.chain import assemble
from models.roster.bound import wages_alone
from models.roster.extract import purchases_of, shifts_of
from models.roster.objective import total_cents
from models.roster.solve import solve
from models.roster.state import Model, State
from models.roster.watch import Limits, Result
from wfm.campaign import Channel
from wfm.case import Case
from wfm.check import check_plan
from wfm.opening import open_slots
from wfm.plan import Plan, Status, StopReason
from wfm.requirement import CampaignRequirement, LossTable, Requirement, WorkItem
from wfm.violation import Violation

LONG = 600.0
"""Seconds no test comes near: rounds end every search, so that results do not depend on the machine."""

Rebuild = Callable[..., Case]
Require = Callable[..., Requirement]
PlanOf = Callable[..., tuple[Plan, Result]]


@pytest.fixture(scope="session")
def rebuild() -> Rebuild:
    """`rebuild(case, agents=..., service={...})`: a fresh case with fields changed; fields named like a campaign change it.

    A model_copy would keep the cached properties of the old case.
    """

    def change(case: Case, **fields: object) -> Case:
        dump = case.model_dump()
        names = {campaign["id"] for campaign in dump["campaigns"]}
        dump["campaigns"] = [entry | fields.get(entry["id"], {}) for entry in dump["campaigns"]]
        return Case.model_validate(dump | {name: value for name, value in fields.items() if name not in names})

    return change


@pytest.fixture(scope="session")
def require() -> Require:
    """`require(case, service=[(first slot, slot after the last, work), ...], ...)`: campaigns not named have no work."""

    def make(case: Case, **items: list[tuple[int, int, int]]) -> Requirement:
        nothing = (0.0,) * case.grid.slots
        entries = tuple(
            CampaignRequirement(
                campaign=campaign.id,
                items=tuple(
                    WorkItem(first_slot=first, last_slot=last, work=work)
                    for first, last, work in items.get(campaign.id, [])
                ),
                volume=nothing,
                aht_seconds=nothing,
                net_agents=nothing,
                service_level=None,
                service_level_definition=None,
                method="by hand",
            )
            for campaign in case.campaigns
        )
        return Requirement(case_hash=case.content_hash(), grid=case.grid, campaigns=entries)

    return make


@pytest.fixture(scope="session")
def violations_of() -> Callable[[Case, Requirement, Model, State], list[Violation]]:
    """`violations_of(case, requirement, model, state)`: rules that a search's plan breaks, a claimed cost that is not its bill's
    among them.
    """

    def check(case: Case, requirement: Requirement, model: Model, state: State) -> list[Violation]:
        problem, cost = model.problem, total_cents(model.problem, model.items, state)
        result = Result(
            Status.FEASIBLE, StopReason.CONVERGED, shifts_of(problem, state), purchases_of(problem, state), cost,
            wages_alone(problem), "by hand", 0.0, 0, 0.0,
        )  # fmt: skip
        return check_plan(case, requirement, assemble(case, requirement, result, seed=0))

    return check


@pytest.fixture(scope="session")
def plan_of() -> PlanOf:
    """`plan_of(case, requirement, rounds=60, seed=0)`: the optimiser's answer and the plan document made of it."""

    def make(case: Case, requirement: Requirement, *, rounds: int = 60, seed: int = 0) -> tuple[Plan, Result]:
        result = solve(case, requirement, limits=Limits(LONG, rounds), seed=seed, workers=1)
        return assemble(case, requirement, result, seed=seed), result

    return make


@pytest.fixture(scope="session")
def usual_work(require: Require) -> Callable[..., Requirement]:
    """`usual_work(case, per_slot=2500)`: inbound: so much in every open slot; other campaigns: 8000 a day, deferrable due the
    day after."""

    def make(case: Case, per_slot: int = 2500) -> Requirement:
        first = case.grid.day_first_slots(case.first_day, case.days, case.home_zone)
        items: dict[str, list[tuple[int, int, int]]] = {}
        for entry in case.campaigns:
            mask = open_slots(case, entry)
            if entry.channel is Channel.INBOUND:
                items[entry.id] = [(int(t), int(t) + 1, per_slot) for t in np.flatnonzero(mask)]
            else:
                reach = 1 if entry.channel is Channel.OUTBOUND else 2
                items[entry.id] = [
                    (int(first[d]), int(first[min(d + reach, case.days)]), 8000)
                    for d in range(case.days)
                    if mask[first[d] : first[d + 1]].any()
                ]
        return require(case, **items)

    return make


@pytest.fixture(scope="session")
def with_losses(rebuild: Rebuild) -> Callable[..., tuple[Case, Requirement]]:
    """`with_losses(case, requirement, random)`: campaign `service` loses contacts, in most of its slots in up to four pieces
    drawn at random, which end below or beyond the agents asked for.
    """

    def make(case: Case, requirement: Requirement, random: np.random.Generator) -> tuple[Case, Requirement]:
        rows: list[tuple[int, int, int]] = []
        entry = next(entry for entry in requirement.campaigns if entry.campaign == "service")
        for item in entry.items:
            pieces = int(random.integers(0, 5))
            if pieces:
                bends = [0, *np.unique(random.integers(1, 5000, pieces)).tolist()]
                cents = sorted(random.integers(0, 1500, len(bends) - 1).tolist(), reverse=True)
                rows += [(item.first_slot, *row) for row in zip(bends, [*cents, 0], strict=True)]
        slot, agents, cents = zip(*rows, strict=True)
        losses = LossTable(slot=slot, milli_agents=agents, cents_per_agent=cents)
        lossy = rebuild(case, service={"lost_contact_cost": 700})
        campaigns = tuple(
            other.model_copy(update={"losses": losses}) if other is entry else other for other in requirement.campaigns
        )
        return lossy, requirement.model_copy(update={"case_hash": lossy.content_hash(), "campaigns": campaigns})

    return make


@pytest.fixture(scope="session")
def law_case(tiny_case: Case, rebuild: Rebuild) -> Callable[[int], Case]:
    """`law_case(seed)`: three agents around holidays, a common rest day or none, nights, both regimes, odd hours and rates.

    Service is open day and night all week. Patterns cross midnight with unpaid breaks that may fall on either side of it.
    """

    def make(seed: int) -> Case:
        random = np.random.default_rng(seed)
        rest_weekday = (None, 7, 4, 7)[seed % 4]
        first_day = (date(2027, 1, 11), date(2026, 11, 16), date(2026, 12, 28))[seed % 3]
        site = tiny_case.sites[0].model_dump() | {"rest_weekday": rest_weekday, "rest_day_work": seed % 4 != 3}
        contracts = [
            tiny_case.contracts[0].model_dump()
            | {
                "id": regime,
                "regime": regime,
                "week_minutes": int(random.integers(1100, 2000)),
                "max_overtime_minutes_week": 600,
            }
            for regime in ("weekly", "annual")
        ]
        agents = [
            agent.model_dump()
            | {
                "contract": "annual" if random.random() < 0.5 else "weekly",
                "hourly_base": int(random.integers(301, 900)),
                "overtime_minutes_before": int(random.choice([0, 4200, 4700, 4800])),
                "adult_from": first_day + timedelta(days=3) if index == 2 and seed % 2 else None,
                "days_worked_before": int(random.integers(0, 8)),
                "last_shift_end": datetime.combine(first_day, time(5, 30), tzinfo=UTC) if index == 1 else None,
            }
            for index, agent in enumerate(tiny_case.agents)
        ]
        for entry in agents:
            week = next(contract["week_minutes"] for contract in contracts if contract["id"] == entry["contract"])
            near = 137_280 * week // 2640 - int(random.integers(0, 3000))
            entry["year_minutes_before"] = near if entry["contract"] == "annual" else 0
        base = tiny_case.shift_patterns[0].model_dump() | {"step_minutes": 120}
        tea = {"name": "tea", "minutes": 30, "paid": True, "earliest_after": 60, "latest_after": 120}
        meal = {"name": "meal", "minutes": 60, "paid": False, "earliest_after": 180, "latest_after": 330}
        patterns = [
            base | {"earliest_start": time(6), "latest_start": time(16), "breaks": [tea, meal]},
            base
            | {"id": "night", "earliest_start": time(18), "latest_start": time(23), "step_minutes": 60}
            | {"breaks": [tea, meal]},
            base
            | {"id": "long", "earliest_start": time(8), "latest_start": time(14), "presence_minutes": 660}
            | {"breaks": [meal | {"latest_after": 240}]},
        ]
        opening = [
            tiny_case.opening_hours[0].model_dump() | {"weekday": day, "opens": time(0), "closes": time(0)}
            for day in range(1, 8)
        ]
        return rebuild(
            tiny_case, first_day=first_day, as_of=first_day - timedelta(days=14), days=14,
            interval_minutes=15 if seed % 5 == 4 else 30,
            sites=[site], contracts=contracts, agents=agents, shift_patterns=patterns, opening_hours=opening,
            service={"open_on_holidays": True, "shortage_cost_per_hour": int(random.integers(800, 6000))},
        )  # fmt: skip

    return make
