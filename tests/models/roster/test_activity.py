"""Who works on what: never dearer than before, never against a rule, and best of all where that can be listed."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from models.roster.activity import reassign
from models.roster.compile import compile_problem
from models.roster.construct import construct
from models.roster.objective import purchase_cents, total_cents
from models.roster.prices import solve_prices
from models.roster.relaxation import build_relaxation
from models.roster.state import BREAK, build_model


def start(case, requirement, blocks=0):
    """A model and the state that the search starts from, with so many blocks of every offer."""
    problem = compile_problem(case, requirement)
    model = build_model(problem)
    prices = solve_prices(build_relaxation(problem), time_limit=60.0, threads=1)
    return model, construct(model, np.full(len(problem.offers.partner), blocks), prices)


def heads_of(problem, state):
    count = np.zeros(problem.open.shape, dtype=np.int64)
    agent, slot = np.nonzero(state.activity >= 0)
    np.add.at(count, (state.activity[agent, slot], slot), 1)
    for k, blocks in enumerate(state.blocks):
        count[problem.offers.campaign[k], problem.offers.first[k] : problem.offers.last[k]] += (
            blocks * problem.offers.seats[k]
        )
    return count * problem.open


def scramble(problem, state, random):
    """Everybody at work on any open campaign of their skills, or on none, within max_agents."""
    room = problem.max_heads[:, None] - heads_of(problem, state)
    for agent, slot in zip(*np.nonzero(state.activity > BREAK), strict=True):
        skills = problem.staff.group_skills[problem.staff.group[agent]]
        able = [-1, *(q for q in np.flatnonzero(skills & problem.open[:, slot]) if room[q, slot] > 0)]
        before, state.activity[agent, slot] = state.activity[agent, slot], random.choice(able)
        for campaign, change in ((before, 1), (state.activity[agent, slot], -1)):
            if campaign >= 0:
                room[campaign, slot] += change


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("max_agents", [None, 1, 2])
def test_it_never_costs_more_and_breaks_no_rule(seed, max_agents, tiny_case, usual_work, rebuild):
    blocks = 0 if max_agents == 1 else 1
    case = rebuild(tiny_case, service={"max_agents": max_agents})
    model, state = start(case, usual_work(case, 900 + 400 * seed), blocks)
    problem = model.problem
    tours, absent = state.tour.copy(), state.activity <= BREAK
    scramble(problem, state, np.random.default_rng(seed))
    before = total_cents(problem, model.items, state)

    reassign(model, state)

    assert total_cents(problem, model.items, state) <= before
    assert (heads_of(problem, state) <= problem.max_heads[:, None]).all()
    for agent, slot in zip(*np.nonzero(state.activity >= 0), strict=True):
        campaign = state.activity[agent, slot]
        assert problem.staff.group_skills[problem.staff.group[agent], campaign]
        assert problem.open[campaign, slot]
    assert (state.tour == tours).all()
    assert ((state.activity <= BREAK) == absent).all()


@pytest.mark.parametrize("lossy", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_it_finds_the_best_of_all_assignments(seed, lossy, tiny_case, require, rebuild, with_losses):
    """One slot after another can be listed when every item has one slot: three agents on up to three campaigns."""
    random = np.random.default_rng(seed)
    rates = random.integers(1000, 6000, size=2)
    agents = [
        agent.model_dump() | {"skills": {name: 1 for name in ("life", "sales") if random.random() < 0.8}}
        for agent in tiny_case.agents
    ]
    case = rebuild(
        tiny_case, agents=agents, service={"shortage_cost_per_hour": int(rates[0]), "max_agents": [None, 1][seed % 2]},
        mail={"shortage_cost_per_hour": int(rates[1])},
    )  # fmt: skip
    slots = range(20, 24)
    requirement = require(
        case,
        **{name: [(t, t + 1, int(random.integers(0, 2800))) for t in slots] for name in ("service", "sales", "mail")},
    )
    if lossy:
        case, requirement = with_losses(case, requirement, random)
    losses = requirement.campaigns[0].losses.by_slot() if lossy else {}
    asked = [[item.work for item in entry.items] for entry in requirement.campaigns]
    model, state = start(case, requirement)
    problem = model.problem

    reassign(model, state)

    cost = total_cents(problem, model.items, state)
    best = 0.0
    for slot in slots:
        there = np.flatnonzero(state.activity[:, slot] > BREAK)
        work = np.array([items[slot - 20] for items in asked])
        options = [
            [-1, *np.flatnonzero(problem.staff.group_skills[problem.staff.group[a]] & problem.open[:, slot])]
            for a in there
        ]
        shortages = []
        for doing in product(*options):
            heads = np.array([sum(d == q for d in doing) for q in range(3)])
            if (heads <= problem.max_heads).all():
                lost = sum(c / 1000 * max(0, b - max(a, 900 * heads[0])) for a, b, c in losses.get(slot, []))
                shortages.append(np.maximum(0, work - 900 * heads) @ problem.shortage_cents + lost)
        best += min(shortages)
    shortage = cost - problem.staff.wages_cents.sum() - state.agent_cents.sum() - purchase_cents(problem, state.blocks)
    # The bill rounds four lines once each.
    assert shortage == pytest.approx(best, abs=2.0)
