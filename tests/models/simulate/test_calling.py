"""Outbound: records, attempts and contacts."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import numpy as np
import pytest

from models.simulate.calling import calling_of, second_calls_of
from models.simulate.state import ANSWERED, ATTEMPTS, BUSY, LEFT, OFFERED
from models.simulate.volumes import Volumes
from models.simulate.world import CLOSING, LOADING, OUTBOUND, changes
from wfm.clock import PARIS, zone
from wfm.opening import open_slots


def loaded(count, attempts, *, at=0.0):
    return changes(np.array([at]), LOADING, np.array([0]), np.array([count]), np.array([attempts]))


def test_records_are_dialled_until_reached(lab):
    """With time enough: contacts 1 - (1-p)^4 of the records, attempts that over p."""
    world = lab.world(servers=5, slots=200, channel=OUTBOUND, aht=60.0, attempt=20.0, reach=0.3)
    roster = lab.rostered(world, [[(0.0, 0)]] * 5, loaded(20_000, 4))
    [tally] = lab.live(world, roster, 0.0, runs=1, attempts=4)

    contacts = 1 - 0.7**4
    assert tally[0, 0, OFFERED] == 20_000
    assert abs(tally[:, 0, ANSWERED].sum() / 20_000 - contacts) < 0.01
    assert abs(tally[:, 0, ATTEMPTS].sum() / 20_000 - contacts / 0.3) < 0.03
    assert abs(tally[:, 0, BUSY].sum() - 20 * tally[:, 0, ATTEMPTS].sum() - 60 * tally[:, 0, ANSWERED].sum()) < 20_000
    assert tally[:, 0, LEFT].sum() == 0


def test_what_is_left_lapses_at_the_end_of_the_calling_day(lab):
    world = lab.world(slots=4, channel=OUTBOUND, aht=60.0, attempt=36.0, reach=0.0)
    end = changes(np.array([3600.0]), CLOSING, np.array([0]), 0)
    [tally] = lab.live(world, lab.rostered(world, [[(0.0, 0)]], loaded(1000, 3), end), 0.0, runs=1, attempts=3)

    assert tally[:, 0, ATTEMPTS].tolist() == [100, 0, 0, 0]
    assert tally[0, 0, LEFT] == 1000
    assert tally[1:, 0, BUSY].sum() == 0


def test_idle_agents_start_when_records_are_loaded(lab):
    world = lab.world(servers=3, slots=3, channel=OUTBOUND, aht=60.0, attempt=36.0, reach=0.0)
    roster = lab.rostered(world, [[(0.0, 0)]] * 3, loaded(10_000, 1, at=3600.0))
    [tally] = lab.live(world, roster, 0.0, runs=1, attempts=1)

    assert tally[0, 0, ATTEMPTS] == 0
    assert tally[1, 0, ATTEMPTS] == pytest.approx(300, abs=3)


@pytest.fixture
def sales(tiny_case):
    return tiny_case.campaign_by_id["sales"]


@pytest.fixture
def paris_days(tiny_case):
    walls = tiny_case.grid.walls(zone(PARIS))
    first = walls[0].date()
    return walls, np.array([(wall.date() - first).days for wall in walls])


def test_a_calling_day_s_records_come_at_its_first_open_slot(tiny_case, sales, paris_days):
    walls, day = paris_days
    is_open = open_slots(tiny_case, sales)
    mean = 10.0 * is_open
    calling = calling_of(tiny_case, sales, Volumes(mean, day, np.zeros((13, 8)), 0.0), is_open, walls)

    ten, eight = (datetime.combine(tiny_case.first_day, time(hour)) for hour in (10, 20))
    assert [walls[slot] for slot in calling.batches][:2] == [ten, ten + timedelta(days=1)]
    assert walls[calling.ends[0] - 1] + timedelta(minutes=30) == eight
    assert calling.attempts.tolist() == [4] * 5
    assert calling.expected.sum() == mean.sum()
    assert calling.planned_contacts(0.2) == pytest.approx(mean.sum() * (1 - 0.8**4))

    counts = np.arange(len(mean)) * is_open
    drawn = calling.loadings(counts, Volumes(mean, day, np.zeros((13, 8)), 0.0), np.random.default_rng(0), 1800.0)
    assert drawn.value.sum() == counts.sum()
    assert drawn.value[0] == counts[day == 0].sum()


def test_second_calls_have_the_attempts_that_the_law_leaves_them(tiny_case, sales, paris_days):
    walls, _ = paris_days
    second = sales.model_copy(update={"id": "sign", "second_call_of": "sales", "second_call_share": 0.5})
    case = tiny_case.model_copy(update={"campaigns": (*tiny_case.campaigns, second)})
    is_open = open_slots(tiny_case, sales)
    volume = np.where(is_open, 8.0, 0.0)

    calling = second_calls_of(case, second, sales, 0.25, volume, is_open, walls)

    here = calling.batches == calling.batches[0]
    # Four attempts are the law's: who was reached at the first has three left; nobody who took all four is called.
    assert calling.attempts[here].tolist() == [3, 2, 1]
    weights = np.array([0.25, 0.25 * 0.75, 0.25 * 0.75**2])
    assert calling.expected[here] == pytest.approx(8 * weights / weights.sum())
    assert calling.expected.sum() == pytest.approx(volume.sum())
    assert (calling.day == -1).all()
    drawn = calling.loadings(
        np.zeros(len(volume), dtype=np.int64), of_one_day(volume), np.random.default_rng(0), 1800.0
    )
    assert drawn.value.sum() == pytest.approx(volume.sum(), rel=0.15)


def of_one_day(volume):
    return Volumes(volume, np.zeros(len(volume), dtype=np.int64), np.zeros((13, 1)), 0.0)
