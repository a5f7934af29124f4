"""The table of losses that a requirement carries."""

from __future__ import annotations

from itertools import groupby, pairwise

import numpy as np
import pytest

from models.staffing.erlang import performance
from models.staffing.losses import with_help
from models.staffing.offered_load import modified_offered_load
from models.staffing.requirement import build_requirement
from wfm.opening import open_slots
from wfm.requirement import LossTable


def test_the_pieces_sum_to_what_is_lost(tiny_case, make_forecast, change_campaign):
    case = change_campaign(tiny_case, "service", lost_contact_cost=500)
    is_open = open_slots(case, case.campaigns[0])

    entry = build_requirement(case, make_forecast(case, volume={"service": 30.0})).campaigns[0]

    table = entry.losses
    rows = list(zip(table.slot, table.milli_agents, table.cents_per_agent, strict=True))
    loads = modified_offered_load(30.0 * is_open, np.full(len(is_open), 300.0), is_open, 1800)
    assert sorted(set(table.slot)) == np.flatnonzero(is_open).tolist()
    for slot, pieces in groupby(rows, key=lambda row: row[0]):
        found = [(agents, cents) for _, agents, cents in pieces]
        assert found[0][0] == 0
        assert found[-1][1] == 0
        assert all(before[1] >= after[1] for before, after in pairwise(found))
        for agents in (0, 3, 6):
            saved = sum(
                cents * (min(after, 1000 * agents) - before) / 1000
                for (before, cents), (after, _) in pairwise(found)
                if before < 1000 * agents
            )
            kept = 1 - float(performance(agents, loads[slot], 300, 0, 120).abandonment)
            assert saved == pytest.approx(500 * 30 * kept, abs=0.004 * 500 * 30 + 4)


def test_without_a_price_there_is_no_table(tiny_case, make_forecast):
    assert build_requirement(tiny_case, make_forecast(tiny_case, volume={"service": 30.0})).campaigns[0].losses is None


def test_who_helps_out_counts_like_who_is_rostered():
    table = LossTable(slot=(2, 2, 2, 4, 4), milli_agents=(0, 1500, 4000, 0, 800), cents_per_agent=(900, 100, 0, 300, 0))
    credit = np.array([0.0, 0.0, 1.0, 0.0, 2.0])

    helped = with_help(table, credit)

    assert helped.by_slot() == {2: [(0, 500, 900), (500, 3000, 100)]}
    for there in (0, 700, 2500):
        assert helped.milli_cents([there] * 5)[2] == table.milli_cents([there + 1000] * 5)[2]


def test_who_leaves_to_help_others_is_missing():
    table = LossTable(slot=(0, 0, 0), milli_agents=(0, 1500, 4000), cents_per_agent=(900, 100, 0))

    assert with_help(table, np.array([-0.5])).by_slot() == {0: [(0, 2000, 900), (2000, 4500, 100)]}
