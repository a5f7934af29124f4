"""The optimiser's cost of a solution is the bill's, to the cent, on solutions of every kind."""

from __future__ import annotations

from datetime import UTC, datetime, time

import numpy as np
import pytest

from models.roster.compile import compile_problem
from models.roster.extract import purchases_of, shifts_of
from models.roster.improve import construct, round_of_improvement
from models.roster.objective import total_cents
from models.roster.prices import build_relaxation, solve_prices
from models.roster.state import build_model
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
    kinds = set()
    for _ in range(12):
        costs = bill(dear_case, requirement, shifts_of(problem, state), purchases_of(problem, state))
        assert total_cents(problem, model.items, state) == costs.total_cents
        kinds |= {line.kind for line in costs.lines}
        round_of_improvement(model, state, prices, random, temperature=300.0, trade=True)

    assert kinds == {"wages", "overtime", "wishes", "purchase", "shortage"}


@pytest.mark.parametrize("seed", range(5))
def test_plans_of_the_tiny_case_cost_what_their_bill_says(seed, tiny_case, tiny_requirement, plan_of):
    plan, result = plan_of(tiny_case, tiny_requirement, rounds=40, seed=seed)

    assert plan.bill == bill(tiny_case, tiny_requirement, result.shifts, result.purchases)
    assert plan.bill.total_cents == result.cost_cents
