"""Capacity against work: what purchases put on the floor and what is left undone."""

from __future__ import annotations

import numpy as np
from numba import njit

from models.roster.problem import Ints, Problem
from models.roster.state import Items


@njit(cache=True, nogil=True)
def serve_in_order(capacity: Ints, first: Ints, last: Ints, left: Ints) -> None:
    """Use capacity of slots for items in order of deadline, earliest slots first; both arrays are reduced in place."""
    for i in range(len(left)):
        for t in range(first[i], last[i]):
            if left[i] == 0:
                break
            used = min(capacity[t], left[i])
            capacity[t] -= used
            left[i] -= used


def partner_capacity(problem: Problem, blocks: Ints) -> tuple[Ints, Ints]:
    """Work (milli agents) and seats that purchases put on every campaign and slot. Shape (campaigns, slots) each."""
    work, seats = np.zeros((2, *problem.open.shape), dtype=np.int64)
    offers = problem.offers
    for k in np.flatnonzero(blocks):
        span = slice(offers.first[k], offers.last[k])
        work[offers.campaign[k], span] += blocks[k] * offers.effect[k] * problem.open[offers.campaign[k], span]
        seats[offers.campaign[k], span] += blocks[k] * offers.seats[k]
    return work, seats


def serve(items: Items, capacity: Ints) -> Ints:
    """Work left when capacity, shape (campaigns, slots), is used in order of deadline; the capacity is used up in place."""
    left = items.work.copy()
    for q in range(len(capacity)):
        own = items.campaign == q
        rest = left[own]
        serve_in_order(capacity[q], items.first[own], items.last[own], rest)
        left[own] = rest
    return left


def left_after_purchases(problem: Problem, items: Items, blocks: Ints) -> tuple[Ints, Ints]:
    """Work left by purchased capacity alone, and room under max_agents beside the seats."""
    work, seats = partner_capacity(problem, blocks)
    return serve(items, work), np.maximum(problem.max_heads[:, None] - seats, 0)
