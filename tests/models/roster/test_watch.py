"""How much of a search is over: what all cores together have done of what they can do until the limit."""

from __future__ import annotations

import pytest

from models.roster.compile import compile_problem
from models.roster.watch import PROVE_UNTIL, Limits, Watch, unheard
from wfm.progress import never, silent


@pytest.fixture
def at(tiny_case, tiny_requirement):
    """A watch over 100 seconds, and `at(seconds)`, which sets its clock and returns what is over of the search."""
    now = [0.0]
    problem = compile_problem(tiny_case, tiny_requirement)
    watch = Watch(problem, Limits(100.0), never, silent, unheard, lambda: now[0])

    def move(seconds):
        now[0] = seconds
        return watch.search_done()

    move.watch = watch
    return move


def test_nothing_is_over_before_the_search_begins(at):
    assert at(30.0) == 0.0


def test_one_search_is_over_by_the_clock(at):
    at(20.0)
    at.watch.search_begins(1, proving=False)

    assert [at(20.0), at(40.0), at(100.0), at(120.0)] == pytest.approx([0.0, 0.25, 1.0, 1.0])


def test_a_core_alone_counts_half_of_two(at):
    at(10.0)
    at.watch.search_begins(2, proving=True)
    alone = 100 * PROVE_UNTIL - 10
    whole = alone + 2 * (90 - alone)

    assert [at(10 + alone / 2), at(10 + alone), at(100.0)] == pytest.approx([alone / 2 / whole, alone / whole, 1.0])


def test_what_is_over_stays_over_when_the_proof_ends_early(at):
    at(10.0)
    at.watch.search_begins(2, proving=True)
    before = at(24.0)
    at.watch.search_begins(2, proving=False)

    assert at(24.0) == pytest.approx(before)
    assert at(62.0) == pytest.approx(before + (1 - before) / 2)
    assert at(100.0) == pytest.approx(1.0)


@pytest.mark.parametrize(("rounds", "seconds"), [(None, 5.0), (9, 100.0)])
def test_an_allowance_begins_now_and_does_not_cut_what_must_be_the_same_again(
    rounds, seconds, tiny_case, tiny_requirement
):
    now = [20.0]
    problem = compile_problem(tiny_case, tiny_requirement)
    watch = Watch(problem, Limits(100.0, rounds), never, silent, unheard, lambda: now[0])
    left = watch.allowance(0.05)
    now[0] = 22.0

    assert left() == pytest.approx(seconds - 2.0)
