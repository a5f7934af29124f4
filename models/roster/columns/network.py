"""Tours as paths: a network without cycles, shared by all persons of one contract; compiled.

Nodes are numbered in topological order: 0 is the source, the last one the sink. An arc carries an item (such as a shift on a
day) or nothing, written as the number of items. An adapter weighs items per person; every path is a tour.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.roster.problem import Floats, Ints

NEVER = 1e30
"""Weight of an item that a person may not have."""

STEPS = 20_000
"""Most arcs looked at when paths are searched one by one: beyond, the answer is still a valid bound."""


class Network(NamedTuple):
    """Arcs of node n: `first[n]` to `first[n + 1]`. Unsigned: compiled code need not look for negative indices, which takes more
    than half of the time of a pass.
    """

    first: NDArray[np.uint32]
    head: NDArray[np.uint32]
    item: NDArray[np.uint32]


@njit(cache=True, nogil=True)
def completion(network: Network, weight: Floats) -> Floats:
    """Least weight from every node to the sink. `weight` has one entry per item and a last one, 0, for nothing."""
    nodes = len(network.first) - 1
    least = np.full(nodes, NEVER)
    least[nodes - 1] = 0.0
    for node in range(nodes - 2, -1, -1):
        best = NEVER
        for arc in range(network.first[node], network.first[node + 1]):
            value = weight[network.item[arc]] + least[network.head[arc]]
            best = min(best, value)
        least[node] = best
    return least


@njit(cache=True, nogil=True)
def best_path(network: Network, weight: Floats, least: Floats) -> Ints:
    """Items, in order, of a least path."""
    nodes = len(network.first) - 1
    items = np.empty(nodes, dtype=np.int64)
    count, node = 0, 0
    while node < nodes - 1:
        best, chosen = np.inf, np.int64(-1)
        for arc in range(network.first[node], network.first[node + 1]):
            value = weight[network.item[arc]] + least[network.head[arc]]
            if value < best:
                best, chosen = value, np.int64(arc)
        if network.item[chosen] < len(weight) - 1:
            items[count] = network.item[chosen]
            count += 1
        node = network.head[chosen]
    return items[:count]


@njit(cache=True, nogil=True)
def limited_path(
    network: Network, weight: Floats, least: Floats, kind: Ints, limit: Ints, ceiling: float, steps: int
) -> tuple[float, float, Ints]:
    """The least path with at most `limit[k]` items of kind k (`kind[item]`, -1 for none): depth first, best arc first, cut by
    `least`. Returns (its weight, proven lower bound, items); the weight is `ceiling` when none lighter was found.
    """
    nodes = len(network.first) - 1
    best, found = ceiling, np.zeros(0, dtype=np.int64)
    path_node = np.zeros(nodes + 1, dtype=np.int64)
    tried = np.zeros(nodes + 1, dtype=np.int64)  # arcs of the node tried so far, 0: the best arc comes first
    favourite = np.zeros(nodes + 1, dtype=np.int64)
    taken = np.full(nodes + 1, -1, dtype=np.int64)  # arc that led here
    spent = np.zeros(nodes + 1)
    used = np.zeros(len(limit), dtype=np.int64)
    depth = 0
    favourite[0] = -1
    while depth >= 0:
        node = path_node[depth]
        begin, end = np.int64(network.first[node]), np.int64(network.first[node + 1])
        if tried[depth] == 0:
            steps -= int(end - begin)
            if steps < 0:
                return best, min(best, least[0]), found
            value, favourite[depth] = np.inf, begin
            for arc in range(begin, end):
                ahead = weight[network.item[arc]] + least[network.head[arc]]
                if ahead < value:
                    value, favourite[depth] = ahead, arc
        moved = False
        while tried[depth] <= end - begin and not moved:
            arc = favourite[depth] if tried[depth] == 0 else begin + tried[depth] - 1
            first_try = tried[depth] == 0
            tried[depth] += 1
            if not first_try and arc == favourite[depth]:
                continue
            item = np.int64(network.item[arc])
            cost = spent[depth] + weight[item]
            if cost + least[network.head[arc]] >= best - 1e-9:
                continue
            if item < len(kind) and kind[item] >= 0:
                if used[kind[item]] >= limit[kind[item]]:
                    continue
                used[kind[item]] += 1
            if network.head[arc] == nodes - 1:
                best = cost
                taken[depth + 1] = arc
                found = _items(network, taken, depth + 1, len(kind))
                if item < len(kind) and kind[item] >= 0:
                    used[kind[item]] -= 1
                continue
            depth += 1
            path_node[depth], tried[depth], taken[depth], spent[depth] = network.head[arc], 0, arc, cost
            moved = True
        if not moved:
            if depth > 0:
                item = np.int64(network.item[taken[depth]])
                if item < len(kind) and kind[item] >= 0:
                    used[kind[item]] -= 1
            depth -= 1
    return best, best, found


@njit(cache=True, nogil=True)
def _items(network: Network, taken: Ints, depth: int, nothing: int) -> Ints:
    items = np.empty(depth, dtype=np.int64)
    count = 0
    for level in range(1, depth + 1):
        item = network.item[taken[level]]
        if item < nothing:
            items[count] = item
            count += 1
    return items[:count].copy()


@njit(cache=True, nogil=True)
def paths_through(network: Network, weight: Floats, least: Floats, ceiling: float, most: int) -> list[Ints]:
    """Least paths through different items, each lighter than `ceiling`, lightest first, at most `most`: tours that differ."""
    nodes, items = len(network.first) - 1, len(weight) - 1
    ahead, came, tail = np.full(nodes, NEVER), np.full(nodes, -1, dtype=np.int64), np.full(nodes, -1, dtype=np.int64)
    ahead[0] = 0.0
    total = np.full(items, ceiling)
    arc_of, tail_of = np.full(items, -1, dtype=np.int64), np.full(items, -1, dtype=np.int64)
    for node in range(nodes - 1):
        if ahead[node] + least[node] >= ceiling:
            continue
        for arc in range(network.first[node], network.first[node + 1]):
            item, head = network.item[arc], network.head[arc]
            value = ahead[node] + weight[item]
            if value < ahead[head]:
                ahead[head], came[head], tail[head] = value, arc, node
            if item < items and value + least[head] < total[item]:
                total[item], arc_of[item], tail_of[item] = value + least[head], arc, node
    found = [np.zeros(0, dtype=np.int64) for _ in range(0)]
    covered, path = np.zeros(items, dtype=np.bool_), np.empty(nodes, dtype=np.int64)
    for item in np.argsort(total):
        if arc_of[item] < 0 or len(found) >= most:
            break
        if covered[item]:
            continue
        count, node = 0, tail_of[item]
        while node > 0:
            if network.item[came[node]] < items:
                path[count] = network.item[came[node]]
                count += 1
            node = tail[node]
        path[:count] = path[:count][::-1].copy()
        path[count] = item
        count += 1
        node = network.head[arc_of[item]]
        while node < nodes - 1:
            best, chosen = np.inf, np.int64(-1)
            for arc in range(network.first[node], network.first[node + 1]):
                ahead_value = weight[network.item[arc]] + least[network.head[arc]]
                if ahead_value < best:
                    best, chosen = ahead_value, np.int64(arc)
            if network.item[chosen] < items:
                path[count] = network.item[chosen]
                count += 1
            node = network.head[chosen]
        covered[path[:count]] = True
        found.append(path[:count].copy())
    return found
