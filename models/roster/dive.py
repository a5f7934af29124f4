"""Whole blocks while rosters are still fluid: the purchases are decided in the relaxation, where own agents can adapt to them.

Searching over rosters with purchases fixed, or over purchases with rosters fixed, leaves about a fifth too much bought on
a 100-agent case: a block only pays for itself when agents make room for it. So blocks are fixed a part at a time, those
nearest to whole numbers first, and the relaxation is solved again in between.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from models.roster.prices import Prices, solve_prices
from models.roster.problem import Ints, Problem
from models.roster.purchases import nearest_blocks
from models.roster.relaxation import Relaxation

TOLERANCE = 5e-4
"""Relative tolerance of the programs in between. The search goes by the prices of the last one: at 2e-3, or with those of the one
before it, plans of 100 agents end up to 0.1 and 0.2 % dearer (seeds 1 to 3, 60 s).
"""

ROUNDING_SECONDS = 20.0
"""Least time for the last rounding, whatever the limit: without it there is no plan at all."""

PASSES = 2
"""Partial fixings. Six take longer (sample: 15 s against 9 s) and their first plan is no cheaper (30.6 against 30.4 million
cents; S: 1.96 against 1.95), because the search trades blocks itself. One leaves the search a worse start on S.
"""


def whole_blocks(
    problem: Problem,
    relaxation: Relaxation,
    prices: Prices,
    *,
    left: Callable[[], float],
    threads: int,
) -> tuple[Ints, Prices]:
    """Blocks per offer, and the relaxation's answer with them fixed; some purchase must satisfy seats and shares.

    `left()` is the time that may still be spent, seconds.
    """
    count = len(problem.offers.partner)
    least, most = np.zeros(count), problem.offers.most.astype(float)
    fixed = np.zeros(count, dtype=bool)
    for remaining in range(PASSES, 0, -1):
        if left() <= 0:
            break
        bought = np.flatnonzero(~fixed & (prices.blocks > 0.05))
        distance = np.abs(prices.blocks[bought] - np.rint(prices.blocks[bought]))
        nearest = bought[np.argsort(distance, kind="stable")[: -(-len(bought) // remaining)]]
        least[nearest] = most[nearest] = np.rint(prices.blocks[nearest])
        fixed[nearest] = True
        if remaining > 1:
            share = max(1.0, left() / remaining)
            prices = solve_prices(
                relaxation, least=least, most=most, warm=prices, tolerance=TOLERANCE, time_limit=share, threads=threads
            )
    blocks = nearest_blocks(problem, np.where(fixed, least, prices.blocks), time_limit=max(ROUNDING_SECONDS, left()))
    if blocks is None:
        raise RuntimeError("no purchase satisfies seats and shares, although one was found before")
    return blocks, held_prices(relaxation, prices, blocks, time_limit=max(1.0, left()), threads=threads)


def held_prices(relaxation: Relaxation, prices: Prices, blocks: Ints, *, time_limit: float, threads: int) -> Prices:
    """The relaxation's answer with so many blocks of every offer."""
    held = blocks.astype(float)
    return solve_prices(
        relaxation, least=held, most=held, warm=prices, tolerance=TOLERANCE, time_limit=time_limit, threads=threads
    )
