"""What a branch costs at least where shifts are counted: one integer program over all of a short plan.

In the Lagrangian no two terms share a variable, so half-hours ask for agents whom no tour sends, and blocks for agents who are
elsewhere. Here everything holds at once, in whole numbers: how many agents of one kind take every shift and break, who of them
works on what, what is bought and left undone. Only who is who is forgotten, and with it the rest between two shifts: fewer
rules than a plan has, so the solver's dual bound bounds every plan of the branch (docs/formulation.md, "Counting"). What cells
cost with whole agents and blocks at the prices of the relaxation enters as rows: without them the program begins far below what
the Lagrangian proves.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations_with_replacement
from math import comb

import numpy as np

from models.roster.daybuy import add_segment
from models.roster.hull import hull
from models.roster.lp import SparseLp, dual_bound
from models.roster.prices import Prices
from models.roster.problem import Bools, Floats, Ints, Problem
from models.roster.relaxation import (
    add_demand,
    add_head_caps,
    add_purchase_rules,
    link,
    open_slots_of_offers,
    placements,
)
from models.roster.rounding import add_rounding_cuts
from models.roster.segments import Segment, cells_of, own_lattice
from models.roster.tiers import Branch, corners, hour_units
from models.roster.undone import least_cost
from wfm.requirement import MILLI

LARGEST = 12_000
"""Columns of the largest program that is solved (8,500 with 20 agents and one week). The first linear programs of a larger one
take all the time there is.
"""

MOST_WEEKS = 2_000
"""Most combinations of the lengths of one week's shifts; an agent with more of them is held to the hours of the week alone."""

NODES = 20
"""Branch-and-bound nodes of one program. Its first takes most of the time and proves most: with 20 agents 36 s go by before the
twentieth.
"""

MOST_SECONDS = 30.0
"""Most time of one program, seconds: it proves next to nothing after, and whoever says stop waits for it."""

ACCURACY = 1e-5
"""Part of what a program proves that is not relied on: SCIP keeps to its rows within 1e-6 each."""

CENTS = 100.0
"""Costs are in currency units inside, and work in agents, for scaling."""


@dataclass(frozen=True, eq=False)
class _Own:
    """Columns that count agents of one kind on a campaign in a slot: each stands for `effect` milli agents."""

    campaign: Ints
    slot: Ints
    effect: Ints
    column: Ints


@dataclass(frozen=True, eq=False)
class _Alike:
    """One of the agents of a mass whose weeks have the same limits and prices. `length`, `cents` of each kind of shift: slots
    that count in the week, -1 where it may not be taken, and what it costs by itself at least.
    """

    length: Ints
    cents: Ints
    cap: Ints
    overtime: Ints
    worked_before: int


def countable(problem: Problem) -> bool:
    """Whether the program is small enough to prove something."""
    columns = 0
    for skills, members in _masses(problem):
        usable = np.flatnonzero(problem.staff.allowed[members].any(axis=0))
        if skills.any() and len(usable):
            columns += len(placements(problem, usable, every=True)[0]) + int(problem.open[skills].sum())
        if columns > LARGEST:
            return False
    return True


def counted_cents(
    problem: Problem, branch: Branch, prices: Prices, segments: list[Segment], *, time_limit: float
) -> float:
    """What no plan with the branch's hours of partners goes below, cents, proven within the time limit, seconds; -inf where
    nothing is.
    """
    lp, offers = SparseLp(), problem.offers
    work_row, missing, pieces = add_demand(lp, problem, unit_cents=CENTS)
    head_row = add_head_caps(lp, problem)
    own = _add_agents(lp, problem)
    blocks = lp.add_integers(len(offers.partner), most=offers.most.astype(float))
    add_purchase_rules(lp, problem, blocks)
    owed = _add_tariffs(lp, problem, branch, blocks)
    which, slots = open_slots_of_offers(problem)
    cut_row = add_rounding_cuts(lp, problem, (which, slots), blocks)
    on_own = (own.campaign, own.slot, own.column)
    bought = (offers.campaign[which], slots, blocks[which])
    link(lp, work_row, *on_own, own.effect / MILLI)
    link(lp, cut_row, *on_own, own.effect / MILLI)
    link(lp, head_row, *on_own, np.ones(len(own.column)))
    link(lp, work_row, *bought, offers.effect[which] / MILLI)
    link(lp, head_row, *bought, offers.seats[which].astype(float))
    link(lp, cut_row, *missing, np.ones(len(missing[0])))
    _add_cells(lp, problem, prices, segments, own, pieces, blocks)
    proven = dual_bound(lp, time_limit=min(time_limit, MOST_SECONDS), nodes=NODES) * CENTS + owed
    return float(problem.staff.wages_cents.sum()) + proven - ACCURACY * abs(proven)


def _masses(problem: Problem) -> list[tuple[Bools, Ints]]:
    """(skills, agents) of every distinct set of skills and effect."""
    staff = problem.staff
    keys = np.column_stack([staff.group_skills[staff.group], staff.effect])
    _, mass = np.unique(keys, axis=0, return_inverse=True)
    groups = (np.flatnonzero(mass.ravel() == index) for index in range(int(mass.max(initial=-1)) + 1))
    return [(staff.group_skills[staff.group[members[0]]], members) for members in groups]


def _add_agents(lp: SparseLp, problem: Problem) -> _Own:
    """Shifts of every mass, counted, and who of those at work is on which campaign."""
    nothing = np.zeros(0, dtype=np.int64)
    parts = [(nothing, nothing, nothing, nothing)]
    options, staff = problem.options, problem.staff
    for skills, members in _masses(problem):
        usable = np.flatnonzero(staff.allowed[members].any(axis=0))
        if not skills.any() or not len(usable):
            continue
        option, works = placements(problem, usable, every=True)
        shifts = lp.add_integers(len(option), most=staff.allowed[np.ix_(members, option)].sum(axis=0).astype(float))
        _add_weeks(lp, problem, members, option, shifts)
        shape, at = np.nonzero(works)
        slot = options.start[option[shape]] + at
        row_of = np.full(problem.slots, -1, dtype=np.int64)
        used = np.unique(slot)
        row_of[used] = lp.add_rows(len(used), upper=0.0)
        lp.add_entries(row_of[slot], shifts[shape], -1.0)
        for q in np.flatnonzero(skills):
            slots = np.flatnonzero(problem.open[q] & (row_of >= 0))
            columns = lp.add_integers(len(slots), most=float(len(members)))
            lp.add_entries(row_of[slots], columns, 1.0)
            effect = np.full(len(slots), staff.effect[members[0]])
            parts.append((np.full(len(slots), q), slots, effect, columns))
    return _Own(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _add_weeks(lp: SparseLp, problem: Problem, members: Ints, option: Ints, shifts: Ints) -> None:
    """Shifts of a mass are shifts of its agents, who are alike but for limits, wishes and absences. `option` of every column."""
    options, staff = problem.options, problem.staff
    terms, of_member = np.unique(staff.pay.terms[members], return_inverse=True)
    counted = staff.counted[terms]
    keys = np.column_stack([options.day[option], counted[:, option].T])
    kinds, kind = np.unique(keys, axis=0, return_inverse=True)
    kind = kind.ravel()
    rows = lp.add_rows(len(kinds), lower=0.0, upper=0.0)
    lp.add_entries(rows[kind], shifts, -1.0)
    alike: dict[tuple[object, ...], list[_Alike]] = defaultdict(list)
    for agent, term in zip(members, of_member.ravel(), strict=True):
        allowed = staff.allowed[agent, option]
        cents = np.full(len(kinds), np.iinfo(np.int64).max)
        np.minimum.at(cents, kind[allowed], staff.option_cents[agent, option[allowed]])
        able = np.zeros(len(kinds), dtype=bool)
        able[kind[allowed]] = True
        one = _Alike(
            length=np.where(able, kinds[:, 1 + term], -1),
            cents=np.where(able, cents, 0),
            cap=staff.week_cap[agent, 0],
            overtime=staff.least_overtime_cents[agent],
            worked_before=min(int(staff.worked_before[agent]), staff.max_consecutive),
        )
        key = (*(part.tobytes() for part in (one.length, one.cents, one.cap, one.overtime)), one.worked_before)
        alike[key].append(one)
    for ones in alike.values():
        _add_alike(lp, problem, ones[0], len(ones), kinds[:, 0], rows)


def _add_alike(lp: SparseLp, problem: Problem, one: _Alike, number: int, day_of_kind: Ints, rows: Ints) -> None:
    """So many agents alike: a shift a day at most, days in a row, hours and overtime of every week."""
    able = np.flatnonzero(one.length >= 0)
    day, length = day_of_kind[able], one.length[able]
    shifts = lp.add_integers(len(able), cost=one.cents[able] / CENTS, most=float(number))
    lp.add_entries(rows[able], shifts, 1.0)
    most = problem.staff.max_consecutive
    for first in range(-one.worked_before, problem.days - most):
        inside = (first <= day) & (day <= first + most)
        days = most + min(first, 0)
        lp.add_entries(lp.add_rows(1, upper=float(days * number)), shifts[inside], 1.0)
    for today in np.unique(day):
        lp.add_entries(lp.add_rows(1, upper=float(number)), shifts[day == today], 1.0)
    for week in range(problem.weeks):
        inside = day // 7 == week
        days = len(np.unique(day[inside]))
        at_most = days - days // (most + 1)
        _add_hours(lp, shifts[inside], length[inside], int(one.cap[week]), one.overtime[week], number, at_most)


def _add_hours(lp: SparseLp, shifts: Ints, length: Ints, cap: int, overtime: Ints, number: int, most_days: int) -> None:
    """Hours of one week of agents alike, as whole combinations of shift lengths: 96 slots hold five shifts of 18, not 5.3. Only
    those that could not be longer for the same overtime are asked for, as every other week is below one of them.
    """
    lengths = [int(value) for value in np.unique(length) if value > 0]
    if comb(len(lengths) + most_days, most_days) > MOST_WEEKS:
        lp.add_entries(lp.add_rows(1, upper=float(cap * number)), shifts, length.astype(float))
        return
    weeks = [
        week
        for days in range(most_days + 1)
        for week in combinations_with_replacement(lengths, days)
        if sum(week) <= cap
    ]
    inside = set(weeks)

    def could_be_longer(week: tuple[int, ...]) -> bool:
        longer = [tuple(sorted((*week, more))) for more in lengths] if len(week) < most_days else []
        for place, old in enumerate(week):
            more = next((value for value in lengths if value > old), None)
            if more is not None:
                longer.append(tuple(sorted((*week[:place], more, *week[place + 1 :]))))
        return any(other in inside and overtime[sum(other)] <= overtime[sum(week)] for other in longer)

    longest = [week for week in weeks if not could_be_longer(week)]
    cost = np.array([overtime[sum(week)] for week in longest]) / CENTS
    chosen = lp.add_integers(len(longest), cost=cost, most=float(number))
    lp.add_entries(lp.add_rows(1, upper=float(number)), chosen, 1.0)
    for least in lengths:
        row = lp.add_rows(1, upper=0.0)
        lp.add_entries(row, shifts[length >= least], 1.0)
        lp.add_entries(row, chosen, -np.array([sum(value >= least for value in week) for week in longest], dtype=float))


def _add_tariffs(lp: SparseLp, problem: Problem, branch: Branch, blocks: Ints) -> float:
    """Hours of every partner inside its span, at the convex hull of its tariff there. Returns cents of the first hours."""
    offers, owed = problem.offers, 0.0
    for index, (partner, span, unit) in enumerate(zip(problem.case.partners, branch, hour_units(problem), strict=True)):
        hours, cents = np.array(corners(partner, span, unit)).T
        edges = hull(hours, cents)
        hours, cents = hours[edges], cents[edges]
        width = np.diff(hours)
        more = lp.add_columns(len(width), cost=np.diff(cents) / width / CENTS, most=width)
        mine = offers.partner == index
        row = lp.add_rows(1, lower=hours[0], upper=hours[0])
        lp.add_entries(row, blocks[mine], offers.hours[mine])
        lp.add_entries(row, more, -1.0)
        owed += float(cents[0])
    return owed


def _add_cells(
    lp: SparseLp,
    problem: Problem,
    prices: Prices,
    segments: list[Segment],
    own: _Own,
    pieces: Ints,
    blocks: Ints,
) -> None:
    """In cells, what is undone and what own agents do cost at least what whole agents and blocks make of it, at the prices."""
    undone = problem.undone

    def put(row: Ints, campaign: int, slots: Ints, items: Ints) -> None:
        for slot, item in zip(slots, items, strict=True):
            of_item = slice(undone.first[item], undone.first[item + 1])
            lp.add_entries(row, pieces[of_item], undone.cents[of_item] * MILLI / CENTS)
            here = (own.campaign == campaign) & (own.slot == slot)
            lp.add_entries(row, own.column[here], prices.work[campaign, slot] * own.effect[here] / CENTS)

    for campaign, items in enumerate(problem.items):
        if not len(items):
            continue
        lattice, alone = own_lattice(problem, campaign, int(items[:, 2].max())), cells_of(problem, campaign)
        column = dict(enumerate(blocks.tolist()))
        for segment in (one for one in segments if one.campaign == campaign):
            row = lp.add_rows(1, lower=0.0)
            columns, cents = add_segment(lp, problem, prices, segment, lattice, column)
            lp.add_entries(row, columns, -cents / CENTS)
            put(row, campaign, segment.slots, segment.items)
            alone[segment.slots] = -1
        for slot in np.flatnonzero(alone >= 0):
            item = alone[slot : slot + 1]
            price: Floats = prices.work[campaign, slot : slot + 1]
            least = least_cost(problem.work[item][None, :], item, price, lattice, undone)
            put(lp.add_rows(1, lower=least[0] / CENTS), campaign, np.array([slot]), item)
