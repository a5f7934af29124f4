"""The linear relaxation over shift shapes, in which whole rosters and purchases are proportions (docs/formulation.md, "Prices").

Agents of the same skills are one mass; shifts are counted, not assigned. The relaxation is loose about rest, consecutive days,
single contracts and short breaks, which is harmless: its duals are only *candidate* prices, and `bound` evaluates them
exactly. Cumulative (implicit) shift counts make a smaller program that PDLP needs 20 times as many iterations for: measured.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from models.roster.lp import SparseLp
from models.roster.problem import NO_CAP, Bools, Floats, Ints, Problem
from models.roster.rounding import add_rounding_cuts
from models.roster.tariff import chord_cents_per_hour
from wfm.requirement import MILLI


@dataclass(frozen=True, eq=False)
class Relaxation:
    """The linear program and where its parts stand: assignment columns with their (campaign, slot, effect in milli agents),
    block columns per offer, a column per partner of hours beyond the minimum billed and the row that counts them; rows of shares
    per campaign; rows of work, of rounding cuts and of heads per (campaign, slot), -1 where there is none.
    """

    lp: SparseLp
    assign: Ints
    assign_campaign: Ints
    assign_slot: Ints
    assign_effect: Floats
    blocks: Ints
    extra_hours: Ints
    hour_row: Ints
    share_row: Ints
    work_row: Ints
    cut_row: Ints
    head_row: Ints
    open: Bools

    def at_hour_prices(self, cents: Floats) -> Relaxation:
        """The same with other prices, cents, of an hour beyond the minimum billed. Shape (partners,)."""
        cost = np.concatenate(self.lp.cost)
        cost[self.extra_hours] = cents / 100
        return replace(self, lp=replace(self.lp, cost=[cost]))

    def within(self, minimum: Floats, spans: tuple[tuple[float, float], ...]) -> Relaxation:
        """The same with the hours of every partner inside its span; `minimum`: those billed anyway. Beyond the larger of that and
        the least of the span, hours are extra. Shape (partners,).
        """
        low, high = np.array(spans).reshape(-1, 2).T
        held = low > minimum
        lower, upper, most = (np.concatenate(of) for of in (self.lp.lower, self.lp.upper, self.lp.most))
        lower[self.hour_row] = np.where(held, low, -np.inf)
        upper[self.hour_row] = np.where(held, low, np.minimum(minimum, high))
        most[self.extra_hours] = np.maximum(0.0, high - np.maximum(low, minimum))
        return replace(self, lp=replace(self.lp, lower=[lower], upper=[upper], most=[most]))


def build_relaxation(problem: Problem, *, rounding: bool = False) -> Relaxation:
    """Assemble the relaxation, with rounding cuts at its end where told (`rounding`); costs are in currency units and work in
    agents inside, for scaling.
    """
    lp = SparseLp()
    masses = _masses(problem)
    work_row, missing, _ = add_demand(lp, problem, unit_cents=100.0)
    head_row = add_head_caps(lp, problem)
    nothing = np.zeros(0, dtype=np.int64)
    campaign, slot, effect, assign = [nothing], [nothing], [np.zeros(0)], [nothing]
    for skills, members in masses:
        present = _add_shifts(lp, problem, members) if skills.any() else np.full(problem.slots, -1)
        for q in np.flatnonzero(skills):
            slots = np.flatnonzero(problem.open[q] & (present >= 0))
            columns = lp.add_columns(len(slots))
            lp.add_entries(present[slots], columns, 1.0)
            campaign.append(np.full(len(slots), q))
            slot.append(slots)
            effect.append(np.full(len(slots), problem.staff.effect[members].mean()))
            assign.append(columns)
    blocks, extra_hours, hour_row, share_row = _add_offers(lp, problem)
    relaxation = Relaxation(
        lp=lp,
        assign=np.concatenate(assign),
        assign_campaign=np.concatenate(campaign),
        assign_slot=np.concatenate(slot),
        assign_effect=np.concatenate(effect),
        blocks=blocks,
        extra_hours=extra_hours,
        hour_row=hour_row,
        share_row=share_row,
        work_row=work_row,
        cut_row=np.full(problem.open.shape, -1, dtype=np.int64),
        head_row=head_row,
        open=problem.open,
    )
    own = (relaxation.assign_campaign, relaxation.assign_slot, relaxation.assign)
    link(lp, work_row, *own, relaxation.assign_effect / MILLI)
    link(lp, head_row, *own, np.ones(len(relaxation.assign)))
    offers = problem.offers
    which, slots = open_slots_of_offers(problem)
    bought = (offers.campaign[which], slots, relaxation.blocks[which])
    link(lp, work_row, *bought, offers.effect[which] / MILLI)
    link(lp, head_row, *bought, offers.seats[which].astype(float))
    if rounding:
        relaxation.cut_row[...] = add_rounding_cuts(lp, problem, (which, slots), relaxation.blocks)
        link(lp, relaxation.cut_row, *own, relaxation.assign_effect / MILLI)
        link(lp, relaxation.cut_row, *missing, np.ones(len(missing[0])))
    return relaxation


def _masses(problem: Problem) -> list[tuple[Bools, Ints]]:
    """(skills, agents) of every distinct skill set, whatever the contract."""
    _, mass = np.unique(problem.staff.group_skills, axis=0, return_inverse=True)
    of_agent = mass.ravel()[problem.staff.group]
    return [
        (problem.staff.group_skills[problem.staff.group[members[0]]], members)
        for members in (np.flatnonzero(of_agent == index) for index in np.unique(of_agent))
    ]


def _add_shifts(lp: SparseLp, problem: Problem, members: Ints) -> Ints:
    """Shifts of one mass of agents, one column per option and break placement. Returns the row of every slot, -1 where
    nobody can be at work: sum of assignments <= agents at work.
    """
    options, staff = problem.options, problem.staff
    allowed = staff.allowed[members]
    row_of = np.full(problem.slots, -1, dtype=np.int64)
    usable = np.flatnonzero(allowed.any(axis=0))
    if not len(usable):
        return row_of
    option, slots = placements(problem, usable)
    shifts = lp.add_columns(len(option), cost=_own_cost(problem, members)[option])
    day = options.day[option]
    on_day = [
        allowed[:, a:b].any(axis=1).sum() for a, b in zip(options.day_first[:-1], options.day_first[1:], strict=True)
    ]
    lp.add_entries(lp.add_rows(problem.days, upper=np.array(on_day, dtype=float))[day], shifts, 1.0)
    free, over, rate = _week_hours(problem, members)
    hours = lp.add_rows(problem.weeks, upper=free)
    counted = staff.counted[staff.pay.terms[members]].mean(axis=0)
    lp.add_entries(hours[day // 7], shifts, counted[option])
    lp.add_entries(hours, lp.add_columns(problem.weeks, cost=rate, most=over), -1.0)
    shape, at = np.nonzero(slots)
    start = options.start[option[shape]] + at
    used = np.unique(start)
    row_of[used] = lp.add_rows(len(used), upper=0.0)
    lp.add_entries(row_of[start], shifts[shape], -1.0)
    return row_of


def _own_cost(problem: Problem, members: Ints) -> Floats:
    """Currency that each option costs by itself (holidays, rest days, long days), averaged over those who may take it."""
    staff = problem.staff
    able = staff.allowed[members]
    cents = np.where(able, staff.option_cents[members] - staff.wish_cost[members], 0).sum(axis=0)
    cost: Floats = cents / np.maximum(able.sum(axis=0), 1) / 100
    return cost


def placements(problem: Problem, usable: Ints, *, every: bool = False) -> tuple[Ints, Bools]:
    """Break placements of every usable option: `every` one there is, or the longest break anywhere in its window and the others
    in the middle of theirs.

    Returns (option of each shape, whether the shape works k slots after its start).
    """
    options = problem.options
    length = options.end[usable] - options.start[usable]
    keys = np.column_stack([length, options.breaks[usable].reshape(len(usable), -1)])
    kinds, kind = np.unique(keys, axis=0, return_inverse=True)
    rows: list[Bools] = []
    of_kind: list[range] = []
    for presence, *windows in kinds:
        first, breaks = len(rows), [(taken, *window) for taken, *window in np.array(windows).reshape(-1, 3) if taken]
        main = max(range(len(breaks)), key=lambda index: breaks[index][0], default=0)
        begins = [
            range(earliest, latest + 1) if every or index == main else ((earliest + latest) // 2,)
            for index, (_, earliest, latest) in enumerate(breaks)
        ]
        for chosen in product(*begins):
            works = np.arange(int(length.max())) < presence
            for (taken, _, _), begin in zip(breaks, chosen, strict=True):
                works[begin : begin + taken] = False
            rows.append(works)
        of_kind.append(range(first, len(rows)))
    pairs = [(option, row) for option, of in zip(usable, kind.ravel(), strict=True) for row in of_kind[of]]
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], np.array(rows, dtype=bool)[table[:, 1]]


def _week_hours(problem: Problem, members: Ints) -> tuple[Floats, Floats, Floats]:
    """Per week: effective slots free of overtime, slots of overtime allowed, currency per slot of overtime."""
    staff = problem.staff
    free, over, rate = np.zeros(problem.weeks), np.zeros(problem.weeks), np.zeros(problem.weeks)
    for week in range(problem.weeks):
        cap = staff.week_cap[members, 0, week]
        table = staff.overtime_cents[members, week]
        unpaid = np.minimum((table == 0).sum(axis=1) - 1, cap)
        cents = table[np.arange(len(members)), cap]
        free[week], over[week] = unpaid.sum(), (cap - unpaid).sum()
        rate[week] = cents.sum() / max(1, (cap - unpaid).sum()) / 100
    return free, over, rate


def _add_offers(lp: SparseLp, problem: Problem) -> tuple[Ints, Ints, Ints, Ints]:
    """Blocks bought: free up to the minimum billing, which is owed anyway, then at the slope of the tariff's chord; seats
    in use and shares bound them. Returns the columns of blocks, those of hours beyond the minimum, and the rows that count
    hours and those of shares.
    """
    offers, partners = problem.offers, problem.case.partners
    blocks = lp.add_columns(len(offers.partner), most=offers.most.astype(float))
    largest = np.bincount(offers.partner, weights=offers.most * offers.hours, minlength=len(partners))
    slope = [
        chord_cents_per_hour(partner, float(hours)) / 100 for partner, hours in zip(partners, largest, strict=True)
    ]
    minimum = lp.add_rows(len(partners), upper=np.array([partner.min_billed_hours for partner in partners]))
    lp.add_entries(minimum[offers.partner], blocks, offers.hours)
    extra_hours = lp.add_columns(len(partners), cost=np.array(slope))
    lp.add_entries(minimum, extra_hours, -1.0)
    return blocks, extra_hours, minimum, add_purchase_rules(lp, problem, blocks)


def add_purchase_rules(lp: SparseLp, problem: Problem, blocks: Ints) -> Ints:
    """Seats in use on every partner and moment, max_agents of campaigns, and the shares that partners may and must have, whose
    rows are returned. Shape (campaigns,).
    """
    offers = problem.offers
    add_seat_rules(lp, problem, np.arange(len(offers.partner)), blocks)
    floor, cap = problem.partner_work_floor / MILLI, problem.partner_work_cap / MILLI
    shares = lp.add_rows(problem.campaigns, lower=floor, upper=cap)
    lp.add_entries(shares[offers.campaign], blocks, offers.work / MILLI)
    return shares


def add_seat_rules(lp: SparseLp, problem: Problem, mine: Ints, blocks: Ints) -> None:
    """Seats in use on every partner and moment, and max_agents of campaigns, of the offers `mine` with columns `blocks`."""
    offers = problem.offers
    partners, days, starts = offers.partner[mine], offers.day[mine], offers.first[mine]
    for partner, day, first in sorted(set(zip(partners, days, starts, strict=True))):
        using = (partners == partner) & (days == day) & (starts <= first) & (first < offers.last[mine])
        row = lp.add_rows(1, upper=float(offers.seat_cap[partner, day]))
        lp.add_entries(row, blocks[using], offers.seats[mine[using]].astype(float))
    column = np.full(len(offers.partner), -1, dtype=np.int64)
    column[mine] = blocks
    which, slots = open_slots_of_offers(problem)
    campaign = offers.campaign[which]
    capped = (problem.max_heads[campaign] < NO_CAP) & (column[which] >= 0)
    cells, row = np.unique(campaign[capped] * problem.slots + slots[capped], return_inverse=True)
    rows = lp.add_rows(len(cells), upper=problem.max_heads[cells // problem.slots].astype(float))
    lp.add_entries(rows[row], column[which[capped]], offers.seats[which[capped]].astype(float))


def open_slots_of_offers(problem: Problem) -> tuple[Ints, Ints]:
    """(offer, slot) of every open slot inside an offer's block shift."""
    offers = problem.offers
    pairs = [
        (index, slot)
        for index, (campaign, first, last) in enumerate(zip(offers.campaign, offers.first, offers.last, strict=True))
        for slot in range(first, last)
        if problem.open[campaign, slot]
    ]
    array = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return array[:, 0], array[:, 1]


def add_demand(lp: SparseLp, problem: Problem, unit_cents: float) -> tuple[Ints, tuple[Ints, Ints, Ints], Ints]:
    """Rows of work to be done; what is left undone fills them at the prices of its pieces. Returns the row that capacity on
    (campaign, slot) feeds, shape (campaigns, slots), -1 where there is none; (campaign, first slot, column) of every piece of
    the work asked for, which is missing where it is undone; and the columns of all pieces, shape (pieces,).
    """
    row_of = np.full(problem.open.shape, -1, dtype=np.int64)
    undone = problem.undone
    nothing = np.zeros(0, dtype=np.int64)
    asked, of_pieces = [(nothing, nothing, nothing)], np.zeros(len(undone.work), dtype=np.int64)
    for q, items in enumerate(problem.items):
        if not len(items):
            continue
        numbers = problem.item_numbers(q)
        pieces = np.arange(undone.first[numbers[0]], undone.first[numbers[-1] + 1])
        item = np.repeat(numbers, undone.first[numbers + 1] - undone.first[numbers])
        rows = lp.add_rows(len(items), lower=items[:, 2] / MILLI)
        most = undone.work[pieces] / MILLI
        # Nobody leaves more undone than there is; a bound that is met exactly had GLOP's presolve call the program infeasible.
        most[undone.first[numbers + 1] - 1 - pieces[0]] = np.inf
        missing = lp.add_columns(len(pieces), cost=undone.cents[pieces] * MILLI / unit_cents, most=most)
        lp.add_entries(rows[item - numbers[0]], missing, 1.0)
        of_pieces[pieces] = missing
        short = undone.asked[pieces]
        begins = items[item - numbers[0], 0]
        asked.append((np.full(short.sum(), q), begins[short], missing[short]))
        if (items[1:, 0] >= items[:-1, 1]).all():
            for row, (first, last, _) in zip(rows, items, strict=True):
                row_of[q, first:last] = row
        else:
            capacity = lp.add_rows(problem.slots, lower=0.0)
            row_of[q] = capacity
            for row, (first, last, _) in zip(rows, items, strict=True):
                slots = first + np.flatnonzero(problem.open[q, first:last])
                done = lp.add_columns(len(slots))
                lp.add_entries(np.broadcast_to(row, len(slots)), done, 1.0)
                lp.add_entries(capacity[slots], done, -1.0)
    row_of[~problem.open] = -1
    campaign, slot, column = (np.concatenate(part) for part in zip(*asked, strict=True))
    return row_of, (campaign, slot, column), of_pieces


def add_head_caps(lp: SparseLp, problem: Problem) -> Ints:
    """Rows of max_agents, where the case sets it. Shape (campaigns, slots), -1 where there is none."""
    row_of = np.full(problem.open.shape, -1, dtype=np.int64)
    for q, campaign in enumerate(problem.case.campaigns):
        if campaign.max_agents is not None:
            slots = np.flatnonzero(problem.open[q])
            row_of[q, slots] = lp.add_rows(len(slots), upper=float(campaign.max_agents))
    return row_of


def link(lp: SparseLp, row_of: Ints, campaign: Ints, slot: Ints, column: Ints, value: NDArray[np.float64]) -> None:
    """Enter columns into the rows of their (campaign, slot), where there is one."""
    rows = row_of[campaign, slot]
    linked = rows >= 0
    lp.add_entries(rows[linked], column[linked], value[linked])
