"""The proven lower bound: the Lagrangian of the coverage rows at prices for branches (docs/formulation.md, "The bound").

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

from models.roster.branches import Priced, least_over_branches
from models.roster.counting import countable, counted_cents
from models.roster.daybuy import day_programs
from models.roster.lp import NoAnswerError
from models.roster.prices import Prices, solve_prices
from models.roster.problem import Bools, Floats, Ints, Problem
from models.roster.relaxation import build_relaxation
from models.roster.segments import Segment, cells_of, own_lattice, segments_of
from models.roster.tiers import Branch, PurchaseTerm, chord_slopes, whole_branch
from models.roster.tours import NEVER, RestTable, best_tour, option_gains
from models.roster.undone import least_cost

TOLERANCE, FIRST_TOLERANCE = 1e-4, 3e-4
"""Relative tolerance of the programs that find prices, and of the first where it only says how to branch. At 3e-4 prices of hours
are so far off that ten evaluations of the purchases prove less than one does here, in a third of the time (100 agents).
"""


@dataclass(frozen=True, eq=False)
class Bound:
    """`cents`: no plan costs less. The terms, in cents, say where it comes from."""

    cents: int
    wages: float
    tours: float
    purchases: float
    demand: float
    counted: float
    """What counting shifts proves beyond the other terms."""


def wages_alone(problem: Problem) -> Bound:
    """What is known before anything is computed: no line of the bill is negative."""
    wages = int(problem.staff.wages_cents.sum())
    return Bound(wages, float(wages), 0.0, 0.0, 0.0, 0.0)


def prove(problem: Problem, rest: RestTable, *, left: Callable[[], float], threads: int = 1, counting: bool) -> Bound:
    """The bound at prices of the relaxation with rounding cuts, for branches of hours of partners; `left()` is the time that may
    still be spent, seconds. `counting`: whether shifts of a small plan are counted, which takes most of it.
    """
    relaxation = build_relaxation(problem, rounding=True)
    partners = problem.case.partners
    minimum = np.array([partner.min_billed_hours for partner in partners], dtype=np.float64)
    to_branch = whole_branch(problem) if any(len(partner.tiers) > 1 for partner in partners) else None

    first: list[Prices] = []

    def price(branch: Branch) -> Prices:
        # Each begins anew: from the prices of another branch it takes twice as long as presolved (100 agents).
        within = relaxation.within(minimum, branch).at_hour_prices(chord_slopes(problem, branch))
        tolerance = FIRST_TOLERANCE if branch == to_branch else TOLERANCE
        try:
            prices = solve_prices(within, tolerance=tolerance, time_limit=max(1.0, left()), threads=threads)
        except NoAnswerError:
            # Nobody can buy so many hours, or so few. Any prices bound what there is in such a branch.
            prices = first[0]
        if not first:
            first.append(prices)
        return prices

    return lower_bound(problem, price, rest, left=left, threads=threads, counting=counting)


def lower_bound(
    problem: Problem,
    price: Callable[[Branch], Prices],
    rest: RestTable,
    *,
    left: Callable[[], float],
    threads: int = 1,
    counting: bool = False,
) -> Bound:
    """Evaluate the Lagrangian at prices for branches of hours of partners, any prices >= 0; `left()` is the time that may still
    be spent, seconds. `counting`: as in `prove`.
    """
    offers, partners = problem.offers, problem.case.partners
    wages = float(problem.staff.wages_cents.sum())
    segments = segments_of(problem)
    terms: dict[Priced, tuple[Prices, float, float]] = {}

    def priced(branch: Branch) -> Priced:
        at = price(branch)
        tours, demand = -tour_gains(problem, at, rest).sum(), _demand(problem, at, segments)
        purchases = PurchaseTerm(problem, day_programs(problem, at, segments), threads)
        purchases.evaluate(at.hours, at.shares)
        hours = np.bincount(offers.partner, weights=at.blocks * offers.hours, minlength=len(partners))
        found = Priced(wages + tours + demand, purchases, hours.astype(np.float64))
        terms[found] = at, float(tours), demand
        return found

    def counted(branch: Branch, best: Priced) -> float:
        return counted_cents(problem, branch, terms[best][0], segments, time_limit=max(1.0, left()))

    total, branch, deciding = least_over_branches(
        whole_branch(problem), priced, left, counted if counting and countable(problem) else None
    )
    _, tours, demand = terms[deciding]
    purchases = deciding.purchases.bound(branch)
    # Of sums in another order: what differs by less than a thousandth of a cent is nothing.
    beyond = round(total - wages - tours - demand - purchases, 3)
    # Lines of the bill are rounded half up, once per partner and, for shortage and for lost contacts, per campaign; the integer
    # programs are exact to about 1e-6 of their rows, and the float sums err far less than 1e-9 of theirs.
    kinds = 2 if problem.undone.lost.any() else 1
    slack = 0.5 * (len(partners) + kinds * problem.campaigns) + 1e-6 * abs(purchases) + 1e-9 * abs(total)
    # No line of the bill is negative, so wages alone bound the cost too.
    cents = int(wages) if total - slack < wages else int(np.floor(total - slack))
    return Bound(cents, wages, tours, purchases, demand, beyond)


def _demand(problem: Problem, prices: Prices, segments: list[Segment]) -> float:
    """Least of what is undone and the price of what is done outside `segments`, less what room under max_agents is worth."""
    tabulated = np.zeros(problem.open.shape, dtype=bool)
    for segment in segments:
        tabulated[segment.campaign, segment.slots] = True
    work = sum(_least_demand_cost(problem, prices, q, tabulated[q]) for q in range(problem.campaigns))
    return work - float((prices.heads * problem.max_heads[:, None]).sum())


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
