"""What work left undone costs: of every item a convex cost of what is left, in straight pieces.

With capacity C an item that asks for D milli agent-slots costs shortage x (D - C) and, where contacts hang up, its expected
losses at C (`wfm.requirement.LossTable`). Both fall ever more slowly as C rises, so their sum does: the first milli done
saves most, and what is left is left of the cheapest pieces. An item without losses is one piece at the price of shortage.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from wfm.requirement import MILLI, CampaignRequirement

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Undone(NamedTuple):
    """Pieces of item i, from that done first to that done last, are `first[i]` to `first[i + 1] - 1`; all else has shape
    (pieces,) unless said. Items of all campaigns stand one after another.
    """

    first: Ints
    """Shape (items + 1,)."""
    below: Ints
    """Milli agent-slots of the item that are done later than the piece."""
    work: Ints
    """Milli agent-slots of the piece."""
    cents: Floats
    """Cents per milli agent-slot undone; never rises within an item."""
    lost: Ints
    """Of which for lost contacts: cents per agent-slot."""
    beyond: Ints
    """Work of each item beyond what is asked for, which is no shortage. Shape (items,)."""

    @property
    def asked(self) -> Bools:
        """Whether the piece is work asked for, which is short where it is left undone. Shape (pieces,)."""
        return self.below >= np.repeat(self.beyond, np.diff(self.first))


def pieces_of(entry: CampaignRequirement, shortage_cents: float) -> tuple[Ints, Undone]:
    """Items of one campaign as rows of first slot, last slot, and work whose doing saves anything; and their pieces, at
    `shortage_cents` per milli agent-slot asked for.
    """
    losses = {} if entry.losses is None else entry.losses.by_slot()
    rows, counts, pieces, beyond = [], [0], [], []
    for item in entry.items:
        lost = losses.get(item.first_slot, []) if item.last_slot - item.first_slot == 1 else []
        bends = sorted({0, item.work, *(last for _, last, cents in lost if cents)})
        most = bends[-1]
        of_item = []
        for low, high in pairwise(bends):
            price = next((cents for first, last, cents in lost if first <= low < last), 0)
            asked = shortage_cents if low < item.work else 0.0
            of_item.append((most - high, high - low, asked + price / MILLI, price))
        pieces += of_item or [(0, 0, shortage_cents, 0)]
        rows.append((item.first_slot, item.last_slot, most))
        counts.append(len(pieces))
        beyond.append(most - item.work)
    table = np.array(pieces, dtype=np.float64).reshape(-1, 4)
    below, work, lost_cents = (table[:, column].astype(np.int64) for column in (0, 1, 3))
    undone = Undone(np.array(counts), below, work, table[:, 2].copy(), lost_cents, np.array(beyond, dtype=np.int64))
    return np.array(rows, dtype=np.int64).reshape(-1, 3), undone


def joined(parts: list[Undone]) -> Undone:
    """The pieces of all campaigns, one after another."""
    starts = np.cumsum([0, *(len(part.work) for part in parts)])
    first = [part.first[:-1] + start for part, start in zip(parts, starts[:-1], strict=True)]
    rest = [np.concatenate([part[field] for part in parts]) for field in range(1, len(Undone._fields))]
    return Undone(np.concatenate([*first, starts[-1:]]).astype(np.int64), *rest)


@njit(cache=True, nogil=True)
def saved_cents(item: int, left: int, done: int, undone: Undone) -> float:
    """Cents saved by doing `done` of the `left` milli agent-slots of an item: those of its dearest pieces."""
    total = 0.0
    for piece in range(undone.first[item], undone.first[item + 1]):
        part = min(done, left - undone.below[piece])
        if part > 0:
            total += part * undone.cents[piece]
            left -= part
            done -= part
    return total


@njit(cache=True, nogil=True)
def least_cost(left: Ints, items: Ints, price: Floats, lattice: Ints, undone: Undone) -> Floats:
    """Least cents of `left` milli agent-slots, shape (cases, cells), of the items of cells: undone at their pieces, or done by
    whole agents, who do amounts of the `lattice`, at a price per milli agent-slot. Shapes (cells,) but for `left`.

    The sum is convex in what agents do, with its least where the pieces cost no less than the price and no less is left.
    """
    cost = np.empty(left.shape)
    for cell in range(left.shape[1]):
        item = items[cell]
        kept = 0
        for piece in range(undone.first[item], undone.first[item + 1]):
            if undone.cents[piece] <= price[cell]:
                kept = max(kept, undone.below[piece] + undone.work[piece])
        for case in range(left.shape[0]):
            remaining = left[case, cell]
            wanted = max(0, remaining - kept)
            above = np.searchsorted(lattice, wanted)
            best = np.inf
            for done in (lattice[above], lattice[max(above - 1, 0)]):
                undone_now = max(0, remaining - done)
                best = min(best, saved_cents(item, undone_now, undone_now, undone) + price[cell] * done)
            cost[case, cell] = best
    return cost


@njit(cache=True, nogil=True)
def agents_by_piece(left: Ints, effect: int, undone: Undone) -> tuple[Ints, Ints, Ints]:
    """How agents who do `effect` each, one after another, share out what is `left` of the items. Shapes (pieces,): agents who
    work in the piece alone; 1 where another begins in it and ends beyond it; and what that one saves, rounded.
    """
    whole, across, worth = np.zeros((3, len(undone.work)), dtype=np.int64)
    for item in range(len(left)):
        for piece in range(undone.first[item], undone.first[item + 1]):
            begin = max(0, left[item] - undone.below[piece] - undone.work[piece])
            end = max(0, left[item] - undone.below[piece])
            ended = end // effect
            whole[piece] = max(0, ended + (-begin) // effect)
            if begin <= ended * effect < end:
                remaining = left[item] - ended * effect
                across[piece] = 1
                worth[piece] = round(saved_cents(item, remaining, min(effect, remaining), undone))
    return whole, across, worth
