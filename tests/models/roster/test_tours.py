"""The tour program against every tour there is, and break placement against every placement."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from models.roster.compile import compile_problem
from models.roster.problem import ShiftOptions
from models.roster.tours import NEVER, RestTable, best_tour, option_gains, rest_table


def draw(seed: int):
    """A random week or less: 3 to 7 days of up to 4 options with starts, ends, lengths; rest of 22 slots; small caps."""
    random = np.random.default_rng(seed)
    days, rest = int(random.integers(3, 8)), 22
    count = random.integers(0 if seed % 3 == 0 else 1, 5, size=days)
    day = np.repeat(np.arange(days), count)
    start = 48 * day + random.choice([12, 16, 22, 30], size=len(day))
    effective = random.integers(2, 6, size=len(day))
    end = start + effective + 10
    gains = np.where(random.random(len(day)) < 0.15, NEVER, random.integers(-50, 400, size=len(day)).astype(float))
    week_cap = np.array([int(random.integers(4, 22))])
    overtime = np.maximum(0, np.arange(22) - random.integers(0, 12))[None, :] * int(random.integers(0, 60))
    consecutive, before = int(random.integers(1, 7)), int(random.integers(0, 8))
    return days, day, start, end, effective, gains, week_cap, overtime, rest, consecutive, before


def classes(days, day, start, end, rest):
    """Ranks of starts among the distinct starts of a day, and how many of the next day come too soon."""
    distinct = [sorted(set(start[day == d])) for d in range(days)] + [[]]
    rank = np.array([distinct[d].index(s) for d, s in zip(day, start, strict=True)], dtype=np.int64)
    leaves = np.array(
        [sum(s < e + rest for s in distinct[d + 1]) for d, e in zip(day, end, strict=True)], dtype=np.int64
    )
    return rank, leaves, 1 + max(len(starts) for starts in distinct)


def options_of(day, effective, *, days, start=None, end=None, pattern=None, breaks=None):
    nothing = np.zeros(len(day), dtype=np.int64)
    return ShiftOptions(
        day=day,
        pattern=nothing if pattern is None else pattern,
        start=nothing if start is None else start,
        end=nothing if end is None else end,
        effective=effective,
        day_first=np.searchsorted(day, np.arange(days + 1)).astype(np.int64),
        breaks=np.zeros((1, 1, 3), dtype=np.int64) if breaks is None else breaks,
    )


def value_of(tour, start, end, effective, gains, week_cap, overtime, rest, consecutive, before):
    """Net gain of a tour by the rules as they are written, None when it breaks one."""
    run, hours, gain, ended = before, 0, 0.0, -1000
    for option in tour:
        if option is None:
            run = 0
            continue
        run += 1
        if run > consecutive or gains[option] == NEVER or start[option] < ended + rest:
            return None
        hours, gain, ended = hours + effective[option], gain + gains[option], end[option]
    return gain - overtime[0, hours] if hours <= week_cap[0] else None


@pytest.mark.parametrize("seed", range(60))
def test_no_tour_beats_the_program(seed):
    days, day, start, end, effective, gains, week_cap, overtime, rest, consecutive, before = draw(seed)
    options = options_of(day, effective, days=days)
    rules = (start, end, effective, gains, week_cap, overtime, rest, consecutive, before)

    best, tour = best_tour(
        gains, options, RestTable(*classes(days, day, start, end, rest)), week_cap, overtime, before, consecutive
    )

    choices = [[None, *np.flatnonzero(day == d)] for d in range(days)]
    values = [value_of(candidate, *rules) for candidate in product(*choices)]
    assert best == max(value for value in values if value is not None)
    assert value_of([None if option < 0 else option for option in tour], *rules) == best


def test_hours_and_overtime_are_counted_week_by_week():
    day = np.arange(14)
    effective = np.full(14, 3)
    overtime = np.array([[0, 0, 0, 0, 0, 0, 50, 60, 70, 500]] * 2)
    none = np.zeros(14, dtype=np.int64)
    options = options_of(day, effective, days=14)

    best, tour = best_tour(np.full(14, 100.0), options, RestTable(none, none, 2), np.array([9, 6]), overtime, 0, 6)

    # Two shifts in the first week cost 50, a third 450 more than it earns; the second week stops at two.
    assert best == 2 * (200 - 50)
    assert [int((tour[7 * week : 7 * week + 7] >= 0).sum()) for week in range(2)] == [2, 2]
    assert set(tour[tour >= 0]) <= set(day)


def test_ties_go_to_the_day_off():
    none, caps = np.zeros(7, dtype=np.int64), np.array([7])
    options = options_of(np.arange(7), np.ones(7, dtype=np.int64), days=7)

    _, tour = best_tour(np.zeros(7), options, RestTable(none, none, 1), caps, np.zeros((1, 8), dtype=np.int64), 0, 6)

    assert (tour == -1).all()


def test_the_rest_of_a_case_is_the_law_s(tiny_case, tiny_requirement, rebuild):
    """Late shifts until 22:00 leave eleven hours: the next day starts at 09:00 at the earliest."""
    late = tiny_case.shift_patterns[0].model_dump() | {"id": "late", "earliest_start": "12:00", "latest_start": "14:00"}
    case = rebuild(tiny_case, shift_patterns=(*tiny_case.shift_patterns, late))
    problem = compile_problem(case, tiny_requirement)

    rest, options = rest_table(problem), problem.options

    for one in np.flatnonzero(options.day < 6):
        for two in np.flatnonzero(options.day == options.day[one] + 1):
            legal = options.start[two] - options.end[one] >= 22
            assert legal == (rest.start_class[two] >= rest.next_class[one])


@pytest.mark.parametrize("seed", range(40))
def test_breaks_stand_where_they_lose_least(seed):
    random = np.random.default_rng(seed)
    value = random.integers(-20 if seed % 2 else 0, 100, size=60).astype(float)
    breaks = np.array(
        [[[1, 2, 4], [2, 6, 9]], [[2, 3, int(random.integers(3, 6))], [0, 0, 0]], [[0, 0, 0], [0, 0, 0]]],
        dtype=np.int64,
    )
    pattern = random.integers(0, 3, size=8)
    start = random.integers(0, 46, size=8)
    end = start + 14

    gains, slots = option_gains(
        value, options_of(pattern * 0, pattern, days=1, start=start, end=end, pattern=pattern, breaks=breaks)
    )

    for option in range(8):
        windows = [
            range(int(earliest), int(latest) + 1) if length else [None]
            for length, earliest, latest in breaks[pattern[option]]
        ]
        best = max(worked(value, start[option], end[option], breaks[pattern[option]], b) for b in product(*windows))
        chosen = [None if slot < 0 else int(slot) - start[option] for slot in slots[option]]
        assert gains[option] == pytest.approx(best)
        assert worked(value, start[option], end[option], breaks[pattern[option]], chosen) == pytest.approx(best)
        assert all(begin in window for begin, window in zip(chosen, windows, strict=True))


def worked(value, start, end, breaks, begins):
    present = np.zeros(len(value), dtype=bool)
    present[start:end] = True
    for (length, _, _), begin in zip(breaks, begins, strict=True):
        if begin is not None:
            present[start + begin : start + begin + length] = False
    return value[present].sum()
