"""The agenda of a run: a binary heap of (seconds, id) in two arrays, smallest time first."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.simulate.compiled import compiled


class Heap(NamedTuple):
    """`size` has shape (1,); the other arrays have room for everything that can ever be on the agenda at once."""

    seconds: NDArray[np.float64]
    ids: NDArray[np.int64]
    size: NDArray[np.int64]


def empty_heap(room: int) -> Heap:
    return Heap(np.empty(room), np.empty(room, dtype=np.int64), np.zeros(1, dtype=np.int64))


@compiled
def push(heap: Heap, seconds: float, entry: int) -> None:
    """Put an entry on the agenda."""
    place = heap.size[0]
    heap.size[0] += 1
    while place > 0:
        parent = (place - 1) >> 1
        if heap.seconds[parent] <= seconds:
            break
        heap.seconds[place] = heap.seconds[parent]
        heap.ids[place] = heap.ids[parent]
        place = parent
    heap.seconds[place] = seconds
    heap.ids[place] = entry


@compiled
def replace_first(heap: Heap, seconds: float, entry: int) -> None:
    """Take the first entry off and put another on: half the work of doing both."""
    size = heap.size[0]
    place = 0
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and heap.seconds[child + 1] < heap.seconds[child]:
            child += 1
        if heap.seconds[child] >= seconds:
            break
        heap.seconds[place] = heap.seconds[child]
        heap.ids[place] = heap.ids[child]
        place = child
    heap.seconds[place] = seconds
    heap.ids[place] = entry


@compiled
def drop_first(heap: Heap) -> None:
    """Take the first entry off."""
    heap.size[0] -= 1
    last = heap.size[0]
    if last > 0:
        replace_first(heap, heap.seconds[last], heap.ids[last])
