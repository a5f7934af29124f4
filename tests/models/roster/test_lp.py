"""Programs that solvers are known to stumble over."""

from __future__ import annotations

import numpy as np
import pytest

from models.roster.lp import NoAnswerError, SparseLp, solve_mip, solve_pdlp, solve_simplex


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


def test_a_small_program_that_glop_calls_abnormal_after_its_preprocessing_has_an_optimum():
    """From the purchases of a generated case, where hours, work and one choice a day meet tariffs."""
    lp = SparseLp()
    costs = [
        13_200,
        13_200,
        13_200,
        -110_693.824,
        111_019.805,
        -276_761.705,
        2_057.5,
        49_277.5,
        -68_943.827,
        -162_794.806,
    ]
    costs += [43_807.5, -81_980.101, 41_017.5, 16_236.307, 210_540, 114_200, 571_000]
    columns = lp.add_columns(len(costs), cost=np.array(costs))
    hours, work = (
        lp.add_rows(2, lower=0.0, upper=0.0),
        lp.add_rows(2, lower=np.array([101.865, 70.832]), upper=np.array([184.732, 74.45])),
    )
    other = lp.add_rows(1, lower=0.0, upper=381.115)
    lp.add_entries(hours[0], columns[[0, 3, 5, 6, 9, 14]], np.array([1.0, 40, 160, 40, 80, -160]))
    lp.add_entries(hours[1], columns[2:], np.array([-1.0, 80, 0, 40, 20, 20, 80, 60, 20, 80, 20, 40, 0, -100, -500]))
    lp.add_entries(
        work[0], columns[[1, 3, 5, 6, 7, 8, 9, 10, 12]], np.array([1.0, 108, 108, 108, 34.4, 34.4, 34.4, 34.4, 34.4])
    )
    lp.add_entries(work[1], columns[[9, 13]], 68.8)
    lp.add_entries(other, columns[[3, 5, 8, 9, 11]], np.array([103.2, 255.2, 103.2, 147.2, 137.6]))
    for first, last in ((3, 7), (7, 8), (8, 11), (11, 13), (13, 14), (14, 15), (15, 17)):
        lp.add_entries(lp.add_rows(1, lower=1.0, upper=1.0), columns[first:last], 1.0)

    solution = solve_simplex(lp)

    assert np.array(costs) @ solution.primal == pytest.approx(solve_mip(lp, time_limit=60.0).bound)


def test_a_small_program_without_an_answer_says_so():
    lp = SparseLp()
    lp.add_entries(lp.add_rows(1, lower=3.0), lp.add_columns(1, most=2.0), 1.0)

    with pytest.raises(NoAnswerError):
        solve_simplex(lp)
