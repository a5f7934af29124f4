"""From prices to a plan, and from a plan to a better one.

`construct` lets agents choose one after another, dear slots first thanks to the prices. `improve` takes a few agents (and sometimes a few blocks) out and puts them back in another order, keeping
whatever does not cost more: every agent is always on an exact best tour against the rest (`tours`).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from models.roster.activity import masses, reassign
from models.roster.capacity import left_after_purchases
from models.roster.lp import Floats
from models.roster.objective import purchase_cents, total_cents
from models.roster.prices import Prices
from models.roster.problem import Ints, Problem
from models.roster.purchases import buy
from models.roster.state import ABSENT, BREAK, Items, Model, State, clear_agent, empty_state, respond

NEIGHBOURS = 8
"""Most agents taken out at once: measured, more are rarely kept and cost more time."""


def construct(model: Model, blocks: Ints, prices: Prices) -> State:
    """A first plan: blocks given, agents one after another against the prices that the relaxation has with these blocks."""
    problem, items = model.problem, model.items
    state = empty_state(problem, items)
    state.blocks[:] = blocks
    state.left[:], state.heads[:] = left_after_purchases(problem, items, blocks)
    # Agents with few skills first: those with many can still go where work is left.
    order = np.argsort(problem.staff.group_skills.sum(axis=1)[problem.staff.group], kind="stable")
    for agent in order:
        respond(model, state, int(agent), prices.work)
    reassign(model, state)
    recount(model, state)
    return state


def rebuy(model: Model, state: State, *, time_limit: float, seed: int) -> None:
    """Cheapest purchases for the present rosters, in place; activities follow."""
    problem = model.problem
    skills, effects, of_agent = masses(problem)
    working = (state.activity != ABSENT) & (state.activity != BREAK)
    supply = np.zeros((len(skills), problem.slots))
    np.add.at(supply, of_agent, working.astype(float))
    blocks = buy(problem, supply, skills, effects, time_limit=time_limit, gap=1e-4, seed=seed)
    if blocks is None:
        return
    before, cost = state.copy(), total_cents(problem, model.items, state)
    state.blocks[:] = blocks
    reassign(model, state)
    recount(model, state)
    if total_cents(problem, model.items, state) > cost:
        restore(state, before)


def round_of_improvement(
    model: Model, state: State, prices: Prices, random: np.random.Generator, *, temperature: float, trade: bool
) -> None:
    """Try one neighbourhood in place; `trade` also moves blocks.

    A change that costs more is kept with probability exp(-extra cents / temperature), as in simulated annealing.
    """
    problem, items = model.problem, model.items
    before, cost = state.copy(), _cost(problem, items, state)
    campaign = int(random.choice(np.flatnonzero(problem.open.any(axis=1))))
    if trade and random.random() < 0.5:
        day = int(random.integers(problem.days))
        _drop_blocks(model, state, day, campaign, random)
    else:
        day = -1
    guide = prices.work if random.random() < 0.2 else np.full(problem.open.shape, np.inf)
    agents = _choose_agents(problem, campaign, random)
    for agent in agents:
        clear_agent(agent, state.activity, state.served, state.amount, state.left, state.heads)
    for agent in agents:
        respond(model, state, int(agent), guide)
    if day >= 0:
        _add_blocks(model, state, day)
    if _cost(problem, items, state) > cost + temperature * random.exponential():
        restore(state, before)


def restore(state: State, saved: State) -> None:
    """Put every array of a state back."""
    for name, array in vars(saved).items():
        getattr(state, name)[...] = array


def recount(model: Model, state: State) -> None:
    """Serve purchases first and agents after them, keeping activities: what blocks changed shows in `left` again."""
    state.left[:], state.heads[:] = left_after_purchases(model.problem, model.items, state.blocks)
    _recount_agents(
        model.problem.staff.effect, state.activity, state.served, state.amount, state.left, state.heads, model.items.low, model.items.high
    )


@njit(cache=True, nogil=True)
def _recount_agents(
    effect: Ints, activity: Ints, served: Ints, amount: Ints, left: Ints, heads: Ints, low: Ints, high: Ints
) -> None:
    for t in range(activity.shape[1]):
        for a in range(activity.shape[0]):
            q = activity[a, t]
            if q < 0:
                continue
            heads[q, t] -= 1
            served[a, t] = low[q, t]
            amount[a, t] = 0
            for i in range(low[q, t], high[q, t]):
                if left[i] > 0:
                    served[a, t] = i
                    amount[a, t] = min(effect[a], left[i])
                    left[i] -= amount[a, t]
                    break


def _cost(problem: Problem, items: Items, state: State) -> float:
    """Cents that moves change, by the state's own attribution (never below the true cost)."""
    return float(state.left @ items.cents) + int(state.agent_cents.sum()) + purchase_cents(problem, state.blocks)


def _choose_agents(problem: Problem, campaign: int, random: np.random.Generator) -> Ints:
    """A few agents able to work one campaign: they are the ones who can swap work."""
    able = np.flatnonzero(problem.staff.group_skills[problem.staff.group, campaign])
    if not len(able):
        able = np.arange(problem.agents)
    count = int(random.integers(1, NEIGHBOURS + 1))
    return random.choice(able, size=min(count, len(able)), replace=False)


def _drop_blocks(model: Model, state: State, day: int, campaign: int, random: np.random.Generator) -> None:
    """Take one or two blocks of a campaign and day out of the plan."""
    offers = model.problem.offers
    bought = np.flatnonzero((offers.day == day) & (offers.campaign == campaign) & (state.blocks > 0))
    for offer in random.choice(bought, size=min(len(bought), int(random.integers(1, 3))), replace=False):
        state.blocks[offer] -= 1
    recount(model, state)


def _add_blocks(model: Model, state: State, day: int) -> None:
    """Buy blocks of a day one by one while each saves more shortage than it costs; seats and shares hold."""
    problem, items, offers = model.problem, model.items, model.problem.offers
    of_day = np.flatnonzero(offers.day == day)
    for _ in range(20):
        best, best_offer = 1e-6, -1
        paid = purchase_cents(problem, state.blocks)
        price = np.zeros(len(problem.case.partners))
        for offer in of_day:
            saved = _saving(offer, offers.campaign, offers.first, offers.last, offers.effect, state.left, items.low, items.high, items.cents)
            if saved <= best or not _fits(problem, state, int(offer)):
                continue
            partner = offers.partner[offer]
            if price[partner] == 0:
                state.blocks[offer] += 1
                price[partner] = (purchase_cents(problem, state.blocks) - paid) / offers.hours[offer]
                state.blocks[offer] -= 1
            gain = saved - price[partner] * offers.hours[offer]
            if gain > best:
                best, best_offer = gain, int(offer)
        if best_offer < 0:
            return
        state.blocks[best_offer] += 1
        recount(model, state)


@njit(cache=True, nogil=True)
def _saving(
    offer: int, campaign: Ints, first: Ints, last: Ints, effect: Ints, left: Ints, low: Ints, high: Ints, cents: Floats
) -> float:
    """Shortage that one more block of an offer would save, cents."""
    total, q = 0.0, campaign[offer]
    for t in range(first[offer], last[offer]):
        for i in range(low[q, t], high[q, t]):
            if left[i] > 0:
                total += min(effect[offer], left[i]) * cents[i]
                break
    return total


def _fits(problem: Problem, state: State, offer: int) -> bool:
    """Whether one more block stays within the seats of its partner, the share of partners and max_agents."""
    offers = problem.offers
    partner, day, campaign = offers.partner[offer], offers.day[offer], offers.campaign[offer]
    same = (offers.partner == partner) & (offers.day == day)
    for slot in range(offers.first[offer], offers.last[offer]):
        using = same & (offers.first <= slot) & (slot < offers.last)
        if (state.blocks[using] * offers.seats[using]).sum() + offers.seats[offer] > problem.offers.seat_cap[partner, day]:
            return False
        if problem.open[campaign, slot] and state.heads[campaign, slot] < offers.seats[offer]:
            return False
    return _share_fits(problem, state, offer)


def _share_fits(problem: Problem, state: State, offer: int) -> bool:
    offers = problem.offers
    campaign = offers.campaign[offer]
    own = np.flatnonzero((offers.campaign == campaign) & (state.blocks > 0))
    open_slots = np.concatenate([np.zeros(1, dtype=np.int64), problem.open[campaign].cumsum()])

    def work(k: Ints | int) -> Ints:
        return (open_slots[offers.last[k]] - open_slots[offers.first[k]]) * offers.effect[k]

    return bool((work(own) * state.blocks[own]).sum() + work(offer) <= problem.partner_work_cap[campaign])
