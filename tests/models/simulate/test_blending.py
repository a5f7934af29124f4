"""Idle agents of an inbound campaign who take deferrable work, against the Markov chain of the whole system."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest

from models.simulate.state import ABANDONED, ANSWERED, BUSY, OFFERED, PRESENT, WAIT, WITHIN
from models.simulate.world import BLENDING, DEFERRABLE, INBOUND, OFF, changes

AGENTS, KEPT, MOST = 4, 2, 25
RATE, CALL, MAIL, PATIENCE = 30 / 3600, 240.0, 500.0, 150.0
CHANNELS = np.array([INBOUND, DEFERRABLE])
BACKLOG = 2000.0

State = tuple[int, int]
"""Calls in the system and mails in hand; there are always mails to do."""


def filled(calls: int, mails: int) -> State:
    """Whoever is idle beyond those kept free takes a mail."""
    return calls, mails + max(0, AGENTS - KEPT - calls - mails)


def moves(state: State) -> Iterator[tuple[State, float]]:
    calls, mails = state
    in_hand = min(calls, AGENTS - mails)
    if calls < MOST:
        yield (calls + 1, mails), RATE
    if in_hand:
        yield filled(calls - 1, mails), in_hand / CALL
    if calls > in_hand:
        yield (calls - 1, mails), (calls - in_hand) / PATIENCE
    if mails:
        yield filled(calls, mails - 1), mails / MAIL


def blended(lab, slots: int, **values: object):
    return lab.world(
        campaigns=2, servers=AGENTS, slots=slots, channel=CHANNELS, aht=np.array([[CALL], [MAIL]]),
        due=1e9, pooled=np.array([True, False]), group=0, serves=np.array([[False, True]]), lender=np.array([OFF, 0]), **values,
    )  # fmt: skip


def test_calls_and_mails_are_those_of_the_chain(lab):
    world = blended(lab, 206, patience=np.array([PATIENCE, np.inf]), kept=KEPT)
    mean = np.array([[RATE * 3600] * 206, [BACKLOG] + [AGENTS * 3600 / MAIL] * 205])
    tallies = lab.live(world, lab.rostered(world, [[(0.0, 0)]] * AGENTS), mean, runs=12)[:, 6:]

    states = [state for state in product(range(MOST + 1), range(AGENTS + 1)) if filled(*state) == state]
    chance = lab.stationary(states, moves)

    calls = tallies[:, :, 0]
    waiting = sum(weight * max(0, state[0] - (AGENTS - state[1])) for state, weight in chance.items())
    mails = sum(weight * state[1] for state, weight in chance.items())
    busy = sum(weight * min(AGENTS, sum(state)) for state, weight in chance.items())
    lab.holds(lab.confident(calls, ABANDONED, OFFERED), waiting / PATIENCE / RATE)
    lab.holds(lab.confident(calls, WAIT, OFFERED), waiting / RATE)
    lab.holds(lab.confident(calls, BUSY, PRESENT), busy / AGENTS)
    served = (1 - waiting / PATIENCE / RATE) * RATE * CALL
    assert mails == pytest.approx(busy - served, rel=1e-6)  # the chain agrees with itself


def test_nobody_takes_a_mail_where_none_may_be_taken(lab):
    """Only in the second of three hours; the first agents kept free, then nobody."""
    world = blended(lab, 3, kept=np.array([[OFF] * 3, [OFF, 0, OFF]]))
    roster = lab.rostered(
        world, [[(0.0, 0)]] * AGENTS, changes(np.array([3600.0, 7200.0]), BLENDING, np.zeros(2, dtype=np.int64), 0)
    )
    [tally] = lab.live(world, roster, np.array([[0.0] * 3, [300.0, 0.0, 0.0]]), runs=1)

    assert tally[0, 0, BUSY] == tally[2, 0, BUSY] == 0
    assert tally[1, 0, BUSY] == pytest.approx(AGENTS * 3600, rel=0.5)
    assert tally[0, 1, ANSWERED] == tally[0, 1, WITHIN] > 0.5 * AGENTS * 3600 / MAIL


def test_who_lacks_the_skill_stays_free(lab):
    """One of four knows mails; she works them all the time while three keep free."""
    world = blended(lab, 10, kept=1)._replace(group=np.array([-1, -1, 0, -1]))
    [tally] = lab.live(world, lab.rostered(world, [[(0.0, 0)]] * AGENTS), np.array([[0.0], [50.0]]), runs=1)

    assert tally[:, 0, BUSY].sum() == pytest.approx(10 * 3600, rel=0.08)
