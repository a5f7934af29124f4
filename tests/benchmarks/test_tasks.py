"""MATSP: reader, checker with every rule broken by hand, and tour prices against all shifts."""

import json
from itertools import product

import numpy as np
import pytest

from benchmarks.published.sections import InstanceError
from benchmarks.published.tasks_instance import read_tasks_instance
from benchmarks.published.tasks_network import shift_tasks, shift_values
from benchmarks.published.tasks_roster import (
    WorkedShift,
    cost,
    cover,
    read_tasks_roster,
    violations,
    write_tasks_roster,
)
from benchmarks.published.tasks_tours import tasks_program
from benchmarks.rostering import main

HEAD = """SECTION_HORIZON
7

SECTION_TASKS
2

SECTION_STAFF
# ID, MinTotalMinutes, MaxTotalMinutes
1,720,1500
2,360,3600

SECTION_COVER
# Day, Time, TaskID, Min, Max
"""


@pytest.fixture
def tasks_file(tmp_path):
    """Two employees, a week, two tasks; task 1 from 08:00 to 14:00 on the first two days, task 2 may be staffed once then."""
    lines = [
        f"{day},{q // 4:02}:{q % 4 * 15:02}-x,{task},{least},{1}"
        for day in (1, 2)
        for q in range(32, 56)
        for task, least in ((1, 1), (2, 0))
    ]
    path = tmp_path / "tiny.txt"
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="ascii")
    return path


@pytest.fixture
def instance(tasks_file):
    return read_tasks_instance(tasks_file)


def shift(employee="1", day=0, clock="08:00", blocks=((1, 24),)):
    hour, minute = map(int, clock.split(":"))
    start = day * 96 + hour * 4 + minute // 15 - 24
    return WorkedShift(employee, start, sum(length for _, length in blocks), blocks)


LAWFUL = [shift(day=0), shift(day=1), shift("2", day=3, clock="23:45")]


def test_cover_is_read_where_it_stands(instance):
    assert instance.least.sum() == 48
    assert instance.least[8:32, 0].tolist() == [1] * 24  # the horizon begins at 06:00
    assert instance.most[8:32, 1].tolist() == [1] * 24


def test_a_lawful_roster_has_no_violations(instance):
    assert violations(instance, LAWFUL) == []


@pytest.mark.parametrize(
    ("roster", "words"),
    [
        ([*LAWFUL, shift("3", day=4)], "3: there is no such employee"),
        ([*LAWFUL, shift("2", day=7, clock="00:15")], "2: a shift of day 7 leaves the horizon or has an unknown task"),
        ([*LAWFUL, shift(day=5, blocks=((3, 24),))], "1: a shift of day 5 leaves the horizon or has an unknown task"),
        ([*LAWFUL, shift("2", day=5, blocks=((1, 23),))], "2: 345 minutes on day 5, not within 360 to 600"),
        ([*LAWFUL, shift("2", day=5, blocks=((1, 41),))], "2: 615 minutes on day 5, not within 360 to 600"),
        ([*LAWFUL, shift("2", day=5, blocks=((1, 21), (2, 3)))], "2: a task of less than 60 minutes on day 5"),
        ([*LAWFUL, shift("2", day=5, clock="00:00"), shift("2", day=5, clock="20:00")], "2: two starts on day 5"),
        ([*LAWFUL, shift("2", day=4, clock="19:30")], "2: less than 14 hours of rest before day 4"),
        ([*LAWFUL[:2], *(shift("2", day=day) for day in range(6))], "2: works more than 5 days running"),
        ([LAWFUL[0], *LAWFUL[2:], shift("2", day=1)], "1: 360 minutes, not within 720 to 1500"),
        ([*LAWFUL[1:], shift(day=4)], "24 quarter-hours of cover are missing"),
    ],
)
def test_every_rule_is_seen(instance, roster, words):
    assert words in violations(instance, roster)


def test_blocks_of_one_task_running_are_one(instance):
    assert violations(instance, [*LAWFUL, shift("2", day=5, blocks=((1, 22), (1, 2)))]) == []


def test_rest_of_fourteen_hours_is_enough(instance):
    assert violations(instance, [*LAWFUL, shift("2", day=4, clock="19:45")]) == []


def test_surplus_costs_its_square(instance):
    three = [*LAWFUL, shift("2", day=0), shift("9", day=0)]

    assert cost(instance, LAWFUL) == 24  # nobody is wanted at night
    assert cost(instance, three) == 24 + 24 * 4


def test_what_is_written_is_read_back(instance, tmp_path):
    shifts = [shift("1", 1, "00:00", ((1, 20), (2, 4))), *LAWFUL]

    write_tasks_roster(tmp_path / "ROSTER.csv", shifts)

    lines = (tmp_path / "ROSTER.csv").read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["employee,day,start,minutes,tasks", "1,1,00:00,360,1:300|2:60"]
    assert read_tasks_roster(tmp_path / "ROSTER.csv") == shifts


def test_a_file_that_is_none_is_refused(tasks_file):
    tasks_file.write_text(tasks_file.read_text(encoding="ascii").replace("720,1500", "x,1500"), encoding="ascii")

    with pytest.raises(InstanceError, match="not a MATSP instance"):
        read_tasks_instance(tasks_file)


@pytest.mark.parametrize("seed", range(3))
def test_the_best_tasks_of_a_shift_are_those_of_all_splits(seed):
    """Cuts at every set of at most two places with blocks of an hour or more: values prefer few blocks here."""
    value = np.random.default_rng(seed).uniform(-1, 1, (30, 2)).cumsum(axis=0)
    length = 24
    cuts = [(), *((a,) for a in range(1, 24)), *((a, b) for a in range(1, 24) for b in range(a + 1, 24))]
    lists = [(0, *cut, length) for cut in cuts if min(np.diff((0, *cut, length))) >= 4]

    def worth(bounds, tasks, start):
        return sum(value[start + a : start + b, t].sum() for a, b, t in zip(bounds, bounds[1:], tasks, strict=False))

    for start in range(5):
        found = shift_values(value)[start, length]
        chosen = shift_tasks(value, start, length)
        by_list = max(worth(b, tasks, start) for b in lists for tasks in product(range(2), repeat=len(b) - 1))
        assert value[start + np.arange(length), chosen].sum() == pytest.approx(found)
        assert found >= by_list - 1e-9
        assert found == pytest.approx(by_list) or (np.diff(chosen) != 0).sum() > 2


@pytest.mark.parametrize("seed", range(3))
def test_tours_are_lawful_and_worth_what_is_said(instance, seed):
    program, tours = tasks_program(instance)
    prices = np.random.default_rng(seed).normal(0, 3, len(program.rows))

    for answer, worker in zip(tours.price(prices, np.arange(2), 3), instance.staff, strict=True):
        assert len(answer.tours) == 3
        assert answer.value == pytest.approx(-prices[answer.tours[0].rows].sum())
        for tour in answer.tours:
            shifts = [s for s in tours.roster([tour, tour]) if s.employee == worker.id]
            broken = violations(instance, shifts)
            assert [words for words in broken if words.startswith(f"{worker.id}:")] == []
            assert answer.value <= -prices[tour.rows].sum() + 1e-9
            assert cover(instance, shifts).ravel().nonzero()[0].tolist() == sorted(tour.rows)


def test_tours_beat_any_two_shifts(instance):
    """All pairs of shifts of the first worker, who must work 12 hours or more, at values that pay for two shifts at most."""
    program, tours = tasks_program(instance)
    prices = np.random.default_rng(7).normal(-1.0, 2.0, len(program.rows))
    worth = shift_values(prices.reshape(instance.least.shape))
    pairs = [
        (worth[a, m] + worth[b, n])
        for a, m in zip(*np.nonzero(worth > -1e29), strict=True)
        for b, n in ((b, n) for b in range(a + m + 56, len(worth), 7) for n in (24, 31, 40) if worth[b, n] > -1e29)
        if (a + 24) // 96 != (b + 24) // 96 and 48 <= m + n <= 100
    ][::17]

    assert pairs
    assert -tours.price(prices, np.array([0]))[0].value >= max(pairs) - 1e-9


def test_the_command_covers_all_and_proves_it(tasks_file, tmp_path, capsys):
    arguments = ["--instance", str(tasks_file), "--out", str(tmp_path / "ROSTER.csv"), "--rounds", "12", "--json"]

    assert main(arguments) == 0

    facts = json.loads(capsys.readouterr().out)
    assert facts["violations"] == []
    # Worker 1 covers task 1 on both days, worker 2 task 2 on one of them: nothing is too much.
    assert (facts["objective"], facts["bound"]) == (0, 0)
