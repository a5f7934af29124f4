"""Programs that solvers are known to stumble over."""

from __future__ import annotations

import numpy as np
import pytest

from models.roster.lp import NoAnswerError, SparseLp, solve_pdlp


def answer(lp, **options):
    limits = {"tolerance": 1e-6, "time_limit": 60.0, "threads": 1} | options
    return solve_pdlp(lp, np.zeros(lp.columns), np.concatenate(lp.most), **limits)


def test_it_finds_the_optimum_and_the_prices_of_rows():
    lp = SparseLp()
    x = lp.add_columns(2, cost=np.array([3.0, 5.0]), most=4.0)
    row = lp.add_rows(1, lower=6.0)
    lp.add_entries(row, x, 1.0)

    cold = answer(lp)
    warm = answer(lp, warm=cold)

    for solution in (cold, warm):
        assert solution.primal == pytest.approx([4.0, 2.0], abs=1e-3)
        assert solution.dual == pytest.approx([5.0], abs=1e-3)


def test_one_value_left_to_a_variable_is_an_answer():
    """GLOP's presolve calls programs with such rows infeasible."""
    lp = SparseLp()
    x = lp.add_columns(3, cost=1.0, most=2.5)
    lp.add_entries(lp.add_rows(3, lower=2.5), x, 1.0)

    assert answer(lp).primal == pytest.approx([2.5] * 3, abs=1e-3)


@pytest.mark.parametrize("begin", [False, True])
def test_no_answer_is_told(begin):
    lp = SparseLp()
    x = lp.add_columns(3, cost=1.0, most=2.0)
    lp.add_entries(lp.add_rows(1, lower=0.0), x, 1.0)
    warm = answer(lp) if begin else None
    lp.lower[0] = np.array([7.0])

    with pytest.raises(NoAnswerError):
        answer(lp, warm=warm)


def test_the_time_limit_ends_it_with_what_there_is():
    random = np.random.default_rng(0)
    lp = SparseLp()
    x = lp.add_columns(300, cost=random.uniform(1, 2, 300), most=1e3)
    lp.add_entries(lp.add_rows(200, lower=random.uniform(1, 9, 200))[:, None], x, random.uniform(0, 1, (200, 300)))

    solution = answer(lp, tolerance=1e-12, time_limit=1e-3)

    assert solution.primal.shape == (300,)
    assert np.isfinite(solution.dual).all()
