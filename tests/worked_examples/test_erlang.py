"""Worked example 10: 80/20 by Erlang C for 100 calls of 300 s in half an hour."""

from __future__ import annotations

import pytest

from models.staffing.erlang import performance, required_agents

LOAD = 100 * 300 / 1800
"""Erlangs."""


def test_21_agents_and_30_scheduled() -> None:
    agents = int(required_agents(LOAD, 300, 0.80, 20))

    assert agents == 21
    assert performance(21, LOAD, 300, 20).service_level == pytest.approx(0.8263, abs=5e-5)
    assert performance(21, LOAD, 300, 20).occupancy == pytest.approx(0.7937, abs=5e-5)
    assert performance(20, LOAD, 300, 20).service_level == pytest.approx(0.7293, abs=5e-5)
    assert agents / 0.70 == pytest.approx(30)
