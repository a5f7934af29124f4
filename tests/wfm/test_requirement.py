"""The form of what lost contacts cost."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from wfm.requirement import LossTable


def table(*rows):
    slot, agents, cents = zip(*rows, strict=True) if rows else ((), (), ())
    return LossTable(slot=slot, milli_agents=agents, cents_per_agent=cents)


def test_pieces_and_what_capacity_leaves_of_them():
    losses = table((3, 0, 500), (3, 2000, 200), (3, 3000, 0), (5, 0, 0))

    assert losses.by_slot() == {3: [(0, 2000, 500), (2000, 3000, 200)], 5: []}
    there = [9000, 0, 0, 1500, 0, 0]
    assert losses.milli_cents(there) == {3: 500 * 500 + 200 * 1000, 5: 0}
    assert table().milli_cents([0]) == {}


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([(3, 0, 500), (3, 2000, 600), (3, 3000, 0)], "cents must not"),
        ([(3, 0, 500), (3, 0, 200), (3, 3000, 0)], "agents must rise"),
        ([(3, 100, 500), (3, 3000, 0)], "0 agents"),
        ([(3, 0, 500), (3, 3000, 1)], "0 cents"),
        ([(3, 0, 500), (4, 0, 0)], "slot 3 must end with a row of 0 cents"),
        ([(3, 0, 500), (3, 9, 0), (2, 0, 0)], "slot 2 comes after slot 3"),
        ([(-1, 0, 0)], "greater than or equal to 0"),
    ],
)
def test_what_is_not_a_falling_convex_cost_is_refused(rows, why):
    with pytest.raises(ValidationError, match=why):
        table(*rows)


def test_columns_of_different_length_are_refused():
    with pytest.raises(ValidationError, match="one value per row"):
        LossTable(slot=(1,), milli_agents=(0, 1), cents_per_agent=(0,))
