"""From prices to a plan, and from a plan to a better one.

`construct` lets agents choose one after another, dear slots first thanks to the prices. `round_of_improvement` takes a few
agents (and sometimes a few blocks) out and puts them back in another order: every agent is always on an exact best tour
against the rest (`tours`).
"""

from __future__ import annotations

import numpy as np

from models.roster.activity import reassign
from models.roster.moves import buy_of_day, clear_agent, recount, respond
from models.roster.objective import purchase_cents
from models.roster.prices import Prices
from models.roster.problem import Floats, Ints, Problem
from models.roster.state import Model, State, empty_state

NEIGHBOURS = 5
"""Most agents taken out at once: measured, more are rarely kept and cost more time."""


def construct(model: Model, blocks: Ints, prices: Prices) -> State:
    """A first plan: blocks given, agents one after another against the prices that the relaxation has with these blocks."""
    problem = model.problem
    state = empty_state(problem, model.items)
    state.blocks[:] = blocks
    recount_all(model, state)
    # Agents with few skills first: those with many can still go where work is left.
    order = np.argsort(problem.staff.group_skills.sum(axis=1)[problem.staff.group], kind="stable")
    for agent in order:
        respond(int(agent), problem.staff, problem.options, model.rest, model.items, state, prices.work)
    reassign(model, state)
    recount_all(model, state)
    return state


def recount_all(model: Model, state: State) -> None:
    """Bring the state's attribution in line with its activities and blocks."""
    problem = model.problem
    recount(problem.staff, problem.offers, problem.open, problem.max_heads, model.items, state)


def round_of_improvement(
    model: Model, state: State, prices: Prices, random: np.random.Generator, *, temperature: float, trade: bool
) -> None:
    """Try one neighbourhood in place; `trade` also moves blocks.

    A change that costs more is kept with probability exp(-extra cents / temperature), as in simulated annealing.
    """
    problem = model.problem
    before, cost = state.saved(), _cost(model, state)
    campaign = int(random.choice(np.flatnonzero(problem.open.any(axis=1))))
    day = int(random.integers(problem.days)) if trade and random.random() < 0.5 else None
    if day is not None:
        _drop_blocks(model, state, day, campaign, random)
    guide = prices.work if random.random() < 0.2 else np.full(problem.open.shape, np.inf)
    agents = _choose_agents(problem, campaign, random)
    for agent in agents:
        clear_agent(int(agent), state)
    for agent in agents:
        respond(int(agent), problem.staff, problem.options, model.rest, model.items, state, guide)
    if day is not None:
        _add_blocks(model, state, day)
    if _cost(model, state) > cost + temperature * random.exponential():
        state.restore(before)


def _cost(model: Model, state: State) -> float:
    """Cents that moves change, by the state's own attribution (never below the true cost)."""
    shortage = float(state.left @ model.items.cents)
    return shortage + int(state.agent_cents.sum()) + purchase_cents(model.problem, state.blocks)


def _choose_agents(problem: Problem, campaign: int, random: np.random.Generator) -> Ints:
    """A few agents able to work one campaign: they are the ones who can swap work."""
    able = np.flatnonzero(problem.staff.group_skills[problem.staff.group, campaign])
    if not len(able):
        able = np.arange(problem.agents)
    count = int(random.integers(1, NEIGHBOURS + 1))
    return random.choice(able, size=min(count, len(able)), replace=False)


def _drop_blocks(model: Model, state: State, day: int, campaign: int, random: np.random.Generator) -> None:
    """Take one or two blocks of a campaign and day out of the plan, unless its minimum share of partners forbids it."""
    offers = model.problem.offers
    bought = np.flatnonzero((offers.day == day) & (offers.campaign == campaign) & (state.blocks > 0))
    of_campaign = offers.campaign == campaign
    for offer in random.choice(bought, size=min(len(bought), int(random.integers(1, 3))), replace=False):
        done = int(offers.work[of_campaign] @ state.blocks[of_campaign])
        if done - offers.work[offer] >= model.problem.partner_work_floor[campaign]:
            state.blocks[offer] -= 1
    recount_all(model, state)


def _add_blocks(model: Model, state: State, day: int) -> None:
    problem, offers = model.problem, model.problem.offers
    bought = np.bincount(offers.campaign, weights=offers.work * state.blocks, minlength=problem.campaigns).astype(
        np.int64
    )
    room = problem.partner_work_cap - bought
    buy_of_day(day, _marginal_prices(problem, state), room, offers, problem.open, model.items, state)


def _marginal_prices(problem: Problem, state: State) -> Floats:
    """Cents per further hour of every partner: what one block of it would add to the bill."""
    offers = problem.offers
    paid = purchase_cents(problem, state.blocks)
    price = np.full(len(problem.case.partners), np.inf)
    partners, first = np.unique(offers.partner, return_index=True)
    for partner, offer in zip(partners, first, strict=True):
        more = state.blocks.copy()
        more[offer] += 1
        price[partner] = (purchase_cents(problem, more) - paid) / offers.hours[offer]
    return price
