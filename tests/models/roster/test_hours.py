"""What options count and cost by themselves, wherever their breaks stand, and caps that keep to the law."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from models.roster.compile import compile_problem
from models.roster.problem import HOLIDAY, REGULAR
from models.roster.settle import settle


@pytest.fixture(scope="module", params=range(12))
def problem(request, law_case, require):
    case = law_case(request.param)
    return compile_problem(case, require(case))


def placements(options, option):
    """Every way to place the breaks of an option."""
    windows = [range(early, late + 1) if length else [None] for length, early, late in options.breaks[option]]
    for firsts in product(*windows):
        yield np.array([-1 if first is None else options.start[option] + first for first in firsts])


def worked(options, option, firsts):
    """Effective slots with breaks at `firsts`."""
    slots = set(range(options.start[option], options.end[option]))
    for b, (first, (length, _, _)) in enumerate(zip(firsts, options.breaks[option], strict=True)):
        if options.unpaid[options.pattern[option], b] and first >= 0:
            slots -= set(range(first, first + length))
    return np.array(sorted(slots))


def test_an_option_counts_and_costs_one_thing_wherever_its_breaks_stand(problem):
    options, staff = problem.options, problem.staff
    pay = staff.pay
    breaks = np.full(options.breaks.shape[:2], -1)
    for option in range(0, len(options.day), 3):
        for firsts in placements(options, option):
            slots = worked(options, option, firsts)
            assert len(slots) == options.effective[option]
            breaks[option] = firsts
            for agent in np.flatnonzero(staff.allowed[:, option]):
                terms = pay.terms[agent]
                assert (pay.kind[terms, slots] == REGULAR).sum() == staff.counted[terms, option]
                tour = np.full(problem.days, -1)
                tour[options.day[option]] = option
                cents, _ = settle(agent, tour, breaks, options, pay)
                assert cents + staff.wish_cost[agent, option] >= staff.option_cents[agent, option]
                if staff.plain[terms, option]:
                    assert staff.option_cents[agent, option] == staff.wish_cost[agent, option]
                if (pay.kind[terms, slots] == HOLIDAY).all():
                    assert cents - staff.option_cents[agent, option] in (0, 1)


def test_every_shift_is_there_once_with_all_its_break_places(problem):
    """Shifts that were cut into options at a midnight are whole again together."""
    options = problem.options
    found = {}
    for option in range(len(options.day)):
        key = (options.pattern[option], options.start[option])
        places = {
            tuple(np.where(firsts < 0, -1, firsts - options.start[option])) for firsts in placements(options, option)
        }
        assert not places & found.get(key, set())
        found[key] = found.get(key, set()) | places
    of_pattern = {}
    for (pattern, _), places in found.items():
        assert places == of_pattern.setdefault(pattern, places)


def test_plain_tours_within_the_last_caps_are_always_legal(problem):
    options, staff = problem.options, problem.staff
    random = np.random.default_rng(0)
    breaks = options.start[:, None] + options.breaks[:, :, 1]
    breaks = np.where(options.breaks[:, :, 0] > 0, breaks, -1)
    shifts = 0
    for agent in range(problem.agents):
        terms = staff.pay.terms[agent]
        for _ in range(50):
            tour = np.full(problem.days, -1)
            left = staff.week_cap[agent, 1].copy()
            for day in random.permutation(problem.days):
                usable = (options.day == day) & staff.plain[terms] & (staff.counted[terms] <= left[day // 7])
                if usable.any():
                    tour[day] = random.choice(np.flatnonzero(usable))
                    left[day // 7] -= staff.counted[terms, tour[day]]
            shifts += (tour >= 0).sum()
            assert settle(agent, tour, breaks, options, staff.pay)[1] == 0
    assert shifts


def test_narrower_caps_are_never_wider(problem):
    caps = problem.staff.week_cap
    assert (caps[:, 1] <= caps[:, 0]).all()
    assert (caps >= 0).all()
