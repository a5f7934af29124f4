"""The least of the bounds of branches by hours bought of each partner, each at prices of its own.

Prices at which much is bought of one partner prove little where another sells most, so every branch gets its prices from a
relaxation that keeps to its hours; where that buys hours which the straight line through a tariff prices too low, the branch is
split at the start of a tier. Prices of any branch bound all of them, and the best counts.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from models.roster.problem import Floats
from models.roster.tiers import Branch, PurchaseTerm

WORTH = 1e-4
"""Share of the bound that the line through a tariff must lose for a branch to be split."""

COUNTED = 5e-3
"""About what counting shifts adds to a bound. It takes all the time there is, prices half a second; so branches that lie closer
to the one to be counted get prices of their own first, which often prove that they are far above.
"""


@dataclass(frozen=True, eq=False)
class Priced:
    """Some prices of half-hours: what no plan goes below in all but its purchases, cents; what is proven of those; and hours of
    every partner that the relaxation buys at them.
    """

    others: float
    purchases: PurchaseTerm
    hours: Floats

    def bound(self, branch: Branch) -> float:
        return self.others + self.purchases.bound(branch)


class _Open(NamedTuple):
    """A branch and what is proven of it; the one of least `rank` is worked on next, or the one that came first. `own`: its
    prices; `last`: whether these are as good as they get; `done`: whether nothing is left to try.
    """

    rank: float
    number: int
    bound: float
    branch: Branch
    own: Priced | None
    last: bool
    done: bool


def least_over_branches(
    whole: Branch,
    price: Callable[[Branch], Priced],
    left: Callable[[], float],
    count_shifts: Callable[[Branch, Priced], float] | None = None,
) -> tuple[float, Branch, Priced]:
    """A lower bound, cents, of every plan, the branch where it is least, and the prices that prove most of that.

    `whole`: all purchases there are, priced first whatever `left()` says, the time that may still be spent, seconds. Where shifts
    can be counted, what that proves (`count_shifts`) comes last, of branches in which every tariff is straight.
    """
    first = price(whole)
    every, numbers = [first], count()
    nodes: list[_Open] = []

    def put(branch: Branch, least: float, own: Priced | None, *, last: bool = False, done: bool = False) -> None:
        known = max(least, *(one.bound(branch) for one in every))
        rank = math.inf if done else known * (1 + COUNTED) if last else known
        heapq.heappush(nodes, _Open(rank, next(numbers), known, branch, own, last, done))

    put(whole, first.bound(whole), first)
    while left() > 0 and first.purchases.complete and not min(nodes, key=lambda node: node.bound).done:
        node = heapq.heappop(nodes)
        lowest, branch, own = node.bound, node.branch, node.own
        best = max(every, key=lambda one: one.bound(branch))
        if best.bound(branch) > lowest:
            put(branch, lowest, own, last=node.last)
        elif own is None:
            every.append(price(branch))
            put(branch, lowest, every[-1])
        elif count_shifts and node.last:
            put(branch, max(lowest, count_shifts(branch, best)), own, last=True, done=True)
        else:
            parts = own.purchases.split(branch, own.hours, least=WORTH * lowest)
            if not parts and best.purchases.improve(branch):
                put(branch, lowest, own)
                continue
            if not parts and count_shifts:
                parts = own.purchases.split(branch, own.hours, least=-math.inf)
            for part in parts:
                put(part, lowest, None)
            if not parts:
                put(branch, lowest, own, last=True, done=count_shifts is None)
    # Prices found since a branch was last looked at may prove more of it.
    lowest, branch = min((max(node.bound, *(one.bound(node.branch) for one in every)), node.branch) for node in nodes)
    return lowest, branch, max(every, key=lambda one: one.bound(branch))
