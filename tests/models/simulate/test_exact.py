"""Stationary queues against exact values, computed here from their Markov chains."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.linalg import expm

from models.simulate.estimate import ratio
from models.simulate.state import ABANDONED, ANSWERED, BUSY, LEFT, OFFERED, PRESENT, WAIT, WITHIN

DEEP = 400  # states beyond it have no weight in these cases


def stationary(agents: int, rate: float, handling: float, patience: float) -> np.ndarray:
    """Probabilities of 0, 1, … contacts in a birth-death chain; times in seconds."""
    weights = [1.0]
    for count in range(1, DEEP):
        out = min(count, agents) / handling + max(count - agents, 0) / patience
        weights.append(weights[-1] * rate / out)
    return np.array(weights) / sum(weights)


def answered_within(agents: int, rate: float, handling: float, patience: float, target: float) -> float:
    """Share of all contacts: one who finds `ahead` others waiting moves up, is answered or hangs up, by her own small chain."""
    found = stationary(agents, rate, handling, patience)
    places = DEEP - agents
    moves = np.zeros((places + 1, places + 1))  # last state: answered; hanging up leaves the chain
    for ahead in range(places):
        up = agents / handling + ahead / patience
        moves[ahead, ahead - 1 if ahead else places] = up
        moves[ahead, ahead] = -up - 1 / patience
    at_once = found[:agents].sum()
    return at_once + found[agents:] @ expm(moves * target)[:places, places]


def busy_agents(agents: int, rate: float, handling: float, patience: float) -> float:
    return float(stationary(agents, rate, handling, patience) @ np.minimum(np.arange(DEEP), agents))


def waiting(agents: int, rate: float, handling: float, patience: float) -> float:
    return float(stationary(agents, rate, handling, patience) @ np.maximum(np.arange(DEEP) - agents, 0))


# Agents, contacts per hour, handling time, patience and target in seconds.
CASES = [
    (1, 8.0, 300.0, math.inf, 60.0),
    (5, 50.0, 300.0, math.inf, 20.0),
    (30, 330.0, 300.0, math.inf, 20.0),
    (3, 30.0, 300.0, 120.0, 20.0),
    (20, 240.0, 300.0, 180.0, 20.0),
    (20, 300.0, 300.0, 60.0, 10.0),  # more load than agents
    (50, 2880.0, 60.0, 120.0, 20.0),
]


@pytest.fixture(params=CASES, ids=str, scope="module")
def measured(request, lab):
    """A case and its hourly tallies after six hours in which the system fills."""
    agents, hourly, handling, patience, target = request.param
    world = lab.world(servers=agents, slots=246, aht=handling, patience=patience, target=target)
    tallies = lab.live(world, lab.rostered(world, [[(0.0, 0)]] * agents), hourly, runs=8)
    return (agents, hourly / 3600, handling, patience), target, tallies[:, 6:, 0]


def confident(tallies, numerator, denominator):
    """The hours of a run hang together, so the run is the unit."""
    return ratio(tallies[..., numerator].sum(axis=1)[None], tallies[..., denominator].sum(axis=1)[None])


def holds(estimate, exact, slack=1.6):
    """Within a 99.8 % interval: many comparisons are made."""
    half = slack * (estimate.high - estimate.low) / 2
    assert abs(estimate.value - exact) <= half + 1e-9, (estimate, exact)


def test_service_level(measured):
    case, target, tallies = measured
    holds(confident(tallies, WITHIN, OFFERED), answered_within(*case, target))


def test_mean_wait_of_all_who_came(measured):
    case, _, tallies = measured
    holds(confident(tallies, WAIT, OFFERED), waiting(*case) / case[1])


def test_abandonment(measured):
    case, _, tallies = measured
    if math.isinf(case[3]):
        assert tallies[..., ABANDONED].sum() == 0
    else:
        holds(confident(tallies, ABANDONED, OFFERED), waiting(*case) / case[3] / case[1])


def test_occupancy(measured):
    case, _, tallies = measured
    holds(confident(tallies, BUSY, PRESENT), busy_agents(*case) / case[0])


def test_every_contact_is_answered_or_lost(lab):
    """In every slot of arrival: with lunch, closing agents and hang-ups, whatever the seed."""
    world = lab.world(servers=4, slots=24, patience=90.0)
    shifts = [[(0.0, 0), (18_000.0, -1), (21_600.0, 0)], [(3600.0, 0)], [(7200.0, 0), (70_000.0, -1)], []]
    for seed in range(20):
        tallies = lab.live(world, lab.rostered(world, shifts), 40.0, runs=1, seed=seed)
        accounted = tallies[..., ANSWERED] + tallies[..., ABANDONED] + tallies[..., LEFT]
        np.testing.assert_array_equal(accounted, tallies[..., OFFERED])


def test_log_normal_handling_times(lab):
    """One server and any law of handling times S, after Pollaczek and Khinchine: mean wait λ E[S²] / (2 (1 - λ E[S]))."""
    sigma, rate = 0.8, 8 / 3600
    world = lab.world(slots=2006, sigma=sigma)
    tallies = lab.live(world, lab.rostered(world, [[(0.0, 0)]]), 8.0, runs=8)[:, 6:, 0]

    second_moment = 300**2 * math.exp(sigma**2)
    holds(confident(tallies, BUSY, ANSWERED), 300)
    holds(confident(tallies, WAIT, OFFERED), rate * second_moment / (2 * (1 - rate * 300)))
