"""The proven lower bound: the Lagrangian of the coverage rows at given prices (docs/formulation.md, "The bound").

For any prices >= 0 the cost of every feasible plan is at least

    wages + sum over agents (least of overtime + holidays + wishes - value of the tour)
    + least of (tariffs - value of the purchases)
    + sum over campaigns (least of shortage + price of the work done)
    - sum of heads prices x max_agents

because the terms only drop the coverage rows, each of which a feasible plan meets. Every "least" is exact: a dynamic program
per agent, an integer program's own dual bound for the partners, a closed form per work item, which knows that capacity comes
in whole agents and blocks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from models.roster.prices import Prices
from models.roster.problem import Bools, Floats, Ints, Problem
from models.roster.purchases import best_against_prices
from models.roster.tours import NEVER, RestTable, best_tour, option_gains


@dataclass(frozen=True, eq=False)
class Bound:
    """`cents`: no plan costs less. The terms, in cents, say where it comes from."""

    cents: int
    wages: float
    tours: float
    purchases: float
    demand: float


def lower_bound(problem: Problem, prices: Prices, rest: RestTable, *, time_limit: float) -> Bound:
    """Evaluate the Lagrangian at `prices`."""
    wages = float(problem.staff.wages_cents.sum())
    tours = -sum(tour_gains(problem, prices, rest))
    purchases, _ = best_against_prices(problem, prices, time_limit=time_limit)
    demand = sum(_least_demand_cost(problem, prices, campaign) for campaign in range(problem.campaigns))
    heads = float((prices.heads * problem.max_heads[:, None]).sum())
    total = wages + tours + purchases + demand - heads
    # Lines of the bill are rounded half up, once per partner and campaign; the integer program is exact to about 1e-6 of its
    # objective, and the float sums err far less than 1e-9 of theirs.
    slack = 0.5 * (len(problem.case.partners) + problem.campaigns) + 1e-6 * abs(purchases) + 1e-9 * abs(total)
    # No line of the bill is negative, so wages alone bound the cost too.
    cents = int(wages) if total - slack < wages else int(np.floor(total - slack))
    return Bound(cents, wages, tours, purchases, demand - heads)


def tour_gains(problem: Problem, prices: Prices, rest: RestTable) -> Floats:
    """Greatest net gain of every agent's tour at the prices, cents. Shape (agents,)."""
    options, staff = problem.options, problem.staff
    gains = np.zeros(problem.agents)
    cache: dict[int, Floats] = {}
    for agent in range(problem.agents):
        group = int(staff.group[agent])
        if group not in cache:
            value = slot_value(problem, prices, group, int(staff.effect[agent]))
            cache[group] = option_gains(value, options)[0]
        gain = np.where(staff.allowed[agent], cache[group] - staff.option_cents[agent], NEVER)
        gains[agent], _ = best_tour(
            gain,
            staff.counted[staff.pay.terms[agent]],
            options,
            rest,
            staff.week_cap[agent, 0],
            staff.least_overtime_cents[agent],
            int(staff.worked_before[agent]),
            int(staff.touched[agent]),
            staff.max_consecutive,
        )
    return gains


def slot_value(problem: Problem, prices: Prices, group: int, effect: int) -> Floats:
    """Most that one agent of a group earns in each slot at the prices, idle included. Shape (slots,)."""
    skills = problem.staff.group_skills[group]
    if not skills.any():
        return np.zeros(problem.slots)
    worth = np.where(problem.open[skills], prices.work[skills] * effect - prices.heads[skills], 0.0)
    best: Floats = np.maximum(worth.max(axis=0), 0.0)
    return best


def _least_demand_cost(problem: Problem, prices: Prices, campaign: int) -> float:
    """Least of shortage and price of the work, item by item.

    An item of one slot that no other item of the campaign shares sees the capacity of that slot alone, a sum of whole agents
    and whole blocks: only such sums count ("lattice"). Otherwise each milli agent-slot is missed or done in its cheapest slot.
    """
    items: Ints = problem.items[campaign]
    shortage = float(problem.shortage_cents[campaign])
    if not len(items):
        return 0.0
    reachable = np.flatnonzero(_reachable(_units(problem, campaign), int(items[:, 2].max())))
    items_in = np.zeros(problem.slots, dtype=np.int64)
    for first, last, _ in items:
        items_in[first:last] += 1
    total = 0.0
    for first, last, work in items:
        inside = prices.work[campaign, first:last][problem.open[campaign, first:last]]
        price = min(shortage, float(inside.min())) if len(inside) else shortage
        if last - first == 1 and items_in[first] == 1:
            above = int(np.searchsorted(reachable, work))
            below = reachable[above] if reachable[above] == work else reachable[above - 1]
            total += min(shortage * (work - below) + price * below, price * reachable[above])
        else:
            total += work * price
    return total


def _units(problem: Problem, campaign: int) -> Ints:
    """Milli agents that one agent, or one block of any partner, puts on a campaign."""
    able = problem.staff.group_skills[problem.staff.group, campaign]
    bought = problem.offers.effect[problem.offers.campaign == campaign]
    units: Ints = np.unique(np.concatenate([problem.staff.effect[able], bought]))
    return units[units > 0]


@njit(cache=True)
def _reachable(units: Ints, most: int) -> Bools:
    """Which amounts of capacity whole units add up to, from 0 to the first multiple of the smallest unit not below `most`."""
    size = most + 1 if len(units) == 0 else -(-most // units[0]) * units[0] + 1
    sums = np.zeros(size, dtype=np.bool_)
    sums[0] = True
    for unit in units:
        for amount in range(unit, size):
            if sums[amount - unit]:
                sums[amount] = True
    if len(units) == 0:
        sums[most] = True
    return sums
