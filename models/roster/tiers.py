"""The partners' term of the bound: all purchases against prices, exact tariffs included.

Days share nothing but hours per partner (tariffs) and work per campaign (shares). With a price on both they fall apart into
small integer programs (`daybuy`); a linear program over their answers finds those prices, and what convex hulls of tariffs
lose is won back by branching on hours per partner at the starts of tiers. Every evaluation bounds every branch.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import gcd
from typing import NamedTuple

import numpy as np

from models.roster.daybuy import DayChoice, DayProgram, choose
from models.roster.lp import SparseLp, solve_simplex
from models.roster.problem import Floats, Problem
from models.roster.tariff import tariff
from wfm.partner import Partner
from wfm.requirement import MILLI

EVALUATIONS = 40
"""Evaluations of all days at most; the sample needs a dozen."""

CLOSE = 1e-4
"""A branch whose bound is this near to what its linear program promises, relative, is split rather than priced again."""

SMOOTHING = 0.5
"""Share of the prices that prove most in those that days are evaluated at next: the linear program's own swing (Wentges 1997)."""

DEAR = 10.0
"""Price of a missing hour or agent-slot in the linear program, in terms of the dearest hour: it always has an answer."""

START = (1.0, 1.1)
"""First hour prices in terms of the tariffs' chords: one at which much is bought, and one at which little is. Those of the
linear relaxation prove less (300 agents: 0.3 % of the term) and are no better to go on from.
"""

Span = tuple[float, float]


class Evaluation(NamedTuple):
    """At hour and share prices, all days cost at least `cents`."""

    hour_price: Floats
    share_price: Floats
    cents: float


@dataclass(frozen=True, eq=False)
class _Master:
    """What the linear program of a branch says: its value, prices, and hours and cents of every partner."""

    value: float
    hour_price: Floats
    share_price: Floats
    hours: Floats
    cents: Floats


def least_purchases(problem: Problem, programs: list[DayProgram], *, left: Callable[[], float], threads: int) -> float:
    """A proven lower bound, cents, of tariffs plus what purchases leave in their cells, less what else they are worth.

    `left()` is the time that may still be spent, seconds; at least one evaluation is made. -inf where none came to an end.
    """
    partners = problem.case.partners
    search = _Search(problem, programs, threads)
    root = tuple((0.0, float(hours)) for hours in search.most_hours)
    slopes = np.array([_slope(partner, span) for partner, span in zip(partners, root, strict=True)])
    for factor in START:
        if not search.evaluations or left() > 0:
            search.evaluate(factor * slopes, np.zeros(problem.campaigns))
    # Nodes with equal bounds go in the order they came.
    open_nodes = [(search.bound(root), 0, root)]
    smoothing = SMOOTHING
    while len(search.evaluations) < EVALUATIONS and left() > 0 and search.complete:
        lowest, number, node = heapq.heappop(open_nodes)
        master = search.master(node)
        if master.value - lowest <= CLOSE * abs(master.value):
            children = search.split(node, master)
            if not children:
                heapq.heappush(open_nodes, (lowest, number, node))
                break
        else:
            search.evaluate(*search.between(node, master, smoothing))
            children = [node]
            # Between prices that proved nothing new, only the linear program's own are sure to tell it something.
            smoothing = SMOOTHING if search.bound(node) > lowest or smoothing == 0.0 else 0.0
        for child in children:
            number = search.next_number()
            heapq.heappush(open_nodes, (max(lowest, search.bound(child)), number, child))
    return open_nodes[0][0]


class _Search:
    """Evaluations and purchases found so far, which all branches share."""

    def __init__(self, problem: Problem, programs: list[DayProgram], threads: int) -> None:
        offers, partners = problem.offers, problem.case.partners
        self._problem, self._programs, self._threads = problem, programs, threads
        self.most_hours = _most_hours(problem)
        minutes = np.rint(offers.hours * 60).astype(np.int64)
        self._unit = [max(1, gcd(*minutes[offers.partner == index].tolist())) / 60 for index in range(len(partners))]
        self._choices: list[list[DayChoice]] = [[] for _ in programs]
        self.evaluations: list[Evaluation] = []
        self.complete = False
        """Whether every program has a purchase, without which there is no linear program."""
        self._number = 0

    def next_number(self) -> int:
        self._number += 1
        return self._number

    def evaluate(self, hour_price: Floats, share_price: Floats) -> None:
        """Solve all days at these prices and remember what they found."""

        def one(program: DayProgram) -> tuple[float, DayChoice | None]:
            return choose(self._problem, program, hour_price, share_price, time_limit=30.0)

        with ThreadPoolExecutor(self._threads) as pool:
            answers = list(pool.map(one, self._programs))
        for choices, (_, choice) in zip(self._choices, answers, strict=True):
            if choice is not None:
                choices.append(choice)
        self.complete = bool(self._choices) and all(self._choices)
        self.evaluations.append(Evaluation(hour_price, share_price, sum(cents for cents, _ in answers)))

    def bound(self, node: tuple[Span, ...]) -> float:
        """Best of what the evaluations prove for a branch."""
        return max(self._bounds(node))

    def _bounds(self, node: tuple[Span, ...]) -> list[float]:
        """What every evaluation proves for a branch."""
        floor, cap = self._problem.partner_work_floor, self._problem.partner_work_cap
        corners = self._corners(node)
        return [
            cents
            + float(np.where(share_price >= 0, share_price * floor, share_price * cap).sum())
            + sum(
                min(cost - price * hours for hours, cost in points)
                for points, price in zip(corners, hour_price, strict=True)
            )
            for hour_price, share_price, cents in self.evaluations
        ]

    def between(self, node: tuple[Span, ...], master: _Master, smoothing: float) -> tuple[Floats, Floats]:
        """Hour and share prices between the linear program's and those that prove most for a branch."""
        best = self.evaluations[int(np.argmax(self._bounds(node)))]
        return (
            smoothing * best.hour_price + (1 - smoothing) * master.hour_price,
            smoothing * best.share_price + (1 - smoothing) * master.share_price,
        )

    def _corners(self, node: tuple[Span, ...]) -> list[list[tuple[float, float]]]:
        return [_corners(*of) for of in zip(self._problem.case.partners, node, self._unit, strict=True)]

    def master(self, node: tuple[Span, ...]) -> _Master:
        """Combine purchases of every day at the convex hull of each tariff over the branch's hours.

        Work is in agent-slots inside: in thousandths, rows were so uneven that GLOP gave up where much was to be bought.
        """
        problem, partners = self._problem, self._problem.case.partners
        dear = DEAR * max(tier.price_per_hour for partner in partners for tier in partner.tiers)
        lp = SparseLp()
        hours = lp.add_rows(len(partners), lower=0.0, upper=0.0)
        floor, cap = problem.partner_work_floor / MILLI, problem.partner_work_cap / MILLI
        shares = lp.add_rows(problem.campaigns, lower=floor, upper=cap)
        for sign in (1.0, -1.0):
            lp.add_entries(hours, lp.add_columns(len(partners), cost=dear), sign)
            lp.add_entries(shares, lp.add_columns(problem.campaigns, cost=dear), sign)
        for choices in self._choices:
            columns = lp.add_columns(len(choices), cost=np.array([choice.cost for choice in choices]))
            lp.add_entries(lp.add_rows(1, lower=1.0, upper=1.0), columns, 1.0)
            for column, choice in zip(columns, choices, strict=True):
                lp.add_entries(hours, column, choice.hours)
                lp.add_entries(shares, column, choice.work / MILLI)
        corners = self._corners(node)
        billed = []
        for row, points in zip(hours, corners, strict=True):
            columns = lp.add_columns(len(points), cost=np.array([cost for _, cost in points]))
            lp.add_entries(lp.add_rows(1, lower=1.0, upper=1.0), columns, 1.0)
            lp.add_entries(row, columns, -np.array([at for at, _ in points]))
            billed.append(columns)
        solution = solve_simplex(lp)
        mixed = [np.array(points).T @ solution.primal[at] for points, at in zip(corners, billed, strict=True)]
        return _Master(
            value=float(np.concatenate(lp.cost) @ solution.primal),
            hour_price=-solution.dual[hours],
            share_price=solution.dual[shares] / MILLI,
            hours=np.array([at for at, _ in mixed]),
            cents=np.array([cost for _, cost in mixed]),
        )

    def split(self, node: tuple[Span, ...], master: _Master) -> list[tuple[Span, ...]]:
        """Two branches at the start of a tier of the partner whose hull lies lowest below its tariff; none where none does."""
        partners = self._problem.case.partners
        lost = [
            tariff(partner, at) - cost for partner, at, cost in zip(partners, master.hours, master.cents, strict=True)
        ]
        index = int(np.argmax(lost))
        low, high = node[index]
        starts = [tier.from_hours for tier in partners[index].tiers if low < tier.from_hours <= high]
        if lost[index] <= 1.0 or not starts:
            return []
        start = min(starts, key=lambda hours: abs(hours - master.hours[index]))
        unit = self._unit[index]
        below = (np.ceil(start / unit - 1e-9) - 1) * unit
        halves = [(low, float(below)), (start, high)]
        return [(*node[:index], half, *node[index + 1 :]) for half in halves if half[0] <= half[1]]


def _most_hours(problem: Problem) -> Floats:
    """Hours of each partner with all seats in use whenever some block shift is: no purchase has more. Shape (partners,)."""
    offers = problem.offers
    some = np.zeros((len(problem.case.partners), problem.days, problem.slots), dtype=bool)
    for partner, day, first, last in zip(offers.partner, offers.day, offers.first, offers.last, strict=True):
        some[partner, day, first:last] = True
    hours: Floats = (some.sum(axis=2) * offers.seat_cap).sum(axis=1) * (problem.slot_minutes / 60)
    return hours


def _corners(partner: Partner, span: Span, unit: float) -> list[tuple[float, float]]:
    """(hours, cents) at which the tariff, less any price per hour, may be least within a span: hours come in whole units, and
    between two neighbours of the starts of tiers and the minimum billing the tariff is straight.
    """
    low, high = span
    bends = np.array([*(tier.from_hours for tier in partner.tiers), partner.min_billed_hours]) / unit
    beside = np.concatenate([np.ceil(bends - 1e-9) - 1, np.ceil(bends - 1e-9)]) * unit
    at = sorted({low, high, *(float(hours) for hours in beside if low < hours < high)})
    return [(hours, tariff(partner, hours)) for hours in at]


def _slope(partner: Partner, span: Span) -> float:
    """Average price between the minimum billing and the end of a span."""
    low, high = max(span[0], partner.min_billed_hours), span[1]
    return (tariff(partner, high) - tariff(partner, low)) / (high - low) if high > low else 0.0
