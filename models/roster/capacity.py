"""Capacity against work: what is left undone."""

from __future__ import annotations

import numpy as np

from models.roster.moves import put_blocks, serve_in_order
from models.roster.problem import Ints, Problem
from models.roster.state import Items, State


def missing_work(problem: Problem, items: Items, state: State) -> Ints:
    """Work left of every item when all capacity is used in order of deadline. The state's own `left` may be larger: it
    never splits an agent's slot between two items.
    """
    capacity, seats = np.zeros((2, *problem.open.shape), dtype=np.int64)
    put_blocks(state.blocks, problem.offers, problem.open, capacity, seats)
    agent, slot = np.nonzero(state.activity >= 0)
    np.add.at(capacity, (state.activity[agent, slot], slot), problem.staff.effect[agent])
    return serve(items, capacity)


def serve(items: Items, capacity: Ints) -> Ints:
    """Work left when capacity, shape (campaigns, slots), is used in order of deadline; the capacity is used up in place."""
    left = items.work.copy()
    for campaign in range(len(capacity)):
        own = items.campaign == campaign
        rest = left[own]
        serve_in_order(capacity[campaign], items.first[own], items.last[own], rest)
        left[own] = rest
    return left
