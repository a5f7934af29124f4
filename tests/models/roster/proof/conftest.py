"""Cases small enough to solve to the end, and their true optimum by a formulation that shares no code with the optimiser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from ortools.sat.python import cp_model

from wfm.agent import Agent, Wish, WishKind
from wfm.blocks import block_times
from wfm.case import Case
from wfm.clock import UTC, to_utc
from wfm.costs import bill, tariff_cents, wage_line
from wfm.opening import open_slots
from wfm.partner import Partner, Tier, TierMode
from wfm.plan import Plan, Segment, Shift
from wfm.requirement import CampaignRequirement, Requirement, WorkItem
from wfm.rules import LAW, absence, contract_week
from wfm.shift import Break, ShiftPattern

LABOUR = (
    "DAY-MAX", "WEEK-CAP", "CONSEC", "REST-WEEK", "REST-DAILY", "BREAK", "NIGHT", "OT-CAP", "HOLIDAY",
)  # fmt: skip
"""Rules of law that bind one agent's tour."""


@pytest.fixture(scope="session")
def small(
    tiny_case: Case, rebuild: Callable[..., Case], require: Callable[..., Requirement]
) -> Callable[[int], tuple[Case, Requirement]]:
    """`small(seed)`: two agents on short shifts, one partner, three days of work: small enough to solve to the end."""

    def make(seed: int) -> tuple[Case, Requirement]:
        random = np.random.default_rng(seed)
        monday = tiny_case.first_day
        agents = tuple(
            Agent(
                id=f"A{index}",
                site="rabat",
                contract="full",
                hourly_cost=500,
                hourly_base=int(random.integers(400, 700)),
                skills={name: 1 for name in ("life", "sales") if random.random() < 0.7},
                days_worked_before=int(random.integers(0, 7)),
                last_shift_end=datetime.combine(monday, time(0), tzinfo=tiny_case.home_zone)
                - timedelta(minutes=60 * int(random.integers(0, 4))),
            )
            for index in range(2)
        )
        wishes = tuple(
            Wish(
                agent=f"A{random.integers(2)}",
                day=monday + timedelta(days=int(random.integers(3))),
                kind=kind,
                time=None if kind is WishKind.OFF else at,
                cost=int(random.integers(100, 3000)),
            )
            for kind, at in ((WishKind.OFF, None), (WishKind.START_AFTER, time(8, 30)), (WishKind.END_BEFORE, time(12)))
        )
        pattern = ShiftPattern(
            id="short",
            contract=None,
            earliest_start=time(8),
            latest_start=time(9),
            step_minutes=60,
            presence_minutes=240,
            breaks=(Break(name="tea", minutes=30, paid=False, earliest_after=60, latest_after=120),),
        )
        case = rebuild(
            tiny_case,
            agents=agents,
            wishes=wishes,
            shift_patterns=(pattern,),
            contracts=(
                tiny_case.contracts[0].model_copy(update={"week_minutes": 420, "max_overtime_minutes_week": 240}),
            ),
            partners=(_partner(tiny_case.partners[0], random),),
            service={
                "shortage_cost_per_hour": int(random.integers(500, 4000)),
                "max_agents": [None, 1, 2][seed % 3],
                "min_inhouse_share": [0.0, 0.6][seed % 2],
            },
            mail={"shortage_cost_per_hour": int(random.integers(500, 4000))},
        )
        service = [(t, t + 1, int(random.integers(0, 2500))) for d in range(3) for t in range(48 * d + 16, 48 * d + 26)]
        mail = [(48 * d, 48 * d + 72, int(random.integers(0, 4000))) for d in range(2)]
        return case, require(case, service=service, mail=mail)

    return make


@pytest.fixture(scope="session")
def small_law(
    small: Callable[[int], tuple[Case, Requirement]],
    rebuild: Callable[..., Case],
    require: Callable[..., Requirement],
) -> Callable[[int], tuple[Case, Requirement]]:
    """`small_law(seed)`: the same agents and partner by day and night around a holiday, with or without a common rest day, in
    either regime, near the limits of the year."""

    def make(seed: int) -> tuple[Case, Requirement]:
        random = np.random.default_rng(seed)
        case, _ = small(seed)
        monday = (date(2026, 11, 16), date(2027, 1, 11))[seed % 2]
        first = 1 if seed % 2 == 0 else 0
        contract = case.contracts[0].model_dump() | {
            "regime": ("weekly", "annual")[seed // 2 % 2],
            "days_per_week": 3,
            "week_minutes": int(random.integers(300, 700)),
        }
        year = 137_280 * contract["week_minutes"] // 2640
        agents = [
            agent.model_dump()
            | {
                "skills": {"life": 1},
                "hourly_base": int(random.integers(300, 1500)),
                "overtime_minutes_before": int(random.choice([0, 4700])),
                "year_minutes_before": year - int(random.integers(0, 500)),
                "last_shift_end": datetime.combine(monday, time(2 * index), tzinfo=UTC),
                "adult_from": monday + timedelta(days=2) if index and seed % 3 == 0 else None,
            }
            for index, agent in enumerate(case.agents)
        ]
        tea = case.shift_patterns[0].breaks[0].model_dump()
        short = case.shift_patterns[0].model_dump() | {"latest_start": time(8)}
        long = short | {"presence_minutes": 660, "breaks": [tea | {"minutes": 60, "latest_after": 60}]}
        patterns = [
            (short, long)[seed // 2 % 2],
            short | {"id": "night", "earliest_start": time(22), "latest_start": time(22)},
        ]
        site = case.sites[0].model_dump() | {"rest_weekday": (None, 2, 3, 2)[seed % 4], "rest_day_work": seed % 8 != 7}
        opening = [
            case.opening_hours[0].model_dump() | {"weekday": day, "opens": time(0), "closes": time(0)}
            for day in range(1, 8)
        ]
        case = rebuild(
            case, first_day=monday, as_of=monday - timedelta(days=14), sites=[site], contracts=[contract], agents=agents,
            wishes=(), shift_patterns=patterns, opening_hours=opening,
            service={"open_on_holidays": True, "shortage_cost_per_hour": int(random.integers(500, 6000))},
        )  # fmt: skip
        slots = [48 * d + at for d in range(first, first + 3) for at in (*range(16, 24), *range(44, 52))]
        return case, require(case, service=[(t, t + 1, int(random.integers(0, 2500))) for t in slots])

    return make


def _partner(partner: Partner, random: np.random.Generator) -> Partner:
    second = Tier(from_hours=int(random.integers(2, 9)), price_per_hour=int(random.integers(300, 1500)))
    first = Tier(from_hours=0, price_per_hour=int(random.integers(900, 1500)))
    return partner.model_copy(
        update={
            "block_seats": 1,
            "seats": 2,
            "min_billed_hours": int(random.integers(0, 9)),
            "tier_mode": TierMode.ALL_UNITS if random.random() < 0.5 else TierMode.INCREMENTAL,
            "tiers": (first, second),
        }
    )


@pytest.fixture(scope="session")
def optimum() -> Callable[[Case, Requirement], int]:
    """`optimum(case, requirement)`: cents of the cheapest legal plan, by a complete CP-SAT model over the documents.

    Every tour with its breaks is one literal, legal by the rules of `wfm.rules` and priced by `wfm.costs`; activities are
    literals per agent, slot and campaign, work done is free between slots and items, tariffs are looked up in tables. Days
    that no shift with work can start on are days off.
    """
    return _optimum


@pytest.fixture(scope="session")
def tours() -> Callable[[Case, Requirement, Agent], list[tuple[list[int], int]]]:
    """`tours(case, requirement, agent)`: slots at work and cents of every legal tour of shifts that meet work."""

    def every(case: Case, requirement: Requirement, agent: Agent) -> list[tuple[list[int], int]]:
        items = [item for entry in requirement.campaigns for item in entry.items if item.work]
        return list(_priced_tours(case, agent, items))

    return every


def _optimum(case: Case, requirement: Requirement) -> int:
    model = cp_model.CpModel()
    milli = {site.id: round(1000 * (1 - site.unplanned_shrinkage)) for site in case.sites}
    cost = [sum(wage_line(case, agent).cents for agent in case.agents)]
    mask = {campaign.id: open_slots(case, campaign) for campaign in case.campaigns}
    capacity = {campaign.id: [[] for _ in range(case.grid.slots)] for campaign in case.campaigns}
    heads = {campaign.id: [[] for _ in range(case.grid.slots)] for campaign in case.campaigns}
    items = [item for entry in requirement.campaigns for item in entry.items if item.work]
    for agent in case.agents:
        present = _roster(model, case, agent, items, cost)
        for slot, at_work in present.items():
            doing = []
            for campaign in case.campaigns:
                if mask[campaign.id][slot] and agent.skills.get(campaign.skill, 0) >= campaign.min_level:
                    doing.append(model.new_bool_var(""))
                    capacity[campaign.id][slot].append(milli[agent.site] * doing[-1])
                    heads[campaign.id][slot].append(doing[-1])
            model.add(sum(doing) <= sum(at_work))
    bought = {campaign.id: [] for campaign in case.campaigns}
    for partner in case.partners:
        _purchases(model, case, partner, mask, capacity, heads, bought, cost)
    for entry in requirement.campaigns:
        campaign = case.campaign_by_id[entry.campaign]
        work = entry.work
        model.add(100 * sum(bought[campaign.id]) <= round(100 * (1 - campaign.min_inhouse_share)) * work)
        model.add(100 * sum(bought[campaign.id]) >= round(100 * campaign.min_partner_share) * work)
        for in_use in heads[campaign.id]:
            if campaign.max_agents is not None:
                model.add(sum(in_use) <= campaign.max_agents)
        missing = _missing(model, entry, capacity[campaign.id])
        cents = model.new_int_var(0, 10**9, "")
        rate = case.interval_minutes * campaign.shortage_cost_per_hour
        model.add_division_equality(cents, 2 * rate * missing + 60_000, 120_000)
        cost.append(cents)
        if entry.losses is not None:
            lost = [_lost(model, capacity[campaign.id][slot], of) for slot, of in entry.losses.by_slot().items()]
            cents = model.new_int_var(0, 10**9, "")
            model.add_division_equality(cents, 2 * sum(lost) + 1000, 2000)
            cost.append(cents)
    model.minimize(sum(cost))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    assert status == cp_model.OPTIMAL, solver.status_name(status)
    return round(solver.objective_value)


def _roster(
    model: cp_model.CpModel, case: Case, agent: Agent, items: list[WorkItem], cost: list[object]
) -> dict[int, list[object]]:
    """One literal per legal tour of one agent, charged what the bill says; returns those at work in each slot."""
    present: dict[int, list[object]] = {}
    literals = []
    for slots, cents in _priced_tours(case, agent, items):
        literals.append(model.new_bool_var(""))
        cost.append(cents * literals[-1])
        for slot in slots:
            present.setdefault(slot, []).append(literals[-1])
    model.add_exactly_one(literals)
    return present


def _priced_tours(case: Case, agent: Agent, items: list[WorkItem]) -> Iterator[tuple[list[int], int]]:
    """Slots at work and cents of overtime, holidays and wishes, as the bill has them, of every legal tour of an agent."""
    nothing = Requirement(case_hash="", grid=case.grid, campaigns=())
    for shifts in _tours(case, _useful(case, agent, items), ()):
        lines = bill(case, nothing, shifts, ()).lines
        cents = sum(line.cents for line in lines if line.kind in ("overtime", "holiday", "wishes"))
        work = [segment for shift in shifts for segment in shift.segments if segment.break_name is None]
        yield [slot for segment in work for slot in range(segment.first_slot, segment.last_slot)], cents


def _useful(case: Case, agent: Agent, items: list[WorkItem]) -> list[list[Shift]]:
    """Shifts of each day that meet work: others only cost."""
    return [
        [
            shift
            for pattern in case.shift_patterns
            for shift in _shapes(case, agent, pattern, case.first_day + timedelta(days=day))
            if any(item.first_slot < shift.last_slot and shift.first_slot < item.last_slot for item in items)
        ]
        for day in range(case.days)
    ]


def _tours(case: Case, days: list[list[Shift]], before: tuple[Shift, ...]) -> Iterator[tuple[Shift, ...]]:
    """All legal tours of shifts by day. A shift less never makes a tour illegal: illegal beginnings are given up."""
    if not days:
        yield before
        return
    yield from _tours(case, days[1:], before)
    for shift in days[0]:
        if _is_legal(case, (*before, shift)):
            yield from _tours(case, days[1:], (*before, shift))


def _is_legal(case: Case, shifts: tuple[Shift, ...]) -> bool:
    """Whether the shifts of one agent break no rule, by the rules themselves."""
    plan = Plan.model_construct(shifts=shifts, purchases=(), grid=case.grid)
    broken = [*absence.check(case, plan), *contract_week.check(case, plan)]
    law = (entry for code in LABOUR for entry in LAW[code](case, plan))
    return not broken and all(entry.is_legal or not entry.rule.hard for entry in law)


def _shapes(case: Case, agent: Agent, pattern: ShiftPattern, day: object) -> list[Shift]:
    """Every start and break placement of a pattern on a day."""
    found = []
    wall = datetime.combine(day, pattern.earliest_start)
    while wall <= datetime.combine(day, pattern.latest_start):
        first = case.grid.slot(to_utc(wall, case.home_zone))
        windows = [
            range(-(-p.earliest_after // case.interval_minutes), p.latest_after // case.interval_minutes + 1)
            for p in pattern.breaks
        ]
        for begins in product(*windows):
            segments, at = [], first
            for pause, begin in zip(pattern.breaks, begins, strict=True):
                if first + begin > at:
                    segments.append(Segment(activity="idle", first_slot=at, slots=first + begin - at))
                at = first + begin + pause.minutes // case.interval_minutes
                segments.append(
                    Segment(activity=f"break:{pause.name}", first_slot=first + begin, slots=at - first - begin)
                )
            last = first + pattern.presence_minutes // case.interval_minutes
            segments.append(Segment(activity="idle", first_slot=at, slots=last - at))
            found.append(Shift(agent=agent.id, day=day, pattern=pattern.id, segments=tuple(segments)))
        wall += timedelta(minutes=pattern.step_minutes)
    return found


def _purchases(
    model: cp_model.CpModel,
    case: Case,
    partner: Partner,
    mask: dict,
    capacity: dict,
    heads: dict,
    bought: dict,
    cost: list,
) -> None:
    """Blocks of one partner: seats, lead time, and the tariff by table over half-hours bought."""
    half_hours = []
    for offset in range(case.days):
        day = case.first_day + timedelta(days=offset)
        if day < case.as_of + timedelta(days=partner.lead_time_days):
            continue
        in_use = [[] for _ in range(case.grid.slots)]
        for shift, certified in product(partner.shifts, partner.certifications):
            start, end = block_times(partner, shift, day)
            first, last = case.grid.slot(start), case.grid.slot(end)
            is_open = mask[certified.campaign][first:last]
            if day.isoweekday() not in shift.weekdays or not is_open.any():
                continue
            blocks = model.new_int_var(0, partner.seats_in_week(offset // 7) // partner.block_seats, "")
            half_hours.append((end - start) // timedelta(minutes=30) * partner.block_seats * blocks)
            effect = round(1000 * certified.productivity) * partner.block_seats
            bought[certified.campaign].append(int(is_open.sum()) * effect * blocks)
            for slot in range(first, last):
                in_use[slot].append(partner.block_seats * blocks)
                if mask[certified.campaign][slot]:
                    capacity[certified.campaign][slot].append(effect * blocks)
                    heads[certified.campaign][slot].append(partner.block_seats * blocks)
        for seats in in_use:
            model.add(sum(seats) <= partner.seats_in_week(offset // 7))
    table = [tariff_cents(partner, Fraction(half, 2)) for half in range(200)]
    total = model.new_int_var(0, 199, "")
    model.add(total == sum(half_hours))
    cents = model.new_int_var(0, max(table), "")
    model.add_element(total, table, cents)
    cost.append(cents)


def _lost(model: cp_model.CpModel, there: list[object], pieces: list[tuple[int, int, int]]) -> object:
    """Thousandths of cents of contacts lost in a slot: what agents there leave of the pieces, cheapest left first."""
    left = [(model.new_int_var(0, last - first, ""), cents) for first, last, cents in pieces]
    model.add(sum(there) + sum(agents for agents, _ in left) >= max((last for _, last, _ in pieces), default=0))
    return sum(cents * agents for agents, cents in left)


def _missing(model: cp_model.CpModel, entry: CampaignRequirement, capacity: list[list[object]]) -> object:
    """Work left undone when capacity may serve any item whose window holds its slot."""
    assert all(a.first_slot <= b.first_slot and a.last_slot <= b.last_slot for a, b in pairwise(entry.items))
    used: list[list[object]] = [[] for _ in capacity]
    missing = []
    for item in entry.items:
        done = []
        for slot in range(item.first_slot, item.last_slot):
            if capacity[slot]:
                done.append(model.new_int_var(0, item.work, ""))
                used[slot].append(done[-1])
        missing.append(model.new_int_var(0, item.work, ""))
        model.add(sum(done) + missing[-1] == item.work)
    for slot, parts in enumerate(used):
        if parts:
            model.add(sum(parts) <= sum(capacity[slot]))
    return sum(missing)
