from __future__ import annotations

import numpy as np
import pytest

from models.staffing.offered_load import modified_offered_load

OPEN = np.ones(6, dtype=bool)


def test_short_contacts_give_the_stationary_load() -> None:
    load = modified_offered_load(np.full(6, 60.0), np.full(6, 1.0), OPEN, 1800)

    assert load == pytest.approx(60 / 1800, rel=1e-3)


def test_it_solves_the_differential_equation() -> None:
    """Against m' = λ - m / AHT by small Euler steps, with rates and handling times that change."""
    volume, aht = np.array([30.0, 90.0, 10.0, 0.0, 40.0, 40.0]), np.array([600.0, 1200.0, 900.0, 900.0, 300.0, 2400.0])
    busy, means, steps = 0.0, [], 3600
    for slot in range(6):
        area = 0.0
        for _ in range(steps):
            change = (volume[slot] / 1800 - busy / aht[slot]) * 1800 / steps
            area += busy + change / 2
            busy += change
        means.append(area / steps)

    assert modified_offered_load(volume, aht, OPEN, 1800) == pytest.approx(means, rel=2e-3)


def test_it_restarts_empty_at_opening() -> None:
    is_open = np.array([True, True, False, True, True, False])

    load = modified_offered_load(50.0 * is_open, np.where(is_open, 600.0, 0.0), is_open, 1800)

    assert load[2] == load[5] == 0
    assert load[3:5] == pytest.approx(load[:2])
    assert load[0] < load[1] < 50 * 600 / 1800
