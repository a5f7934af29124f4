"""The partners' term of the bound: all purchases against prices, exact tariffs included.

Days share nothing but hours per partner (tariffs) and work per campaign (shares). With a price on both they fall apart into
small integer programs (`daybuy`); a linear program over their answers finds those prices, and what convex hulls of tariffs
lose is won back by branching on hours per partner at the starts of tiers (`branches`). Every evaluation bounds every branch.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise, product
from math import gcd
from typing import NamedTuple

import numpy as np

from models.roster.daybuy import DayChoice, DayProgram, choose
from models.roster.lp import NoAnswerError, SparseLp, solve_simplex
from models.roster.problem import Floats, Problem
from models.roster.tariff import tariff
from wfm.partner import Partner
from wfm.requirement import MILLI

EVALUATIONS = 40
"""Evaluations of all days at most at one set of prices; the sample needs a dozen."""

CLOSE = 1e-4
"""A branch whose bound is this near to what its linear program promises, relative, is split rather than priced again."""

SMOOTHING = 0.5
"""Share of the prices that prove most in those that days are evaluated at next: the linear program's own swing (Wentges 1997)."""

DEAR = 10.0
"""Price of a missing hour or agent-slot in the linear program, in terms of the dearest hour: it always has an answer."""

Span = tuple[float, float]
"""Least and most hours of a partner."""

Branch = tuple[Span, ...]
"""All purchases with so many hours of each partner."""


class Evaluation(NamedTuple):
    """At hour and share prices, all days cost at least `cents`."""

    hour_price: Floats
    share_price: Floats
    cents: float


@dataclass(frozen=True, eq=False)
class _Master:
    """What the linear program of a branch says: its value and prices."""

    value: float
    hour_price: Floats
    share_price: Floats


class PurchaseTerm:
    """What is proven of all purchases at prices of half-hours: evaluations and purchases found so far, which branches share."""

    def __init__(self, problem: Problem, programs: list[DayProgram], threads: int) -> None:
        self._problem, self._programs, self._threads = problem, programs, threads
        self._unit = hour_units(problem)
        self._choices: list[list[DayChoice]] = [[] for _ in programs]
        self._evaluations: list[Evaluation] = []
        self.complete = False
        """Whether every program has a purchase, without which there is no linear program."""
        self._smoothing = SMOOTHING

    def improve(self, branch: Branch) -> bool:
        """Evaluate once more where the linear program of a branch promises more than is proven of it; False where it does not,
        or has no answer: it but guides prices, and what is proven stands.
        """
        if not self.complete:
            return False
        try:
            master, before = self._master(branch), self.bound(branch)
        except NoAnswerError:
            return False
        if master.value - before <= CLOSE * abs(master.value) or len(self._evaluations) >= EVALUATIONS:
            return False
        self.evaluate(*self._between(branch, master))
        # Between prices that proved nothing new, only the linear program's own are sure to tell it something.
        self._smoothing = SMOOTHING if self.bound(branch) > before or self._smoothing == 0.0 else 0.0
        return True

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
        self._evaluations.append(Evaluation(hour_price, share_price, sum(cents for cents, _ in answers)))

    def bound(self, branch: Branch) -> float:
        """Best of what the evaluations prove for a branch."""
        return max(self._bounds(branch))

    def _bounds(self, branch: Branch) -> list[float]:
        """What every evaluation proves for a branch."""
        floor, cap = self._problem.partner_work_floor, self._problem.partner_work_cap
        corners = self._corners(branch)
        return [
            cents
            + float(np.where(share_price >= 0, share_price * floor, share_price * cap).sum())
            + sum(
                min(cost - price * hours for hours, cost in points)
                for points, price in zip(corners, hour_price, strict=True)
            )
            for hour_price, share_price, cents in self._evaluations
        ]

    def _between(self, branch: Branch, master: _Master) -> tuple[Floats, Floats]:
        """Hour and share prices between the linear program's and those that prove most for a branch."""
        best = self._evaluations[int(np.argmax(self._bounds(branch)))]
        smoothing = self._smoothing
        return (
            smoothing * best.hour_price + (1 - smoothing) * master.hour_price,
            smoothing * best.share_price + (1 - smoothing) * master.share_price,
        )

    def _corners(self, branch: Branch) -> list[list[tuple[float, float]]]:
        return [corners(*of) for of in zip(self._problem.case.partners, branch, self._unit, strict=True)]

    def _master(self, branch: Branch) -> _Master:
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
        corners = self._corners(branch)
        for row, points in zip(hours, corners, strict=True):
            columns = lp.add_columns(len(points), cost=np.array([cost for _, cost in points]))
            lp.add_entries(lp.add_rows(1, lower=1.0, upper=1.0), columns, 1.0)
            lp.add_entries(row, columns, -np.array([at for at, _ in points]))
        solution = solve_simplex(lp)
        return _Master(
            value=float(np.concatenate(lp.cost) @ solution.primal),
            hour_price=-solution.dual[hours],
            share_price=solution.dual[shares] / MILLI,
        )

    def split(self, branch: Branch, hours: Floats, *, least: float) -> list[Branch]:
        """Two branches at the start of a tier, of those inside, of the partner of whose `hours` the line of `chord_slopes` loses
        most below its tariff; none where that is less than `least` cents, or no tier starts inside.
        """
        partners = self._problem.case.partners
        begin = [max(span[0], partner.min_billed_hours) for partner, span in zip(partners, branch, strict=True)]
        lost = np.array([
            tariff(partner, float(at)) - tariff(partner, first) - slope * max(0.0, at - first)
            for partner, at, first, slope in zip(
                partners, hours, begin, chord_slopes(self._problem, branch), strict=True
            )
        ])  # fmt: skip
        starts_of = [
            [tier.from_hours for tier in partner.tiers if low < tier.from_hours <= high]
            for partner, (low, high) in zip(partners, branch, strict=True)
        ]
        index = max(range(len(partners)), key=lambda one: (bool(starts_of[one]), lost[one]))
        (low, high), starts = branch[index], starts_of[index]
        if lost[index] < least or not starts:
            return []
        start = min(starts, key=lambda at: abs(at - hours[index]))
        unit = self._unit[index]
        below = (np.ceil(start / unit - 1e-9) - 1) * unit
        halves = [(low, float(below)), (start, high)]
        return [(*branch[:index], half, *branch[index + 1 :]) for half in halves if half[0] <= half[1]]


def hour_units(problem: Problem) -> list[float]:
    """Greatest common divisor of the hours of every partner's blocks."""
    offers = problem.offers
    minutes = np.rint(offers.hours * 60).astype(np.int64)
    return [max(1, gcd(*minutes[offers.partner == index].tolist())) / 60 for index in range(len(problem.case.partners))]


def whole_branch(problem: Problem) -> Branch:
    """All purchases there are."""
    return tuple((0.0, float(hours)) for hours in _most_hours(problem))


def straight_branches(problem: Problem) -> list[Branch]:
    """All purchases there are, apart by the tier of every partner; inside each, tariffs bend at the minimum billing alone."""
    spans = []
    for partner, (low, high) in zip(problem.case.partners, whole_branch(problem), strict=True):
        edges = [low, *(tier.from_hours for tier in partner.tiers if low < tier.from_hours < high), high]
        spans.append(list(pairwise(edges)) if high > low else [(low, high)])
    return list(product(*spans))


def _most_hours(problem: Problem) -> Floats:
    """Hours of each partner with all seats in use whenever some block shift is: no purchase has more. Shape (partners,)."""
    offers = problem.offers
    some = np.zeros((len(problem.case.partners), problem.days, problem.slots), dtype=bool)
    for partner, day, first, last in zip(offers.partner, offers.day, offers.first, offers.last, strict=True):
        some[partner, day, first:last] = True
    hours: Floats = (some.sum(axis=2) * offers.seat_cap).sum(axis=1) * (problem.slot_minutes / 60)
    return hours


def corners(partner: Partner, span: Span, unit: float) -> list[tuple[float, float]]:
    """(hours, cents) at which the tariff, less any price per hour, may be least within a span: hours come in whole units, and
    between two neighbours of the starts of tiers and the minimum billing the tariff is straight.
    """
    low, high = span
    bends = np.array([*(tier.from_hours for tier in partner.tiers), partner.min_billed_hours]) / unit
    beside = np.concatenate([np.ceil(bends - 1e-9) - 1, np.ceil(bends - 1e-9)]) * unit
    at = sorted({low, high, *(float(hours) for hours in beside if low < hours < high)})
    return [(hours, tariff(partner, hours)) for hours in at]


def chord_slopes(problem: Problem, branch: Branch) -> Floats:
    """Average price of every partner's hours between the minimum billing, or the begin of the span, and its end, cents."""
    return np.array([_slope(partner, span) for partner, span in zip(problem.case.partners, branch, strict=True)])


def _slope(partner: Partner, span: Span) -> float:
    low, high = max(span[0], partner.min_billed_hours), span[1]
    return (tariff(partner, high) - tariff(partner, low)) / (high - low) if high > low else 0.0
