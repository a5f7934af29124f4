"""Callers who wait take a callback: where they go, and when."""

from __future__ import annotations

import numpy as np
import pytest

from models.simulate.state import ABANDONED, ANSWERED, DEFERRED, LEFT, OFFERED, WAIT, WITHIN
from models.simulate.world import DEFERRABLE, INBOUND
from models.staffing.callbacks import still_waiting
from models.staffing.erlang import performance

CHANNELS = np.array([INBOUND, DEFERRABLE])


def test_who_waits_long_enough_is_called_back(lab):
    """Nobody answers calls for three hours; one agent calls back. All accept after 60 s, none hangs up."""
    world = lab.world(
        campaigns=2, slots=3, channel=CHANNELS, aht=np.array([[300.0], [1.0]]), callback=np.array([1, -1]),
        offer=60.0, accept=np.array([1.0, 0.0]), due=3600.0,
    )  # fmt: skip
    [tally] = lab.live(world, lab.rostered(world, [[(0.0, 1)]]), np.array([[40.0], [0.0]]), runs=1)

    calls, back = tally[:, 0].sum(axis=0), tally[:, 1].sum(axis=0)
    assert calls[OFFERED] == calls[DEFERRED] + calls[LEFT]  # the last minute's callers are sent away at closing
    assert calls[LEFT] <= 5
    assert calls[WAIT] == pytest.approx(60.0 * calls[DEFERRED], abs=60.0 * calls[LEFT])
    assert calls[WITHIN] == calls[ABANDONED] == 0
    assert back[OFFERED] == back[ANSWERED] == back[WITHIN] == calls[DEFERRED]
    assert back[WAIT] / back[OFFERED] < 1.0  # an idle agent calls at once


def test_who_is_answered_before_needs_no_callback(lab):
    world = lab.world(
        campaigns=2, servers=3, slots=3, channel=CHANNELS, aht=np.array([[1.0], [1.0]]), callback=np.array([1, -1]),
        offer=60.0, accept=np.array([1.0, 0.0]),
    )  # fmt: skip
    [tally] = lab.live(world, lab.rostered(world, [[(0.0, 0)]] * 3), np.array([[200.0], [0.0]]), runs=1)

    assert tally[:, 0, DEFERRED].sum() == 0
    assert tally[:, 0, ANSWERED].sum() == tally[:, 0, OFFERED].sum()


@pytest.mark.parametrize("patience", [120.0, np.inf])
def test_the_share_still_waiting_is_that_of_the_formula(lab, patience):
    """Few accept, so that the queue is hardly shorter for it: share x P(wait over 30 s)."""
    agents, load, accept = 10, 9.0, 0.02
    world = lab.world(
        campaigns=2, servers=agents, slots=40, channel=CHANNELS, aht=np.array([[300.0], [1.0]]), patience=patience,
        callback=np.array([1, -1]), offer=30.0, accept=np.array([accept, 0.0]),
    )  # fmt: skip
    tallies = lab.live(world, lab.rostered(world, [[(0.0, 0)]] * agents), np.array([[load * 12], [0.0]]), runs=60)[
        :, 4:-1, 0
    ].sum(axis=(0, 1))

    expected = float(still_waiting(agents, load, 300.0, 30.0, patience))
    assert tallies[DEFERRED] / tallies[OFFERED] / accept == pytest.approx(expected, rel=0.08)


def test_nobody_waits_less_than_no_time():
    """At 0 s it is everybody who waits at all."""
    for patience in (60.0, np.inf):
        found = still_waiting([3, 10, 20], 9.0, 300.0, 0.0, patience)
        assert found == pytest.approx(1 - performance([3, 10, 20], 9.0, 300.0, 0.0, patience).service_level)
    assert float(still_waiting(0, 9.0, 300.0, 60.0, 60.0)) == pytest.approx(np.exp(-1))
