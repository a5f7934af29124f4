"""Cases small enough to solve to the end, and their true optimum by a formulation that shares no code with the optimiser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from ortools.sat.python import cp_model

from wfm.agent import Agent, Wish, WishKind
from wfm.blocks import block_times
from wfm.case import Case
from wfm.clock import to_utc
from wfm.costs import is_broken, overtime_cents, tariff_cents, wage_line
from wfm.law import labour_pack
from wfm.opening import open_slots
from wfm.partner import Partner, Tier, TierMode
from wfm.plan import Segment, Shift
from wfm.requirement import CampaignRequirement, Requirement
from wfm.shift import Break, ShiftPattern
from wfm.worktime import leave_days, overtime_threshold


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

    Every shift with its breaks is one literal, activities are literals per agent, slot and campaign, work done is free
    between slots and items, tariffs and overtime are looked up in tables made by `wfm.costs`.
    """
    return _optimum


def _optimum(case: Case, requirement: Requirement) -> int:
    model = cp_model.CpModel()
    milli = {site.id: round(1000 * (1 - site.unplanned_shrinkage)) for site in case.sites}
    cost = [sum(wage_line(case, agent).cents for agent in case.agents)]
    mask = {campaign.id: open_slots(case, campaign) for campaign in case.campaigns}
    capacity = {campaign.id: [[] for _ in range(case.grid.slots)] for campaign in case.campaigns}
    heads = {campaign.id: [[] for _ in range(case.grid.slots)] for campaign in case.campaigns}
    for agent in case.agents:
        present = _roster(model, case, agent, cost)
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
    model.minimize(sum(cost))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    assert status == cp_model.OPTIMAL, solver.status_name(status)
    return round(solver.objective_value)


def _roster(model: cp_model.CpModel, case: Case, agent: Agent, cost: list[object]) -> dict[int, list[object]]:
    """Literals of the shifts of one agent; returns the literals with which the agent is at work in each slot."""
    country = case.site_by_id[agent.site].country
    pack = labour_pack(country)
    rest = timedelta(minutes=pack.require(f"{country}-REST-DAILY", case.first_day).parameters["elapsed_minutes"])
    shifts: list[tuple[Shift, int, object]] = []
    for offset, pattern in product(range(case.days), case.shift_patterns):
        day = case.first_day + timedelta(days=offset)
        for shift in _shapes(case, agent, pattern, day):
            start, end = case.grid.instant(shift.first_slot), case.grid.instant(shift.last_slot)
            absent = any(a.agent == agent.id and start < a.end and a.start < end for a in case.absences)
            if absent or (agent.last_shift_end is not None and start - agent.last_shift_end < rest):
                continue
            shifts.append((shift, offset, model.new_bool_var("")))
    days = [[literal for _, offset, literal in shifts if offset == day] for day in range(case.days)]
    for literals in days:
        model.add(sum(literals) <= 1)
    gap = rest // case.grid.interval
    for (one, _, first), (two, _, second) in product(shifts, shifts):
        if one.day < two.day and two.first_slot < one.last_slot + gap:
            model.add(first + second <= 1)
    _consecutive(model, days, agent, pack.require(f"{country}-CONSEC", case.first_day).parameters["days"])
    _overtime(model, case, agent, shifts, cost)
    return _present(case, agent, shifts, cost)


def _consecutive(model: cp_model.CpModel, days: list[list[object]], agent: Agent, limit: int) -> None:
    """No run of days worked longer than `limit`, those before the plan included."""
    worked = [*[1] * min(agent.days_worked_before, limit), *(sum(literals) for literals in days)]
    for at in range(len(worked) - limit):
        model.add(sum(worked[at : at + limit + 1]) <= limit)


def _present(case: Case, agent: Agent, shifts: list, cost: list[object]) -> dict[int, list[object]]:
    """Literals with which the agent is at work in each slot; broken wishes are charged."""
    present: dict[int, list[object]] = {}
    for shift, _, literal in shifts:
        cost.extend(w.cost * literal for w in case.wishes if w.agent == agent.id and is_broken(case, w, shift))
        for segment in shift.segments:
            if segment.break_name is None:
                for slot in range(segment.first_slot, segment.last_slot):
                    present.setdefault(slot, []).append(literal)
    return present


def _overtime(model: cp_model.CpModel, case: Case, agent: Agent, shifts: list, cost: list[object]) -> None:
    """Hours of every week: within contract and law, paid by table above the threshold."""
    country = case.site_by_id[agent.site].country
    legal = labour_pack(country).require(f"{country}-WEEK-CAP", case.first_day).parameters["effective_minutes"]
    for week in range(case.weeks):
        credit = leave_days(case).get(agent.id, [0] * case.weeks)[week]
        threshold = overtime_threshold(case, agent, credit)
        most = min(threshold + case.contract_by_id[agent.contract].max_overtime_minutes_week, legal)
        minutes = [
            case.pattern_by_id[s.pattern].effective_minutes * taken for s, day, taken in shifts if day // 7 == week
        ]
        slots = model.new_int_var(0, most // case.interval_minutes, "")
        model.add(sum(minutes) == case.interval_minutes * slots)
        overtime = [case.interval_minutes * k - threshold for k in range(most // case.interval_minutes + 1)]
        table = [overtime_cents(case, agent, max(0, over)) for over in overtime]
        paid = model.new_int_var(0, max(table), "")
        model.add_element(slots, table, paid)
        cost.append(paid)


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
