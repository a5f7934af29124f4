"""Purchases of one day at given prices, exactly: the parts into which a program over all purchases falls once hours and shares
have a price.

Blocks are integers; cells of inbound work are seen through the tables of `segments` and the lines of `hull`, all other work at
its price.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.roster.hull import lines_below
from models.roster.lp import SparseLp, solve_mip
from models.roster.prices import Prices
from models.roster.problem import Floats, Ints, Problem
from models.roster.relaxation import add_seat_rules, open_slots_of_offers
from models.roster.segments import Segment, own_lattice
from models.roster.undone import least_cost

NODES = 2000
"""Branch-and-bound nodes of one program: most need one, and a day of the sample takes 0.05 s."""


@dataclass(frozen=True, eq=False)
class DayProgram:
    """Offers that overlap in time, directly or through others, with the segments they cover. `cost`: of every column, without
    the price of hours and shares.
    """

    offers: Ints
    blocks: Ints
    lp: SparseLp
    cost: Floats


@dataclass(frozen=True, eq=False)
class DayChoice:
    """Blocks of a program's offers, what they cost without hours and shares, their billed hours per partner and their work,
    milli agent-slots, per campaign.
    """

    blocks: Ints
    cost: float
    hours: Floats
    work: Floats


def day_programs(problem: Problem, prices: Prices, segments: list[Segment]) -> list[DayProgram]:
    """All purchases, in parts that share neither seats nor cells."""
    part, worth = _parts(problem), _worth_outside(problem, prices, segments)
    lattices = {
        q: own_lattice(problem, q, max(int(s.left.max()) for s in segments if s.campaign == q))
        for q in {segment.campaign for segment in segments}
    }
    of_part: dict[int, list[Segment]] = {}
    for segment in segments:
        of_part.setdefault(int(part[segment.groups[0][0]]), []).append(segment)
    programs = []
    for index in range(int(part.max(initial=-1)) + 1):
        mine = np.flatnonzero(part == index)
        lp = SparseLp()
        blocks = lp.add_integers(len(mine), cost=-worth[mine], most=problem.offers.most[mine].astype(float))
        add_seat_rules(lp, problem, mine, blocks)
        column = dict(zip(mine.tolist(), blocks.tolist(), strict=True))
        added = [
            add_segment(lp, problem, prices, segment, lattices[segment.campaign], column)
            for segment in of_part.get(index, [])
        ]
        cost = np.concatenate(lp.cost)
        for columns, cents in added:
            cost[columns] = cents
        programs.append(DayProgram(mine, blocks, lp, cost))
    return programs


def _parts(problem: Problem) -> Ints:
    """Number of the part that each offer belongs to: offers apart in time share nothing."""
    offers = problem.offers
    part = np.zeros(len(offers.partner), dtype=np.int64)
    until, number = -1, -1
    for k in np.argsort(offers.first, kind="stable"):
        if offers.first[k] >= until:
            number += 1
        until = max(until, int(offers.last[k]))
        part[k] = number
    return part


def _worth_outside(problem: Problem, prices: Prices, segments: list[Segment]) -> Floats:
    """Cents that one block of each offer is worth by prices: in all its open slots but the cells of segments, less heads."""
    tabulated = np.zeros(problem.open.shape, dtype=bool)
    for segment in segments:
        tabulated[segment.campaign, segment.slots] = True
    offers = problem.offers
    which, slots = open_slots_of_offers(problem)
    campaign = offers.campaign[which]
    work = np.where(tabulated[campaign, slots], 0.0, prices.work[campaign, slots])
    worth = work * offers.effect[which] - prices.heads[campaign, slots] * offers.seats[which]
    return np.bincount(which, weights=worth, minlength=len(offers.partner)).astype(np.float64)


def add_segment(
    lp: SparseLp, problem: Problem, prices: Prices, segment: Segment, lattice: Ints, column: dict[int, int]
) -> tuple[Ints, Floats]:
    """A convex combination of the segment's vectors that blocks allow; where offers of different effect count together, at least
    what the capacity of all of them leaves. `column`: of every offer. Returns columns that cost nothing by themselves, and the
    cents of each, whose sum is what is left undone or done by own agents.
    """
    price = prices.work[segment.campaign, segment.slots]
    cents = least_cost(segment.left, segment.items, price, lattice, problem.undone).sum(axis=1)
    parts = lp.add_columns(len(cents))
    lp.add_entries(lp.add_rows(1, lower=1.0, upper=1.0), parts, 1.0)
    rows = lp.add_rows(len(segment.groups), lower=0.0)
    for row, members in zip(rows, segment.groups, strict=True):
        lp.add_entries(row, np.array([column[int(k)] for k in members]), 1.0)
    vector, group = np.nonzero(segment.vectors)
    lp.add_entries(rows[group], parts[vector], -segment.vectors[vector, group].astype(float))
    effect = problem.offers.effect
    if all(len(np.unique(effect[members])) == 1 for members in segment.groups):
        return parts, cents
    none, fall = lines_below(problem, segment, price, lattice)
    members = np.concatenate(segment.groups)
    lines, more = lp.add_rows(len(none), lower=none)[:, None], lp.add_columns(1)
    lp.add_entries(lines, more, 1.0)
    lp.add_entries(lines, parts, cents)
    lp.add_entries(lines, np.array([column[int(k)] for k in members]), fall[:, None] * effect[members])
    return np.append(parts, more), np.append(cents, 1.0)


def choose(
    problem: Problem, program: DayProgram, hour_price: Floats, share_price: Floats, *, time_limit: float
) -> tuple[float, DayChoice | None]:
    """Least cost with hours at a price per partner, less work of campaigns at a price. Returns a proven lower bound in cents and
    the best purchase found, if any.
    """
    offers, mine = problem.offers, program.offers
    cost = program.cost.copy()
    cost[program.blocks] += (
        hour_price[offers.partner[mine]] * offers.hours[mine] - share_price[offers.campaign[mine]] * offers.work[mine]
    )
    solution = solve_mip(program.lp, time_limit=time_limit, gap=1e-5, nodes=NODES, cost=cost)
    if solution.primal is None:
        return solution.bound, None
    blocks = np.rint(solution.primal[program.blocks]).astype(np.int64)
    choice = DayChoice(
        blocks=blocks,
        cost=float(program.cost @ solution.primal),
        hours=_sums(offers.partner[mine], blocks * offers.hours[mine], len(problem.case.partners)),
        work=_sums(offers.campaign[mine], blocks * offers.work[mine], problem.campaigns),
    )
    return solution.bound, choice


def _sums(index: Ints, amount: Floats | Ints, count: int) -> Floats:
    return np.bincount(index, weights=amount, minlength=count).astype(np.float64)
