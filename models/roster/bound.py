"""The proven lower bound: the Lagrangian of the coverage rows at given prices (docs/formulation.md, "The bound").

For any prices >= 0 the cost of every feasible plan is at least

    wages + sum over agents (least of overtime + wishes - value of the tour)
    + least of (tariffs - value of the purchases)
    + sum over campaigns (least of shortage + price of the work done)
    - sum of heads prices x max_agents

because the terms only drop the coverage rows, each of which a feasible plan meets. Every "least" is exact: a dynamic program
per agent, an integer program's own dual bound for the partners, a closed form per work item.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.roster.lp import Floats
from models.roster.prices import Prices
from models.roster.problem import Ints, Problem
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
    with_cap = problem.max_heads < 10**6
    heads = float((prices.heads[with_cap] * problem.max_heads[with_cap, None]).sum())
    total = wages + tours + purchases + demand - heads
    # Lines of the bill are rounded half up, once per partner and campaign; float sums err far less than 1e-9 of them.
    slack = 0.5 * (len(problem.case.partners) + problem.campaigns) + 1e-9 * abs(total)
    known = max(total, wages)
    return Bound(int(np.floor(known - slack)) if total > wages else int(wages), wages, tours, purchases, demand - heads)


def tour_gains(problem: Problem, prices: Prices, rest: RestTable) -> Floats:
    """Greatest net gain of every agent's tour at the prices, cents. Shape (agents,)."""
    options, staff = problem.options, problem.staff
    gains = np.zeros(problem.agents)
    cache: dict[int, Floats] = {}
    for agent in range(problem.agents):
        group = int(staff.group[agent])
        if group not in cache:
            value = slot_value(problem, prices, group, int(staff.effect[agent]))
            cache[group], _ = option_gains(value, options.pattern, options.start, options.end, options.breaks)
        gain = np.where(staff.allowed[agent], cache[group] - staff.wish_cost[agent], NEVER)
        gains[agent], _ = best_tour(
            gain,
            options.day_first,
            options.effective,
            rest.start_class,
            rest.next_class,
            rest.classes,
            staff.week_cap[agent],
            staff.overtime_cents[agent],
            int(staff.worked_before[agent]),
            staff.max_consecutive,
        )
    return gains


def slot_value(problem: Problem, prices: Prices, group: int, effect: int) -> Floats:
    """Most that one agent of a group earns in each slot at the prices, idle included. Shape (slots,)."""
    skills = problem.staff.group_skills[group]
    if not skills.any():
        return np.zeros(problem.slots)
    worth = np.where(problem.open[skills], prices.work[skills] * effect - prices.heads[skills], 0.0)
    return np.maximum(worth.max(axis=0), 0.0)


def _least_demand_cost(problem: Problem, prices: Prices, campaign: int) -> float:
    """Least of shortage and price of the work, item by item: each milli agent-slot is missed or done in its cheapest slot."""
    items: Ints = problem.items[campaign]
    shortage = float(problem.shortage_cents[campaign])
    total = 0.0
    for first, last, work in items:
        inside = prices.work[campaign, first:last][problem.open[campaign, first:last]]
        total += work * min(shortage, float(inside.min()) if len(inside) else shortage)
    return total
