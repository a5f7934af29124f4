"""Two campaigns and an agent who answers both, against the Markov chain of the whole system."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from models.simulate.state import ABANDONED, BUSY, OFFERED, PRESENT, WAIT

RATES, HANDLING, PATIENCE, MOST = (9 / 3600, 14 / 3600), (300.0, 200.0), (200.0, 150.0), 10

State = tuple[int, int, int, int]
"""What agent 0 does (-1 idle, else the campaign of her contact), what agent 1 does (-1 or 1), who waits for 0 and for 1.

Agent 0 is on campaign 0 and answers campaign 1 when nobody waits for hers; agent 1 is on campaign 1 alone.
"""


def arrivals(state: State) -> Iterator[tuple[State, float]]:
    one, two, first, second = state
    if one == -1:
        yield (0, two, first, second), RATES[0]
    elif first < MOST:
        yield (one, two, first + 1, second), RATES[0]
    if two == -1:
        yield (one, 1, first, second), RATES[1]
    elif one == -1:
        yield (1, two, first, second), RATES[1]
    elif second < MOST:
        yield (one, two, first, second + 1), RATES[1]


def departures(state: State) -> Iterator[tuple[State, float]]:
    one, two, first, second = state
    if one >= 0 and first:
        yield (0, two, first - 1, second), 1 / HANDLING[one]
    elif one >= 0 and second:
        yield (1, two, first, second - 1), 1 / HANDLING[one]
    elif one >= 0:
        yield (-1, two, first, second), 1 / HANDLING[one]
    if two == 1:
        yield (one, 1 if second else -1, first, max(second - 1, 0)), 1 / HANDLING[1]
    if first:
        yield (one, two, first - 1, second), first / PATIENCE[0]
    if second:
        yield (one, two, first, second - 1), second / PATIENCE[1]


def test_pooled_agents(lab):
    world = lab.world(
        campaigns=2,
        servers=2,
        slots=246,
        aht=np.array(HANDLING)[:, None],
        patience=PATIENCE,
        group=np.array([0, -1]),
        serves=np.array([[True, True]]),
    )
    roster = lab.rostered(world, [[(0.0, 0)], [(0.0, 1)]])
    tallies = lab.live(world, roster, np.array([[9.0], [14.0]]), runs=12)[:, 6:]

    states = list(product((-1, 0, 1), (-1, 1), range(MOST + 1), range(MOST + 1)))
    chance = lab.stationary(states, lambda state: [*arrivals(state), *departures(state)])

    for campaign in (0, 1):
        waiting = sum(weight * state[2 + campaign] for state, weight in chance.items())
        busy = sum(weight for state, weight in chance.items() if state[campaign] >= 0)
        counted = tallies[:, :, campaign]
        lab.holds(lab.confident(counted, ABANDONED, OFFERED), waiting / PATIENCE[campaign] / RATES[campaign])
        lab.holds(lab.confident(counted, WAIT, OFFERED), waiting / RATES[campaign])
        lab.holds(lab.confident(counted, BUSY, PRESENT), busy)
