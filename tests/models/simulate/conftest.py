"""Small systems whose exact figures can be computed: stationary rates, agents who are always there."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from types import SimpleNamespace

import numpy as np
import pytest

from models.simulate.estimate import ratio
from models.simulate.events import live
from models.simulate.state import COLUMNS, fresh
from models.simulate.streams import streams
from models.simulate.world import ACTIVITY, CLOSING, INBOUND, OFF, Changes, Floats, World, changes, in_order
from wfm.simulation import Estimate

HOUR = 3600.0


def make_world(campaigns: int = 1, servers: int = 1, slots: int = 24, **values: object) -> World:
    """Inbound campaigns of 1-hour slots, 300 s of handling, target 20 s, nobody hangs up, servers without groups. An array given
    as one number stands for all.
    """
    shapes = {"aht": (campaigns, slots), "kept": (campaigns, slots), "speed": (servers,), "group": (servers,)}
    defaults: dict[str, object] = {
        "channel": INBOUND,
        "target": 20.0,
        "patience": math.inf,
        "aht": 300.0,
        "pace": 1.0,
        "due": 0.0,
        "attempt": 0.0,
        "reach": 0.0,
        "pooled": True,
        "callback": OFF,
        "offer": 0.0,
        "accept": 0.0,
        "lender": OFF,
        "kept": OFF,
        "speed": 1.0,
        "group": OFF,
        "serves": np.zeros((0, campaigns), dtype=np.bool_),
    }
    whole = {}
    for name, value in (defaults | values).items():
        if name == "sigma":
            continue
        kind = {
            "channel": np.int64,
            "group": np.int64,
            "callback": np.int64,
            "lender": np.int64,
            "kept": np.int64,
            "serves": np.bool_,
            "pooled": np.bool_,
        }.get(name, np.float64)
        array = np.asarray(value, dtype=kind)
        shape = array.shape if name == "serves" else shapes.get(name, (campaigns,))
        whole[name] = np.broadcast_to(array, shape).copy()  # a read-only view would be compiled for anew
    whole["lends"] = np.isin(np.arange(campaigns), whole["lender"])
    return World(interval=HOUR, slots=slots, sigma=float(values.get("sigma", 0.0)), **whole)


def rostered(world: World, activities: Sequence[Sequence[tuple[float, int]]], *more: Changes) -> Changes:
    """Changes of activity, one list of (seconds, activity) per server; everybody leaves and everything closes at the end."""
    end = world.slots * world.interval
    rows = [(seconds, server, value) for server, own in enumerate(activities) for seconds, value in [*own, (end, OFF)]]
    seconds, server, value = np.array(rows).reshape(-1, 3).T
    queues = np.arange(len(world.channel))
    return in_order(
        [
            changes(seconds, ACTIVITY, server.astype(np.int64), value.astype(np.int64)),
            changes(np.full(len(queues), end), CLOSING, queues, 0),
            *more,
        ]
    )


def live_through(
    world: World, roster: Changes, mean: object, runs: int, *, seed: int = 1, attempts: int = 1
) -> np.ndarray:
    """Tallies (runs, slots, Q, COLUMNS) of Poisson counts with `mean` contacts per campaign and slot."""
    shape = (len(world.channel), world.slots)
    expected = np.broadcast_to(np.asarray(mean, dtype=np.float64), shape)
    tallies = np.zeros((runs, world.slots, len(world.channel), COLUMNS))
    for index in range(runs):
        to_come = np.random.default_rng((seed, index)).poisson(expected)
        state = fresh(world, streams(seed, index, len(to_come)), to_come, attempts, 100_000)
        assert live(world, roster, state)
        tallies[index] = state.tally
    return tallies


def stationary(
    states: Sequence[tuple[int, ...]], moves: Callable[[tuple[int, ...]], Iterable[tuple[tuple[int, ...], float]]]
) -> dict[tuple[int, ...], float]:
    """Long-run probabilities of a Markov chain's states; `moves` tells the states that follow one, with their rates."""
    number = {state: at for at, state in enumerate(states)}
    generator = np.zeros((len(states), len(states)))
    for state in states:
        for following, rate in moves(state):
            generator[number[state], number[following]] += rate
            generator[number[state], number[state]] -= rate
    balance = generator.T.copy()
    balance[-1] = 1.0  # one equation follows from the others: the sum of all probabilities takes its place
    weights = np.linalg.solve(balance, np.eye(len(states))[-1])
    return dict(zip(states, weights.tolist(), strict=True))


def confident(tallies: Floats, numerator: int, denominator: int) -> Estimate:
    """The hours of a run hang together, so the run is the unit."""
    return ratio(tallies[..., numerator].sum(axis=1)[None], tallies[..., denominator].sum(axis=1)[None])


def holds(estimate: Estimate, exact: float, slack: float = 1.6) -> None:
    """Within a 99.8 % interval: many comparisons are made."""
    half = slack * (estimate.high - estimate.low) / 2
    assert abs(estimate.value - exact) <= half + 1e-9, (estimate, exact)


@pytest.fixture(scope="session")
def lab() -> SimpleNamespace:
    """`world`, `rostered`, `live`, `stationary`, `confident` and `holds`: the functions above."""
    return SimpleNamespace(
        world=make_world, rostered=rostered, live=live_through, stationary=stationary, confident=confident, holds=holds
    )
