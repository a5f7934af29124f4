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

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.roster.daybuy import day_programs
from models.roster.prices import Prices
from models.roster.problem import Bools, Floats, Ints, Problem
from models.roster.segments import cells_of, own_lattice, segments_of
from models.roster.tiers import least_purchases
from models.roster.tours import NEVER, RestTable, best_tour, option_gains
from models.roster.undone import least_cost


@dataclass(frozen=True, eq=False)
class Bound:
    """`cents`: no plan costs less. The terms, in cents, say where it comes from."""

    cents: int
    wages: float
    tours: float
    purchases: float
    demand: float


def wages_alone(problem: Problem) -> Bound:
    """What is known before anything is computed: no line of the bill is negative."""
    wages = int(problem.staff.wages_cents.sum())
    return Bound(wages, float(wages), 0.0, 0.0, 0.0)


def lower_bound(
    problem: Problem, prices: Prices, rest: RestTable, *, left: Callable[[], float], threads: int = 1
) -> Bound:
    """Evaluate the Lagrangian at `prices`; `left()` is the time that may still be spent on the purchases, seconds."""
    wages = float(problem.staff.wages_cents.sum())
    tours = -sum(tour_gains(problem, prices, rest))
    segments = segments_of(problem)
    tabulated = np.zeros(problem.open.shape, dtype=bool)
    for segment in segments:
        tabulated[segment.campaign, segment.slots] = True
    purchases = least_purchases(problem, day_programs(problem, prices, segments), left=left, threads=threads)
    demand = sum(_least_demand_cost(problem, prices, q, tabulated[q]) for q in range(problem.campaigns))
    heads = float((prices.heads * problem.max_heads[:, None]).sum())
    total = wages + tours + purchases + demand - heads
    # Lines of the bill are rounded half up, once per partner and, for shortage and for lost contacts, per campaign; the integer
    # program is exact to about 1e-6 of its objective, and the float sums err far less than 1e-9 of theirs.
    kinds = 2 if problem.undone.lost.any() else 1
    slack = 0.5 * (len(problem.case.partners) + kinds * problem.campaigns) + 1e-6 * abs(purchases) + 1e-9 * abs(total)
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


def _least_demand_cost(problem: Problem, prices: Prices, campaign: int, tabulated: Bools) -> float:
    """Least of what is undone and the price of what is done, item by item, but for the cells the purchase term has `tabulated`.

    Such a cell that no offer covers sees whole agents alone. Of other items each milli agent-slot is left undone or done in its
    cheapest slot.
    """
    items: Ints = problem.items[campaign]
    if not len(items):
        return 0.0
    lattice, cells = own_lattice(problem, campaign, int(items[:, 2].max())), cells_of(problem, campaign)
    undone, alone = problem.undone, np.flatnonzero((cells >= 0) & ~tabulated)
    left = problem.work[cells[alone]][None, :]
    total = float(least_cost(left, cells[alone], prices.work[campaign, alone], lattice, undone).sum())
    for number, (first, last, _) in zip(problem.item_numbers(campaign), items, strict=True):
        if last - first == 1 and cells[first] >= 0:
            continue
        inside = prices.work[campaign, first:last][problem.open[campaign, first:last]]
        pieces = slice(undone.first[number], undone.first[number + 1])
        total += float(undone.work[pieces] @ np.minimum(undone.cents[pieces], inside.min(initial=np.inf)))
    return total
