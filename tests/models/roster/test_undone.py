"""What undone work costs, piece by piece, against the formulas of the bill."""

from __future__ import annotations

import numpy as np
import pytest

from models.roster.undone import agents_by_piece, joined, least_cost, pieces_of, saved_cents
from wfm.requirement import CampaignRequirement, LossTable, WorkItem


def entry_of(items, losses=None):
    """A campaign of four slots."""
    nothing = (0.0,) * 4
    return CampaignRequirement(
        campaign="service",
        items=tuple(WorkItem(first_slot=first, last_slot=last, work=work) for first, last, work in items),
        volume=nothing, aht_seconds=nothing, net_agents=nothing,
        service_level=None, service_level_definition=None, method="by hand", losses=losses,
    )  # fmt: skip


def test_an_item_without_losses_is_one_piece_at_the_price_of_shortage():
    rows, undone = pieces_of(entry_of([(0, 2, 900), (1, 3, 0)]), 1.5)

    assert rows.tolist() == [[0, 2, 900], [1, 3, 0]]
    assert undone.first.tolist() == [0, 1, 2]
    assert undone.work.tolist() == [900, 0]
    assert undone.cents.tolist() == [1.5, 1.5]
    assert undone.beyond.tolist() == [0, 0]


def test_losses_that_go_on_beyond_the_work_asked_for_add_a_piece_without_shortage():
    losses = LossTable(slot=(1, 1, 1), milli_agents=(0, 2000, 3000), cents_per_agent=(500, 200, 0))

    rows, undone = pieces_of(entry_of([(0, 1, 800), (1, 2, 2500)], losses), 1.0)

    assert rows.tolist() == [[0, 1, 800], [1, 2, 3000]]
    assert undone.first.tolist() == [0, 1, 4]
    assert undone.below[1:].tolist() == [1000, 500, 0]
    assert undone.work[1:].tolist() == [2000, 500, 500]
    assert undone.cents[1:].tolist() == pytest.approx([1.5, 1.2, 0.2])
    assert undone.lost[1:].tolist() == [500, 200, 200]
    assert undone.beyond.tolist() == [0, 500]


@pytest.fixture(params=range(20))
def drawn(request):
    """An entry with losses at random, the cost of every capacity by the bill's formulas, its pieces, and what is drawn with."""
    random = np.random.default_rng(request.param)
    rows = []
    for slot in range(3):
        bends = [0, *np.unique(random.integers(1, 4000, 4)).tolist()]
        cents = sorted(random.integers(0, 900, len(bends) - 1).tolist(), reverse=True)
        rows += [(slot, *row) for row in zip(bends, [*cents, 0], strict=True)]
    slot, agents, cents = zip(*rows, strict=True)
    losses = LossTable(slot=slot, milli_agents=agents, cents_per_agent=cents)
    entry = entry_of([(t, t + 1, int(random.integers(0, 5000))) for t in range(4)], losses)
    price = float(random.uniform(0, 1))

    def cost(slot, capacity):
        there = [10**6] * 4
        there[slot] = int(capacity)
        return price * max(0, entry.items[slot].work - capacity) + sum(losses.milli_cents(there).values()) / 1000

    items, undone = pieces_of(entry, price)
    return cost, items[:, 2], joined([undone]), random


def test_pieces_cost_what_the_bill_says_and_ever_less_is_saved(drawn):
    cost, work, undone, random = drawn
    for item in range(4):
        for _ in range(20):
            left = int(random.integers(0, work[item] + 1))
            done = int(random.integers(0, left + 1))
            there = work[item] - left

            saved = saved_cents(item, left, done, undone)

            assert saved == pytest.approx(cost(item, there) - cost(item, there + done))
        assert cost(item, work[item]) == 0
        assert (np.diff(undone.cents[undone.first[item] : undone.first[item + 1]]) <= 0).all()


def test_the_least_cost_of_a_cell_is_that_of_the_best_number_of_agents(drawn):
    cost, work, undone, random = drawn
    lattice = np.arange(0, 9000, 900)
    price = random.uniform(0, 2, 4)
    left = np.array([random.integers(0, work + 1) for _ in range(30)])

    found = least_cost(left, np.arange(4), price, lattice, undone)

    for row, there in enumerate(work - left):
        for cell in range(4):
            best = min(price[cell] * done + cost(cell, there[cell] + done) for done in lattice)
            assert found[row, cell] == pytest.approx(best)


def test_agents_one_after_another_save_what_their_pieces_say(drawn):
    cost, work, undone, random = drawn
    left = random.integers(0, work + 1)

    whole, across, worth = agents_by_piece(left, 900, undone)

    for item in range(4):
        own = slice(undone.first[item], undone.first[item + 1])
        there = work[item] - left[item]
        each = [cost(item, there + 900 * n) - cost(item, there + 900 * (n + 1)) for n in range(-(-left[item] // 900))]
        alone = np.repeat(undone.cents[own] * 900, whole[own])
        assert np.sort([*alone, *worth[own][across[own] > 0]]) == pytest.approx(np.sort(each), abs=0.5)
