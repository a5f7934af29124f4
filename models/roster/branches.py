"""The least of the bounds of branches by hours bought of each partner, each at prices of its own.

Prices at which much is bought of one partner prove little where another sells most, so every branch gets its prices from a
relaxation that keeps to its hours; where that buys hours which the straight line through a tariff prices too low, the branch is
split at the start of a tier. Prices of any branch bound all of them, and the best counts.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from models.roster.problem import Floats
from models.roster.tiers import Branch, PurchaseTerm

WORTH = 1e-4
"""Share of the bound that the line through a tariff must lose for a branch to be split."""


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
    """A branch still to be sharpened; the one of least bound comes first, then the one that came first. `own`: its prices."""

    bound: float
    number: int
    branch: Branch
    own: Priced | None


def least_over_branches(
    whole: Branch, price: Callable[[Branch], Priced], left: Callable[[], float]
) -> tuple[float, Priced]:
    """A lower bound, cents, of every plan, and the prices that prove it for the branch where it is least.

    `whole`: all purchases there are, priced first whatever `left()` says, the time that may still be spent, seconds.
    """
    first = price(whole)
    every, numbers = [first], count()
    nodes = [_Open(first.bound(whole), next(numbers), whole, first)]

    def put(branch: Branch, least: float, own: Priced | None) -> None:
        known = max(least, *(one.bound(branch) for one in every))
        heapq.heappush(nodes, _Open(known, next(numbers), branch, own))

    while left() > 0 and first.purchases.complete:
        lowest, _, branch, own = nodes[0]
        best = max(every, key=lambda one: one.bound(branch))
        if best.bound(branch) > lowest:
            heapq.heappop(nodes)
            put(branch, lowest, own)
        elif own is None:
            heapq.heappop(nodes)
            every.append(price(branch))
            put(branch, lowest, every[-1])
        elif children := own.purchases.split(branch, own.hours, least=WORTH * lowest):
            heapq.heappop(nodes)
            for child in children:
                put(child, lowest, None)
        elif not best.purchases.improve(branch):
            break
    lowest, _, branch, _ = nodes[0]
    return lowest, max(every, key=lambda one: one.bound(branch))
