"""Whose discounts to earn: the prices per hour at which the relaxation buys what is cheapest by the true tariffs.

Tariffs fall from tier to tier, so it pays to buy much from some partners and no more than the minimum from others; a linear
program sees one price per hour of each and spreads purchases over all. From the chords of the tariffs on, every partner is
priced at what its next hour costs at the hours bought, until that is no cheaper: successive linearisation, whose end need not be
the best there is. So partners are then held at their minimum one by one, which is kept where the true cost falls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from models.roster.lp import NoAnswerError
from models.roster.prices import Prices, solve_prices
from models.roster.problem import Floats, Problem
from models.roster.relaxation import Relaxation
from models.roster.tariff import next_hour_cents, tariff
from models.roster.tiers import chord_slopes, straight_branches

TOLERANCE = 1e-3
"""Relative tolerance of the programs in between."""

WORTH = 2e-3
"""Part of the cost that a step must save: less than that, the programs are not exact."""

LARGEST = 700_000
"""Agents x slots beyond which chords are kept: with 1,000 agents searches from chords end 0.2 % cheaper (60 and 200 s), though
the relaxation promises the opposite; with 300 they end 0.75 % dearer.
"""

HELD = 10.0
"""Price of the hours of a partner held at its minimum in terms of the dearest hour: more is bought only where nobody else may."""


@dataclass(frozen=True, eq=False)
class _Purchase:
    """Answer of the relaxation at some hour prices: hours per partner, and cents of all it leaves open at the true tariffs."""

    prices: Prices
    hours: Floats
    cents: float


def earn_discounts(
    problem: Problem, relaxation: Relaxation, prices: Prices, *, left: Callable[[], float], threads: int
) -> tuple[Relaxation, Prices]:
    """The relaxation at the hour prices found, and its answer; `prices` is its answer at the chords.

    `left()` is the time that may still be spent, seconds; an answer that was not there in time counts for nothing.
    """
    partners = problem.case.partners
    large = problem.agents * problem.slots > LARGEST
    if large or left() <= 0 or all(len(partner.tiers) == 1 for partner in partners):
        return relaxation, prices
    dear = HELD * max(tier.price_per_hour for partner in partners for tier in partner.tiers)

    def cheaper(than: _Purchase, hour_prices: Floats) -> _Purchase | None:
        """The purchase at these prices, where it costs less."""
        priced = relaxation.at_hour_prices(hour_prices)
        limit = max(1.0, left())
        answer = solve_prices(priced, warm=than.prices, tolerance=TOLERANCE, time_limit=limit, threads=threads)
        after = _priced(problem, relaxation, answer)
        return after if left() > 0 and after.cents < than.cents * (1 - WORTH) else None

    def settled(purchase: _Purchase) -> _Purchase:
        """Linearise at the hours bought until that is no cheaper."""
        while left() > 0 and (after := cheaper(purchase, _next_hours(problem, purchase.hours))):
            purchase = after
        return purchase

    best = settled(_priced(problem, relaxation, prices))
    tried = np.zeros(len(partners), dtype=bool)
    minimum = np.array([partner.min_billed_hours for partner in partners])
    while left() > 0:
        above = np.flatnonzero(~tried & (best.hours > minimum * (1 + WORTH) + 1))
        if not len(above):
            break
        most = above[np.argmax(best.hours[above])]
        tried[most] = True
        held = _next_hours(problem, best.hours)
        held[most] = dear
        if without := cheaper(best, held):
            best = settled(without)
    return relaxation.at_hour_prices(_next_hours(problem, best.hours)), best.prices


def in_every_tier(
    problem: Problem, relaxation: Relaxation, prices: Prices, *, left: Callable[[], float], threads: int
) -> Iterator[tuple[Relaxation, Prices]]:
    """The relaxation with the hours of every partner held to one of its tiers, and its answer, for all combinations, those of the
    cheapest hours first, until no time is left; at least one, that at the chords (`prices`) where no other has an answer.

    In a plan of one week a single block is some 2 % of the cost: what the relaxation says of discounts is less than its rounding
    costs, so whole plans are compared instead.
    """
    minimum = np.array([partner.min_billed_hours for partner in problem.case.partners], dtype=np.float64)
    answered = False
    for branch in reversed(straight_branches(problem)):
        if answered and left() <= 0:
            return
        within = relaxation.within(minimum, branch).at_hour_prices(chord_slopes(problem, branch))
        try:
            answer = solve_prices(within, time_limit=max(1.0, left()), threads=threads)
        except NoAnswerError:
            continue
        answered = True
        yield within, answer
    if not answered:
        yield relaxation, prices


def _priced(problem: Problem, relaxation: Relaxation, prices: Prices) -> _Purchase:
    partners, offers = problem.case.partners, problem.offers
    hours = np.bincount(offers.partner, weights=prices.blocks * offers.hours, minlength=len(partners)).astype(float)
    assert prices.solution is not None  # noqa: S101 - the relaxation's own answer
    cost, primal = np.concatenate(relaxation.lp.cost) * 100, prices.solution.primal
    cost[relaxation.extra_hours] = 0.0
    billed = sum(tariff(partner, float(of)) for partner, of in zip(partners, hours, strict=True))
    return _Purchase(prices, hours, float(cost @ primal) + billed)


def _next_hours(problem: Problem, hours: Floats) -> Floats:
    """What the next hour of every partner costs, cents."""
    return np.array(
        [next_hour_cents(partner, float(of)) for partner, of in zip(problem.case.partners, hours, strict=True)]
    )
