"""A solution under construction: tours, activities, blocks, and what is still missing, kept in step move by move.

Campaigns' work items stand one after another in flat arrays. An agent's slot is served to one item, or to pieces of one; `left`
is what no one has done yet. Serving in order of deadline keeps the attribution honest; `activity` re-attributes everything
optimally now and then.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.roster.problem import Floats, Ints, Problem
from models.roster.tours import RestTable, rest_table

ABSENT, BREAK, IDLE = -3, -2, -1


class Items(NamedTuple):
    """Work items as the search sees them: each piece of an item's cost (`undone`) is one, at one price, the dearest first.
    `low[q, t]`, `high[q, t]`: those of campaign q whose window holds open slot t are low..high - 1 (a range, because windows
    never go back). `span`: open slots in the window of each item.
    """

    work: Ints
    campaign: Ints
    first: Ints
    last: Ints
    span: Ints
    cents: Floats
    """Cents per milli agent-slot undone, per item."""
    low: Ints
    high: Ints


def index_items(problem: Problem) -> Items:
    """Lay the pieces of all campaigns' items in flat arrays."""
    undone = problem.undone
    item = np.repeat(np.arange(len(undone.first) - 1), np.diff(undone.first))
    table = np.concatenate(
        [np.column_stack([np.full(len(items), q), items[:, :2]]) for q, items in enumerate(problem.items)]
    ).astype(np.int64)[item]
    low, high = undone.first[np.array(item_windows(problem))]
    low[~problem.open] = high[~problem.open] = 0
    opened = np.concatenate([np.zeros((len(problem.open), 1), dtype=np.int64), problem.open.cumsum(axis=1)], axis=1)
    campaign, first, last = (np.ascontiguousarray(column) for column in table.T)
    return Items(
        work=undone.work,
        campaign=campaign,
        first=first,
        last=last,
        span=opened[campaign, last] - opened[campaign, first],
        cents=undone.cents,
        low=low,
        high=high,
    )


def item_windows(problem: Problem) -> tuple[Ints, Ints]:
    """First number, and one beyond the last, of the items of campaign q whose window holds slot t. Shapes (campaigns, slots)."""
    low, high = np.zeros((2, *problem.open.shape), dtype=np.int64)
    begin = 0
    for q, items in enumerate(problem.items):
        slots = np.arange(problem.slots)
        low[q] = begin + np.searchsorted(items[:, 1], slots, side="right")
        high[q] = begin + np.searchsorted(items[:, 0], slots, side="right")
        begin += len(items)
    return low, high


class State(NamedTuple):
    """`tour[a, d]`: option or -1; `activity[a, t]`: campaign, IDLE, BREAK or ABSENT; `blocks[k]`: blocks of offer k;
    `left[i]`: work missing; `heads[q, t]`: room under max_agents; `agent_cents[a]`: overtime and broken wishes.
    """

    tour: Ints
    activity: Ints
    blocks: Ints
    left: Ints
    heads: Ints
    agent_cents: Ints

    def saved(self) -> State:
        """A copy to go back to."""
        return State(*(array.copy() for array in self))

    def restore(self, saved: State) -> None:
        """Put every array back as it was when saved."""
        for array, before in zip(self, saved, strict=True):
            array[...] = before


class Model(NamedTuple):
    """A problem with everything the search looks up."""

    problem: Problem
    items: Items
    rest: RestTable


def empty_state(problem: Problem, items: Items) -> State:
    """Nobody works, nothing is bought."""
    shape = (problem.agents, problem.slots)
    return State(
        tour=np.full((problem.agents, problem.days), -1, dtype=np.int64),
        activity=np.full(shape, ABSENT, dtype=np.int64),
        blocks=np.zeros(len(problem.offers.partner), dtype=np.int64),
        left=items.work.copy(),
        heads=np.repeat(problem.max_heads[:, None], problem.slots, axis=1),
        agent_cents=np.zeros(problem.agents, dtype=np.int64),
    )


def build_model(problem: Problem) -> Model:
    return Model(problem, index_items(problem), rest_table(problem))
