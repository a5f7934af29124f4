"""What missing and exceeding cover costs, and its part of the bound."""

import numpy as np
import pytest

from models.roster.columns.rows import Rows, Steps

ROWS = Rows(
    need=np.array([3.0, 0.0]),
    under=Steps(np.array([0, 0, 1]), np.array([1.0, 50.0, 50.0]), np.array([2.0, 10.0, 7.0])),
    over=Steps(np.array([0, 1, 1]), np.array([50.0, 1.0, 50.0]), np.array([1.0, 1.0, 3.0])),
)


@pytest.mark.parametrize(
    ("cover", "costs"),
    [([3, 0], [0, 0]), ([2, 1], [2, 1]), ([1, 2], [12, 4]), ([0, 3], [22, 7]), ([5, 0], [2, 0])],
)
def test_cost_by_hand(cover, costs):
    assert ROWS.costs(np.array(cover, dtype=float)).tolist() == costs


def test_worth_is_what_one_more_saves():
    assert ROWS.worth(np.array([1.0, 1.0])).tolist() == [10, -3]


@pytest.mark.parametrize("prices", [[0.0, 0.0], [5.0, 2.0], [2.0, -1.0], [-0.5, 0.5], [12.0, -2.0]])
def test_least_is_the_least_over_all_covers(prices):
    prices = np.array(prices)
    covers = np.arange(-48.0, 54.0)  # all that the steps reach
    by_cover = np.array([ROWS.costs(np.array([3.0 + x, x])) + prices * [3.0 + x, x] for x in np.arange(-51.0, 52.0)])

    assert covers.size
    assert ROWS.least(prices) == pytest.approx(by_cover.min(axis=0).sum())


def test_rows_left_by_others_cost_what_the_whole_costs():
    fixed, more = np.array([2.0, 1.0]), np.array([2.0, 1.0])

    assert ROWS.left_by(fixed).cost(more) == ROWS.cost(fixed + more)


def test_slopes_must_not_fall():
    with pytest.raises(ValueError, match="slopes must not fall"):
        Steps(np.array([0, 0]), np.array([1.0, 1.0]), np.array([3.0, 2.0]))
