"""Agents who may be missing: binomial sums by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from models.staffing.attendance import attended_service, with_absence
from models.staffing.erlang import expected_agents, performance

LOADS, AHT, TARGET, PATIENCE, ABSENCE = np.array([[18.0, 22.0]]), 300.0, 20.0, 120.0, 0.12


def level(agents: float) -> float:
    """Of all contacts at both loads; linear between whole agents."""
    low = int(agents)
    low_level, high_level = (
        float((performance(n, LOADS[0], AHT, TARGET, PATIENCE).service_level * LOADS[0]).sum() / LOADS.sum())
        for n in (low, low + 1)
    )
    return low_level + (agents - low) * (high_level - low_level)


def attended(heads: int, fixed: float = 0.0) -> float:
    return sum(float(binom.pmf(k, heads, 1 - ABSENCE)) * level(fixed + k) for k in range(heads + 1))


def service(heads: float, fixed: float = 0.0) -> float:
    found = attended_service(
        np.array([heads]), LOADS, AHT, TARGET, patience_seconds=PATIENCE, absence=ABSENCE, fixed=fixed
    )
    return float(found[0])


@pytest.mark.parametrize(("heads", "fixed"), [(1, 0.0), (3, 0.0), (25, 0.0), (30, 0.0), (10, 12.5), (0, 22.0)])
def test_a_binomial_number_is_there(heads, fixed):
    assert service(heads, fixed) == pytest.approx(attended(heads, fixed), abs=2e-6)


def test_between_whole_heads_it_is_linear():
    assert service(25.4) == pytest.approx(attended(25) + 0.4 * (attended(26) - attended(25)), abs=2e-6)


def test_the_heads_found_keep_the_promise_in_the_mean():
    present = expected_agents(LOADS, AHT, 0.8, TARGET, patience_seconds=PATIENCE).agents

    found = with_absence(present, LOADS, AHT, 0.8, TARGET, patience_seconds=PATIENCE, absence=ABSENCE)

    assert service(present[0] / (1 - ABSENCE)) < 0.795
    assert found[0] > present[0]
    assert service(found[0] / (1 - ABSENCE)) == pytest.approx(0.8, abs=1e-6)


def test_nobody_missing_needs_nobody_more():
    present = np.array([22.0, 0.0])

    found = with_absence(
        present, np.repeat(LOADS, 2, axis=0), AHT, 0.8, TARGET, patience_seconds=PATIENCE, absence=[0.0, 0.3]
    )

    assert found.tolist() == [22.0, 0.0]
