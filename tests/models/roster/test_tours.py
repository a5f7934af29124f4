"""The tour program against every tour there is, and break placement against every placement."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from models.roster.compile import compile_problem
from models.roster.problem import ShiftOptions
from models.roster.tours import NEVER, RestTable, best_tour, option_gains, rest_table


def draw(seed: int):
    """A random week or less: 3 to 7 days of up to 4 options with starts, ends, lengths; rest of 22 slots; small caps. Every
    second seed has shifts past midnight; lengths that count may be 0, as on holidays.
    """
    random = np.random.default_rng(seed)
    days, rest = int(random.integers(3, 8)), 22
    count = random.integers(0 if seed % 3 == 0 else 1, 5, size=days)
    day = np.repeat(np.arange(days), count)
    start = 48 * day + random.choice([12, 16, 22, 30, 36, 40] if seed % 2 else [12, 16, 22, 30], size=len(day))
    counted = random.integers(0 if seed % 5 == 0 else 2, 6, size=len(day))
    end = np.minimum(start + counted + 10, 48 * days)
    gains = np.where(random.random(len(day)) < 0.15, NEVER, random.integers(-50, 400, size=len(day)).astype(float))
    week_cap = np.array([int(random.integers(4, 22))])
    overtime = np.maximum(0, np.arange(22) - random.integers(0, 12))[None, :] * int(random.integers(0, 60))
    consecutive, before = int(random.integers(1, 7)), int(random.integers(0, 8))
    touched = int(random.integers(0, 2)) if seed % 2 else 0
    return days, day, start, end, counted, gains, week_cap, overtime, rest, consecutive, before, touched


def rest_of(days, day, start, end, rest, touched):
    """Ranks of starts among the distinct starts of a day, and how many of the next day come too soon."""
    distinct = [sorted(set(start[day == d])) for d in range(days)] + [[]]
    rank = np.array([distinct[d].index(s) for d, s in zip(day, start, strict=True)], dtype=np.int64)
    leaves = np.array(
        [sum(s < e + rest for s in distinct[d + 1]) for d, e in zip(day, end, strict=True)], dtype=np.int64
    )
    classes = 1 + max(len(starts) for starts in distinct)
    overnight = end > 48 * (day + 1)
    return RestTable(rank, leaves + classes * overnight, classes, classes * (1 + bool(touched or overnight.any())))


def options_of(day, effective, *, days, start=None, end=None, breaks=None):
    nothing = np.zeros(len(day), dtype=np.int64)
    return ShiftOptions(
        day=day,
        pattern=nothing,
        start=nothing if start is None else start,
        end=nothing if end is None else end,
        effective=effective,
        overnight=np.zeros(len(day), dtype=bool),
        day_first=np.searchsorted(day, np.arange(days + 1)).astype(np.int64),
        breaks=np.zeros((len(day), 1, 3), dtype=np.int64) if breaks is None else breaks,
        unpaid=np.ones((1, 1), dtype=bool),
    )


def value_of(tour, start, end, counted, gains, week_cap, overtime, rest, consecutive, before, touched):
    """Net gain of a tour by the rules as they are written, None when it breaks one."""
    hours, gain, ended = 0, 0.0, -1000
    # The days just before count as worked; where they were too many already, a run is the tour's fault if it prolongs it.
    earlier = {-1 - d for d in range(min(before, consecutive))} | ({0} if touched else set())
    touches = set()
    for day, option in enumerate(tour):
        if option is None:
            continue
        if gains[option] == NEVER or start[option] < ended + rest:
            return None
        touches |= {day} | ({day + 1} if end[option] > 48 * (day + 1) else set())
        hours, gain, ended = hours + counted[option], gain + gains[option], end[option]
    for last in touches:
        first = last
        while first - 1 in touches | earlier:
            first -= 1
        if last - first >= consecutive:
            return None
    return gain - overtime[0, hours] if hours <= week_cap[0] else None


@pytest.mark.parametrize("seed", range(80))
def test_no_tour_beats_the_program(seed):
    days, day, start, end, counted, gains, week_cap, overtime, rest, consecutive, before, touched = draw(seed)
    options = options_of(day, counted, days=days)
    rules = (start, end, counted, gains, week_cap, overtime, rest, consecutive, before, touched)
    table = rest_of(days, day, start, end, rest, touched)

    best, tour = best_tour(gains, counted, options, table, week_cap, overtime, before, touched, consecutive)

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

    best, tour = best_tour(
        np.full(14, 100.0), effective, options, RestTable(none, none, 2, 2), np.array([9, 6]), overtime, 0, 0, 6
    )

    # Two shifts in the first week cost 50, a third 450 more than it earns; the second week stops at two.
    assert best == 2 * (200 - 50)
    assert [int((tour[7 * week : 7 * week + 7] >= 0).sum()) for week in range(2)] == [2, 2]
    assert set(tour[tour >= 0]) <= set(day)


def test_ties_go_to_the_day_off():
    none, ones, caps = np.zeros(7, dtype=np.int64), np.ones(7, dtype=np.int64), np.array([7])
    options, nothing = options_of(np.arange(7), ones, days=7), np.zeros((1, 8), dtype=np.int64)

    _, tour = best_tour(np.zeros(7), ones, options, RestTable(none, none, 1, 1), caps, nothing, 0, 0, 6)

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
    breaks = breaks[random.integers(0, 3, size=8)]
    start = random.integers(0, 46, size=8)
    end = start + 14

    same_day = np.zeros(8, dtype=np.int64)

    gains, slots = option_gains(value, options_of(same_day, end - start, days=1, start=start, end=end, breaks=breaks))

    for option in range(8):
        windows = [
            range(int(earliest), int(latest) + 1) if length else [None] for length, earliest, latest in breaks[option]
        ]
        best = max(worked(value, start[option], end[option], breaks[option], b) for b in product(*windows))
        chosen = [None if slot < 0 else int(slot) - start[option] for slot in slots[option]]
        assert gains[option] == pytest.approx(best)
        assert worked(value, start[option], end[option], breaks[option], chosen) == pytest.approx(best)
        assert all(begin in window for begin, window in zip(chosen, windows, strict=True))


def worked(value, start, end, breaks, begins):
    present = np.zeros(len(value), dtype=bool)
    present[start:end] = True
    for (length, _, _), begin in zip(breaks, begins, strict=True):
        if begin is not None:
            present[start + begin : start + begin + length] = False
    return value[present].sum()
