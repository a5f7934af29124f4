from __future__ import annotations

import math
from datetime import date, time

import numpy as np
import pytest

from models.staffing.offered_load import modified_offered_load
from wfm.campaign import OpeningHours
from wfm.case import Case
from wfm.clock import zone
from wfm.opening import open_slots

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


def test_it_does_not_notice_a_change_of_clock(tiny_case: Case) -> None:
    """Around the clock over 2026-10-25, when Paris has 25 hours: intervals are elapsed time, so a steady rate stays steady, and
    nothing in progress is lost or counted twice in the hour that occurs twice.
    """
    hours = OpeningHours(campaign="service", weekday=1, opens=time(0), closes=time(0))
    dump = tiny_case.model_dump() | {"first_day": date(2026, 10, 19), "as_of": date(2026, 10, 1)}
    around = [hours.model_dump() | {"weekday": day} for day in range(1, 8)]
    dump["opening_hours"] = [*around, *dump["opening_hours"][5:]]
    case = Case.model_validate(dump)
    is_open = open_slots(case, case.campaign_by_id["service"])
    walls = case.grid.walls(zone(case.markets[0].time_zone))

    load = modified_offered_load(30.0 * is_open, np.full(len(is_open), 600.0), is_open, 1800)

    sunday = [slot for slot, wall in enumerate(walls) if wall.date() == date(2026, 10, 25)]
    assert len(sunday) == 50
    assert is_open[sunday].all()
    assert load[sunday] == pytest.approx(30 * 600 / 1800, rel=1e-9)


def test_what_is_in_progress_at_closing_is_gone_at_opening() -> None:
    """Whether a night or a lunch break of one slot lies between; before a slot without contacts it is still worked off."""
    is_open = np.array([True, False, True, True, True])

    load = modified_offered_load(np.array([60.0, 0, 60, 0, 0]), np.full(5, 1800.0), is_open, 1800)

    assert load[1] == 0
    assert load[2] == pytest.approx(load[0])
    assert load[2] > load[4] > 0
    assert load[4] == pytest.approx(load[3] * math.exp(-1))
