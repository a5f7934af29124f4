"""Targets over days and weeks: the steepest pieces first."""

from __future__ import annotations

import numpy as np
import pytest

from models.staffing.curves import Curve
from models.staffing.period import steepest
from models.staffing.requirement import build_requirement
from wfm.campaign import TargetPeriod
from wfm.opening import open_slots


def test_the_steepest_pieces_first():
    """Two intervals that answer 6 and 3 contacts at their floors; the next agents bring 3, 1 and 2, 1."""
    curves = [
        Curve(np.array([2, 3, 4]), np.array([6.0, 9.0, 10.0])),
        Curve(np.array([1, 2, 3]), np.array([3.0, 5.0, 6.0])),
    ]
    none = np.zeros(2)

    assert steepest(curves, none, 9.0).tolist() == [2, 1]
    assert steepest(curves, none, 10.5).tolist() == [2.5, 1]
    assert steepest(curves, none, 13.0).tolist() == [3, 1.5]
    assert steepest(curves, none, 99.0).tolist() == [4, 3]  # all there is
    assert steepest(curves, np.array([0.0, 2.5]), 12.0).tolist() == [pytest.approx(2 + 0.5 / 3), 2.5]


@pytest.fixture(scope="module")
def requirements(tiny_case, make_forecast, change_campaign):
    """By period, for thirty calls in one half-hour and a hundred in the next."""
    is_open = open_slots(tiny_case, tiny_case.campaigns[0])
    volume = np.where(np.arange(len(is_open)) % 2 == 0, 30.0, 100.0) * is_open
    found = {}
    for period in TargetPeriod:
        case = change_campaign(tiny_case, "service", target_period=period, max_occupancy=1.0)
        found[period] = build_requirement(case, make_forecast(case, volume={"service": volume})).campaigns[0]
    return found


@pytest.mark.parametrize("period", [TargetPeriod.DAY, TargetPeriod.WEEK])
def test_a_period_needs_fewer_agents_for_the_same_level(requirements, period):
    entry, each = requirements[period], requirements[TargetPeriod.INTERVAL]
    volume, level = np.array(entry.volume), np.array(entry.service_level)
    busy = volume > 0
    by_day = (level * volume).reshape(7, -1).sum(axis=1)[:5] / volume.reshape(7, -1).sum(axis=1)[:5]

    assert (level * volume).sum() / volume.sum() == pytest.approx(0.8, abs=2e-3)
    if period is TargetPeriod.DAY:
        assert by_day == pytest.approx(0.8, abs=5e-3)
    assert 0.85 < entry.work / each.work < 0.99
    assert level[busy].min() > 0.62  # the floor of 65 %, but for what the transient model takes
    assert f"over every {period}" in entry.method
