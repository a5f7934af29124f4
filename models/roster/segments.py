"""Whole blocks against the half-hours of inbound work: what they leave to own agents, for every number of them there can be.

A *cell* is an item alone in its one slot. Cells of a campaign that the same offers cover form a *segment*. What is left to be
done in its cells is tabulated over the numbers of blocks, so that a program over blocks sees the true, stepped cost of whole
blocks and whole agents instead of a price per hour (docs/formulation.md, "The bound").
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
from numba import njit

from models.roster.problem import Bools, Ints, Problem

MOST_VECTORS = 100_000
"""Numbers of blocks looked at for all tables together (some 170 per segment of 1,000 agents, 270 of 100 agents); offers of
nearly the same effect count together where there would be more, and `hull` sees the capacity they have. Five times as many prove
0.04 % more with 100 agents, in three times as long.
"""


@dataclass(frozen=True, eq=False)
class Segment:
    """Cells `slots` of one campaign, all covered by the offers of `groups`, which count together within a group.

    `vectors`, shape (count, groups): numbers of blocks; `left`, shape (count, cells): milli agents they leave to be done, at
    least. More blocks than any vector leave nothing either. `items`: numbers of the cells' items.
    """

    campaign: int
    slots: Ints
    items: Ints
    groups: tuple[Ints, ...]
    vectors: Ints
    left: Ints


def cells_of(problem: Problem, campaign: int) -> Ints:
    """Number of the item that is alone in its one open slot, -1 in slots without one. Shape (slots,)."""
    items = problem.items[campaign]
    inside = np.zeros(problem.slots, dtype=np.int64)
    for first, last, _ in items:
        inside[first:last] += 1
    cells = np.full(problem.slots, -1, dtype=np.int64)
    for number, (first, last, _) in zip(problem.item_numbers(campaign), items, strict=True):
        if last - first == 1 and inside[first] == 1 and problem.open[campaign, first]:
            cells[first] = number
    return cells


def segments_of(problem: Problem) -> list[Segment]:
    """All segments of the case."""
    offers, work = problem.offers, np.append(problem.work, 0)
    alike: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    for campaign in range(problem.campaigns):
        cells = cells_of(problem, campaign)
        mine = np.flatnonzero(offers.campaign == campaign)
        for slot in np.flatnonzero((cells >= 0) & (work[cells] > 0)):
            over = mine[(offers.first[mine] <= slot) & (slot < offers.last[mine])]
            if len(over):
                alike.setdefault(tuple(int(k) for k in over), []).append((int(slot), int(cells[slot])))
    most = MOST_VECTORS // max(1, len(alike))
    return [
        _segment(problem, covering, np.array(members, dtype=np.int64), work, most)
        for covering, members in alike.items()
    ]


def _segment(problem: Problem, covering: tuple[int, ...], cells: Ints, item_work: Ints, most_vectors: int) -> Segment:
    """`cells`: (slot, number of the item) of each; `item_work` of all items."""
    offers, (slots, items) = problem.offers, cells.T
    work = item_work[items]
    most = int(work.max())
    groups = [(int(offers.effect[k]), int(offers.most[k]), [k]) for k in covering]
    groups.sort()
    while len(groups) > 1 and prod(_room(group, most) for group in groups) > most_vectors:
        near = int(np.argmin(np.diff([effect for effect, _, _ in groups])))
        (_, few, one), (effect, more, other) = groups[near : near + 2]
        groups[near : near + 2] = [(effect, few + more, one + other)]
    effects = np.array([effect for effect, _, _ in groups], dtype=np.int64)
    vectors = np.indices([_room(group, most) for group in groups]).reshape(len(groups), -1).T.astype(np.int64)
    done = vectors @ effects
    # Where everything is covered with one block less, that many blocks are as good.
    needed = np.where(vectors > 0, done[:, None] - effects, -1).max(axis=1) < most
    return Segment(
        campaign=int(offers.campaign[covering[0]]),
        slots=slots,
        items=items,
        groups=tuple(np.array(members, dtype=np.int64) for _, _, members in groups),
        vectors=vectors[needed],
        left=np.maximum(0, work - done[needed, None]),
    )


def _room(group: tuple[int, int, list[int]], most: int) -> int:
    """How many numbers of blocks make a difference, none included."""
    effect, blocks, _ = group
    return min(blocks, -(-most // effect)) + 1 if effect > 0 else 1


def own_lattice(problem: Problem, campaign: int, most: int) -> Ints:
    """Amounts of work, milli agents, that whole own agents of a campaign add up to, up to the first not below `most`."""
    able = problem.staff.group_skills[problem.staff.group, campaign]
    units = np.unique(problem.staff.effect[able])
    sums: Ints = np.flatnonzero(_reachable(units[units > 0], most))
    return sums


@njit(cache=True)
def _reachable(units: Ints, most: int) -> Bools:
    """Which amounts of capacity whole units add up to, from 0 to the first multiple of the smallest unit not below `most`."""
    size = most + 1 if len(units) == 0 else -(-most // units[0]) * units[0] + 1
    sums = np.zeros(size, dtype=np.bool_)
    sums[0] = True
    for unit in units:
        for amount in range(unit, size):
            if sums[amount - unit]:
                sums[amount] = True
    if len(units) == 0:
        sums[most] = True
    return sums
