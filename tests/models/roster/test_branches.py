"""Branches of hours bought: worked on where the bound is least, priced by relaxations that keep to their hours."""

from __future__ import annotations

import numpy as np
import pytest

from models.roster.bound import prove
from models.roster.branches import Priced, least_over_branches
from models.roster.compile import compile_problem
from models.roster.lp import NoAnswerError
from models.roster.prices import solve_prices
from models.roster.relaxation import build_relaxation
from models.roster.tiers import chord_slopes, whole_branch
from models.roster.tours import rest_table
from wfm.partner import Tier

WHOLE, LOW, HIGH = ((0.0, 100.0),), ((0.0, 49.0),), ((50.0, 100.0),)
HIGHER = ((80.0, 100.0),)


class Market:
    """Stands for purchases at the prices of one branch: what they prove of each, and where it can be split."""

    complete = True

    def __init__(self, branch, proven, better=0):
        self.branch, self.proven, self.better = branch, dict(proven), better
        self.improved = []

    def bound(self, branch):
        return self.proven.get(branch, min(self.proven.values()))

    def split(self, branch, _hours, *, least):
        return [LOW, HIGH] if branch == WHOLE else []

    def improve(self, branch):
        self.improved.append(branch)
        if self.better == 0:
            return False
        self.better -= 1
        self.proven[branch] += 1.0
        return True


def test_the_branch_that_holds_the_bound_down_is_priced_and_sharpened():
    markets = {
        WHOLE: Market(WHOLE, {WHOLE: 10.0, LOW: 11.0, HIGH: 14.0}),
        LOW: Market(LOW, {LOW: 12.0, HIGH: 5.0}, better=1),
    }
    priced = []

    def price(branch):
        priced.append(branch)
        return Priced(100.0, markets[branch], np.zeros(1))

    least, branch, deciding = least_over_branches(WHOLE, price, lambda: 60.0)

    # HIGH needs no prices of its own: those of the whole prove more of it than is ever proven of LOW.
    assert priced == [WHOLE, LOW]
    assert least == 113.0
    assert branch == LOW
    assert deciding.purchases is markets[LOW]
    assert markets[LOW].improved == [LOW, LOW]


def test_prices_of_one_branch_count_for_all_of_them():
    markets = {
        WHOLE: Market(WHOLE, {WHOLE: 10.0, LOW: 11.0, HIGH: 11.0}),
        LOW: Market(LOW, {LOW: 15.0, HIGH: 20.0}),
    }

    least, *_ = least_over_branches(WHOLE, lambda branch: Priced(0.0, markets[branch], np.zeros(1)), lambda: 60.0)

    assert least == 15.0


def test_branches_close_to_the_one_to_be_counted_are_priced_before():
    whole = {WHOLE: 1000.0, LOW: 1001.0, HIGH: 1002.0}
    markets = {
        WHOLE: Market(WHOLE, whole),
        LOW: Market(LOW, {LOW: 1001.5, HIGH: 0.0}),
        HIGH: Market(HIGH, {HIGH: 2000.0, LOW: 0.0}),
    }
    asked = []

    def price(branch):
        asked.append(("priced", branch))
        return Priced(0.0, markets[branch], np.zeros(1))

    def count_shifts(branch, _):
        asked.append(("counted", branch))
        return 1004.0

    least, branch, _ = least_over_branches(WHOLE, price, lambda: 60.0, count_shifts)

    assert asked == [("priced", WHOLE), ("priced", LOW), ("priced", HIGH), ("counted", LOW)]
    assert (least, branch) == (1004.0, LOW)


def test_of_branches_to_be_counted_the_lowest_is_counted_until_it_is_not_the_lowest():
    whole = {WHOLE: 1000.0, LOW: 1001.0, HIGH: 1002.0}
    asked = []

    def count_shifts(branch, _):
        asked.append(branch)
        return {LOW: 1004.0, HIGH: 1003.0}[branch]

    least, branch, _ = least_over_branches(
        WHOLE, lambda branch: Priced(0.0, Market(branch, whole), np.zeros(1)), lambda: 60.0, count_shifts
    )

    assert asked == [LOW, HIGH]
    assert (least, branch) == (1003.0, HIGH)


def test_without_time_the_first_prices_are_what_is_proven():
    first = Market(WHOLE, {WHOLE: 10.0, LOW: 11.0, HIGH: 12.0})

    least, *_ = least_over_branches(WHOLE, lambda _: Priced(5.0, first, np.zeros(1)), lambda: 0.0)

    assert least == 15.0


@pytest.fixture
def discounted(tiny_case, rebuild):
    """A partner with a discount, and a minimum that is billed anyway."""
    tiers = (Tier(from_hours=0, price_per_hour=1300), Tier(from_hours=30, price_per_hour=900))
    casa = tiny_case.partners[0].model_dump() | {"seats": 8, "current_seats": 8, "min_billed_hours": 10, "tiers": tiers}
    return rebuild(tiny_case, partners=(casa,))


@pytest.mark.parametrize("span", [(0.0, 6.0), (0.0, 25.0), (14.0, 40.0), (30.0, 64.0), (5.0, 12.0)])
def test_the_relaxation_of_a_branch_keeps_to_its_hours(span, discounted, usual_work):
    problem = compile_problem(discounted, usual_work(discounted))
    relaxation = build_relaxation(problem, rounding=True).within(np.array([10.0]), (span,))

    prices = solve_prices(
        relaxation.at_hour_prices(chord_slopes(problem, (span,))), tolerance=1e-6, time_limit=60.0, threads=1
    )

    hours = float(prices.blocks @ problem.offers.hours)
    assert hours <= span[1] + 0.01
    # Below the minimum billed, hours are free: nothing makes anyone buy them.
    assert hours >= span[0] - 0.01 or span[0] < 10
    assert (prices.hours >= -1e-6).all() or span[0] > 10


def test_hours_that_nobody_can_buy_end_no_proof(discounted, usual_work, monkeypatch):
    problem = compile_problem(discounted, usual_work(discounted))
    asked = []

    def solve(relaxation, **options):
        asked.append(relaxation)
        if len(asked) > 1:
            raise NoAnswerError
        return solve_prices(relaxation, **options)

    whole = prove(problem, rest_table(problem), left=lambda: 60.0, counting=False)
    monkeypatch.setattr("models.roster.bound.solve_prices", solve)
    without = prove(problem, rest_table(problem), left=lambda: 60.0, counting=False)

    assert len(asked) > 1
    assert problem.staff.wages_cents.sum() < without.cents <= whole.cents + 1
    assert len(whole_branch(problem)) == 1
