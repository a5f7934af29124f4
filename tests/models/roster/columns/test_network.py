"""Least paths against all paths, listed."""

import numpy as np
import pytest

from models.roster.columns.network import NEVER, Network, best_path, completion, limited_path, paths_through

DAYS, SHIFTS = 4, 2
NOTHING = DAYS * SHIFTS


def grid_network():
    """Off or one of two shifts a day, no work two days running."""
    arcs = []  # (node, head, item); nodes: 0, then (day, worked) from day 1, then the sink
    number = {(0, False): 0} | {(d, w): 2 * d - 1 + w for d in range(1, DAYS + 1) for w in (False, True)}
    sink = 2 * DAYS + 1
    for (day, worked), node in number.items():
        if day == DAYS:
            arcs.append((node, sink, NOTHING))
            continue
        arcs.append((node, number[day + 1, False], NOTHING))
        if not worked:
            arcs += [(node, number[day + 1, True], day * SHIFTS + shift) for shift in range(SHIFTS)]
    arcs.sort()
    first = np.searchsorted([arc[0] for arc in arcs], np.arange(sink + 2)).astype(np.uint32)
    return Network(
        first, np.array([a[1] for a in arcs], dtype=np.uint32), np.array([a[2] for a in arcs], dtype=np.uint32)
    )


def all_paths(network, node=0, items=()):
    if node == len(network.first) - 2:
        yield items
    for arc in range(network.first[node], network.first[node + 1]):
        item = int(network.item[arc])
        yield from all_paths(network, int(network.head[arc]), (*items, item) if item < NOTHING else items)


@pytest.mark.parametrize("seed", range(20))
def test_least_paths_are_those_of_the_list(seed):
    network, rng = grid_network(), np.random.default_rng(seed)
    weight = np.append(rng.uniform(-5, 2, DAYS * SHIFTS), 0.0)
    weight[rng.integers(DAYS * SHIFTS)] = NEVER
    paths = list(all_paths(network))
    least = completion(network, weight)
    best = min(weight[list(path)].sum() for path in paths)

    assert least[0] == pytest.approx(best)
    assert weight[best_path(network, weight, least)].sum() == pytest.approx(best)
    for most in (0, 1):  # at most so many of the first shift
        kind = np.tile([0, -1], DAYS)
        inside = [path for path in paths if sum(kind[list(path)] == 0) <= most]
        limited = min(weight[list(path)].sum() for path in inside)
        value, bound, items = limited_path(network, weight, least, kind, np.array([most]), NEVER / 2, 10_000)
        assert value == pytest.approx(limited) == pytest.approx(bound)
        assert tuple(items) in inside
        _, bound, _ = limited_path(network, weight, least, kind, np.array([most]), NEVER / 2, 5)  # cut short
        assert bound <= limited + 1e-9


def test_paths_through_items_differ_and_stay_below_the_ceiling():
    network = grid_network()
    weight = np.append(np.array([-3.0, -2.0, -1.0, -5.0, 1.0, 1.0, -1.0, -2.0]), 0.0)
    paths = {tuple(path) for path in all_paths(network)}

    found = [tuple(path) for path in paths_through(network, weight, completion(network, weight), -2.0, 10)]

    assert found[0] == (3, 7)
    assert len(set(found)) == len(found) >= 2
    assert set(found) <= paths
    assert all(weight[list(path)].sum() < -2.0 for path in found)
