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
    """A branch; the one of least bound comes first, then the one that came first. `own`: its prices; `done`: whether nothing is
    left to try.
    """

    bound: float
    number: int
    branch: Branch
    own: Priced | None
    done: bool = False


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
    nodes = [_Open(first.bound(whole), next(numbers), whole, first)]

    def put(branch: Branch, least: float, own: Priced | None, *, done: bool = False) -> None:
        known = max(least, *(one.bound(branch) for one in every))
        heapq.heappush(nodes, _Open(known, next(numbers), branch, own, done))

    while left() > 0 and first.purchases.complete and not nodes[0].done:
        lowest, _, branch, own, _ = heapq.heappop(nodes)
        best = max(every, key=lambda one: one.bound(branch))
        if best.bound(branch) > lowest:
            put(branch, lowest, own)
        elif own is None:
            every.append(price(branch))
            put(branch, lowest, every[-1])
        elif children := own.purchases.split(branch, own.hours, least=WORTH * lowest):
            for child in children:
                put(child, lowest, None)
        elif best.purchases.improve(branch):
            put(branch, lowest, own)
        else:
            for part, least, done in _at_last(branch, lowest, own, best, count_shifts):
                put(part, least, own if done else None, done=done)
    # Prices found since a branch was last looked at may prove more of it.
    lowest, branch = min((max(node.bound, *(one.bound(node.branch) for one in every)), node.branch) for node in nodes)
    return lowest, branch, max(every, key=lambda one: one.bound(branch))


def _at_last(
    branch: Branch, lowest: float, own: Priced, best: Priced, count_shifts: Callable[[Branch, Priced], float] | None
) -> list[tuple[Branch, float, bool]]:
    """What becomes of a branch whose prices are as good as they get: its parts, what is proven of each, and whether that is all.
    Where shifts can be counted, they are in parts with straight tariffs.
    """
    if count_shifts is None:
        return [(branch, lowest, True)]
    if parts := own.purchases.split(branch, own.hours, least=-math.inf):
        return [(part, lowest, False) for part in parts]
    return [(branch, max(lowest, count_shifts(branch, best)), True)]
