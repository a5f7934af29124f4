"""Whole blocks while rosters are still fluid: the purchases are decided in the relaxation, where own agents can adapt to them.

Searching over rosters with purchases fixed, or over purchases with rosters fixed, leaves about a fifth too much bought on
a 100-agent case: a block only pays for itself when agents make room for it. So blocks are fixed a part at a time, those
nearest to whole numbers first, and the relaxation is solved again in between; an exact purchase program settles the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from models.roster.capacity import serve
from models.roster.prices import Prices, Relaxation, solve_prices
from models.roster.problem import Ints, Problem
from models.roster.purchases import buy
from models.roster.state import Items

PASSES = 3
"""Partial fixings. Measured on the sample: one pass costs 30 % more than the relaxation, three 1 %, six 0.5 %."""


def whole_blocks(
    problem: Problem,
    items: Items,
    relaxation: Relaxation,
    prices: Prices,
    *,
    left: Callable[[], float],
    threads: int,
    seed: int,
) -> tuple[Ints, Prices] | None:
    """Blocks per offer, and the relaxation's answer with them fixed; None when no purchase satisfies seats and shares.

    `left()` is the time that may still be spent, seconds.
    """
    count = len(problem.offers.partner)
    least, most = np.zeros(count), problem.offers.most.astype(float)
    fixed = np.zeros(count, dtype=bool)
    for remaining in range(PASSES, 0, -1):
        bought = np.flatnonzero(~fixed & (prices.blocks > 0.05))
        distance = np.abs(prices.blocks[bought] - np.rint(prices.blocks[bought]))
        nearest = bought[np.argsort(distance, kind="stable")[: -(-len(bought) // (remaining + 1))]]
        if not len(nearest) or left() <= 0:
            break
        least[nearest] = most[nearest] = np.rint(prices.blocks[nearest])
        fixed[nearest] = True
        prices = solve_prices(relaxation, least=least, most=most, warm=prices, time_limit=left() / remaining, threads=threads)
    own = serve(items, np.floor(prices.own).astype(np.int64))
    nobody = np.zeros((0, problem.slots))
    blocks = buy(
        _with_work(problem, items, own),
        nobody,
        np.zeros((0, problem.campaigns), dtype=bool),
        np.zeros(0, dtype=np.int64),
        time_limit=max(1.0, left()),
        gap=1e-3,
        seed=seed,
    )
    if blocks is None:
        return None
    chosen = blocks.astype(float)
    return blocks, solve_prices(
        relaxation, least=chosen, most=chosen, warm=prices, time_limit=max(1.0, left()), threads=threads
    )


def _with_work(problem: Problem, items: Items, work: Ints) -> Problem:
    """The same problem with other amounts of work."""
    parts = []
    for campaign, table in enumerate(problem.items):
        changed = table.copy()
        changed[:, 2] = work[items.campaign == campaign]
        parts.append(changed)
    return replace(problem, items=tuple(parts))
