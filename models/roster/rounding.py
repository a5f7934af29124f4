"""Mixed-integer rounding cuts of the relaxation: what whole blocks cannot do in a half-hour of inbound work.

Where D milli are asked for and the largest block does a, own + missing + Σ B_k b_k >= D with whole b_k implies

    own + missing + Σ (r ⌊B_k / a⌋ + min(r, B_k mod a)) b_k  >=  r ⌈D / a⌉,      r = D − a (⌈D / a⌉ − 1)

(Marchand and Wolsey, "Aggregation and mixed integer rounding to solve MIPs", 2001). The relaxation only suggests prices, so a
bound does not rest on these cuts; with them its prices know that the last block of a half-hour is half wasted.
"""

from __future__ import annotations

import numpy as np

from models.roster.lp import SparseLp
from models.roster.problem import Ints, Problem
from models.roster.segments import cells_of
from wfm.requirement import MILLI


def add_rounding_cuts(lp: SparseLp, problem: Problem, offered: tuple[Ints, Ints], blocks: Ints) -> Ints:
    """Add a cut per cell that blocks can cover, without own agents and what is missing. Returns its row, -1 for none, shape
    (campaigns, slots).

    `offered`: (offer, slot) of all open slots of offers; `blocks`: columns.
    """
    offers, (which, slots) = problem.offers, offered
    campaign, effect = offers.campaign[which], offers.effect[which]
    cells = np.array([cells_of(problem, q) for q in range(problem.campaigns)])
    # One more entry, which slots without a cell (-1) point to.
    asked = np.append(problem.work - problem.undone.beyond, 0)[cells]
    largest, rest, row_of = np.zeros_like(cells), np.zeros_like(cells), np.full_like(cells, -1)
    np.maximum.at(largest, (campaign, slots), effect)
    q, t = np.nonzero((asked > 0) & (largest > 0))
    times = -(-asked[q, t] // largest[q, t])
    rest[q, t] = asked[q, t] - largest[q, t] * (times - 1)
    # Blocks that fill the work exactly leave nothing to round.
    cut = rest[q, t] < largest[q, t]
    q, t, times = q[cut], t[cut], times[cut]
    rows = lp.add_rows(len(q), lower=rest[q, t] * times / MILLI)
    row_of[q, t] = rows
    inside = row_of[campaign, slots] >= 0
    which, slots, campaign, effect = which[inside], slots[inside], campaign[inside], effect[inside]
    size, left = largest[campaign, slots], rest[campaign, slots]
    lp.add_entries(
        row_of[campaign, slots], blocks[which], (left * (effect // size) + np.minimum(left, effect % size)) / MILLI
    )
    return row_of
