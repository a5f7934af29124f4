"""The optimiser's cost of a solution is the bill's, to the cent, on solutions of every kind."""

from __future__ import annotations

from datetime import UTC, datetime, time

import numpy as np
import pytest

from models.roster.compile import compile_problem
from models.roster.construct import construct
from models.roster.extract import purchases_of, shifts_of
from models.roster.objective import total_cents
from models.roster.prices import Prices, solve_prices
from models.roster.relaxation import build_relaxation
from models.roster.search import Search
from models.roster.settle import settle
from models.roster.state import ABSENT, BREAK, IDLE, build_model, empty_state, index_items
from wfm.agent import Absence, AbsenceKind, Wish, WishKind
from wfm.costs import bill
from wfm.partner import Tier, TierMode


@pytest.fixture(scope="module")
def dear_case(tiny_case, rebuild):
    """Odd rates, overtime that pays, leave, wishes that must be broken, tiers for all units, fractions of productivity."""
    leave = Absence(
        agent="A2",
        start=datetime(2026, 12, 9, tzinfo=UTC),
        end=datetime(2026, 12, 11, tzinfo=UTC),
        kind=AbsenceKind.PAID_LEAVE,
        whole_day=True,
    )
    wishes = tuple(
        Wish(agent=agent, day=tiny_case.first_day, kind=kind, time=at, cost=cost)
        for agent, kind, at, cost in (
            ("A1", WishKind.START_AFTER, time(9, 30), 37),
            ("A1", WishKind.END_BEFORE, time(16), 41),
            ("A3", WishKind.OFF, None, 53),
        )
    )
    contract = tiny_case.contracts[0].model_dump() | {
        "week_minutes": 1555, "max_overtime_minutes_week": 500,
    }  # fmt: skip
    partner = tiny_case.partners[0].model_dump() | {
        "tier_mode": TierMode.ALL_UNITS,
        "tiers": (Tier(from_hours=0, price_per_hour=1307), Tier(from_hours=40, price_per_hour=1211)),
        "certifications": [{"campaign": "service", "productivity": 0.873}, {"campaign": "mail", "productivity": 0.777}],
    }
    return rebuild(
        tiny_case,
        absences=(leave,),
        wishes=wishes,
        contracts=(contract,),
        partners=(partner,),
        agents=[
            agent.model_dump() | {"hourly_cost": agent.hourly_cost + 13, "hourly_base": agent.hourly_base + 13}
            for agent in tiny_case.agents
        ],
        service={"shortage_cost_per_hour": 3001},
        mail={"shortage_cost_per_hour": 2003},
        sales={"shortage_cost_per_hour": 1999},
    )


@pytest.mark.parametrize("seed", range(5))
def test_states_of_the_search_cost_what_their_bill_says(seed, dear_case, usual_work):
    requirement = usual_work(dear_case, 2357)
    problem = compile_problem(dear_case, requirement)
    model = build_model(problem)
    prices = solve_prices(build_relaxation(problem), time_limit=60.0, threads=1)
    random = np.random.default_rng(seed)
    state = construct(model, random.integers(0, 2, len(problem.offers.partner)), prices)
    search, kinds = Search(model, state, prices, random), set()
    for step in range(12):
        costs = bill(dear_case, requirement, shifts_of(problem, state), purchases_of(problem, state))
        assert total_cents(problem, model.items, state) == costs.total_cents
        kinds |= {line.kind for line in costs.lines}
        search.round(step / 12)
        state = search.plan_with_best_activities() if step % 3 == 0 else search.plan()

    assert kinds == {"wages", "overtime", "wishes", "purchase", "shortage"}


@pytest.mark.parametrize("seed", range(5))
def test_lost_contacts_cost_what_the_bill_says(seed, dear_case, usual_work, with_losses):
    random = np.random.default_rng(seed)
    case, requirement = with_losses(dear_case, usual_work(dear_case, 2357), random)
    problem = compile_problem(case, requirement)
    model = build_model(problem)
    prices = solve_prices(build_relaxation(problem), time_limit=60.0, threads=1)
    state = construct(model, random.integers(0, 2, len(problem.offers.partner)), prices)
    search, lost = Search(model, state, prices, random), set()
    for step in range(6):
        costs = bill(case, requirement, shifts_of(problem, state), purchases_of(problem, state))
        assert total_cents(problem, model.items, state) == costs.total_cents
        lost |= {line.cents for line in costs.lines if line.kind == "lost_contacts"}
        search.round(step / 6)
        state = search.plan_with_best_activities() if step % 3 == 0 else search.plan()

    assert len(lost) > 1


@pytest.mark.parametrize("seed", range(5))
def test_plans_of_the_tiny_case_cost_what_their_bill_says(seed, tiny_case, tiny_requirement, plan_of):
    plan, result = plan_of(tiny_case, tiny_requirement, rounds=40, seed=seed)

    assert plan.bill == bill(tiny_case, tiny_requirement, result.shifts, result.purchases)
    assert plan.bill.total_cents == result.cost_cents


@pytest.mark.parametrize("seed", range(24))
def test_holidays_rest_days_nights_and_years_cost_what_the_bill_says(seed, law_case, usual_work):
    """States of the search, and tours drawn at random with their breaks drawn at random, legal or not."""
    case = law_case(seed)
    requirement = usual_work(case, 2500)
    problem = compile_problem(case, requirement)
    model = build_model(problem)
    random = np.random.default_rng(seed)
    state = construct(model, random.integers(0, 2, len(problem.offers.partner)), Prices.free(problem))
    search = Search(model, state, Prices.free(problem), random)
    for step in range(8):
        search.round(step / 8)
        state = search.plan()
        costs = bill(case, requirement, shifts_of(problem, state), purchases_of(problem, state))
        assert total_cents(problem, model.items, state) == costs.total_cents

    for agent in range(problem.agents):
        breaks = random_breaks(problem.options, random)
        tour = random_tour(problem.options, random)
        cents, _ = settle(agent, tour, breaks, problem.options, problem.staff.pay)
        costs = bill(case, requirement, shifts_with(problem, agent, tour, breaks), [])
        assert cents == sum(line.cents for line in costs.lines if line.kind in ("overtime", "holiday"))


def random_breaks(options, random):
    """Any legal place for every break of every option; -1 where there is none."""
    length, earliest, latest = options.breaks.transpose(2, 0, 1)
    places = options.start[:, None] + random.integers(earliest, latest + 1)
    return np.where(length > 0, places, -1)


def random_tour(options, random):
    """A shift on most days, whatever the rest between them."""
    days = len(options.day_first) - 1
    tour = np.array([random.choice(np.flatnonzero(options.day == day)) for day in range(days)], dtype=np.int64)
    return np.where(random.random(len(tour)) < 0.25, -1, tour)


def shifts_with(problem, agent, tour, breaks):
    """The tour as shifts of idle time and breaks."""
    state = empty_state(problem, index_items(problem))
    shifts = []
    for day, option in enumerate(tour):
        if option < 0:
            continue
        first, last = problem.options.start[option], problem.options.end[option]
        state.activity[agent] = ABSENT
        state.activity[agent, first:last] = IDLE
        for pause, (length, _, _) in zip(breaks[option], problem.options.breaks[option], strict=True):
            state.activity[agent, pause : pause + length] = BREAK
        state.tour[:] = -1
        state.tour[agent, day] = option
        shifts += shifts_of(problem, state)
    return shifts
