"""Capacity slot by slot, and earliest deadline first against an exact flow."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.coverage import capacity, unmet, worked
from wfm.requirement import CampaignRequirement, WorkItem

MONDAY_0800, MONDAY_0900, MONDAY_1200 = 16, 18, 24


def requirement(items: list[tuple[int, int, int]], slots: int) -> CampaignRequirement:
    zeros = (0.0,) * slots
    return CampaignRequirement(
        campaign="c",
        items=tuple(WorkItem(first_slot=first, last_slot=last, work=work) for first, last, work in items),
        volume=zeros,
        aht_seconds=zeros,
        net_agents=zeros,
        service_level=None,
        service_level_definition=None,
        method="by hand",
    )


def test_people_count_less_shrinkage_and_seats_count_their_productivity(tiny_case, tiny_plan):
    service = capacity(tiny_case, tiny_plan)["service"]

    assert (service.own[MONDAY_0800], service.partner[MONDAY_0800], service.heads[MONDAY_0800]) == (900, 1800, 3)
    assert (service.own[MONDAY_0900], service.total[MONDAY_0900]) == (1800, 3600)
    assert (service.own[MONDAY_1200], service.partner[MONDAY_1200]) == (900, 0)


def test_nothing_counts_while_the_campaign_is_closed(tiny_case, make_shift, make_plan):
    evening = make_shift("A1", 0, 16, ("service", 4))
    service = capacity(tiny_case, make_plan(tiny_case, [evening]))["service"]

    assert service.own.sum() == 2 * 900
    assert service.heads.sum() == 2


def test_idle_time_and_breaks_cover_nothing(tiny_case, tiny_plan):
    total = sum(int(entry.own.sum()) for entry in capacity(tiny_case, tiny_plan).values())

    assert total == 5 * 900 * (14 + 12 + 14)


def test_work_left_undone_by_hand():
    items = [(0, 2, 1500), (1, 3, 1000), (3, 4, 700)]

    assert unmet(requirement(items, 4), np.array([1000, 1000, 0, 1000])).tolist() == [0, 500, 0]


def test_capacity_before_the_first_slot_is_lost():
    assert unmet(requirement([(1, 2, 500)], 2), np.array([9000, 100])).tolist() == [400]


def test_no_items_leave_nothing_undone():
    assert unmet(requirement([], 2), np.array([1, 1])).shape == (0,)


@st.composite
def agreeable(draw):
    """Items whose first and last slots never decrease, and a capacity."""
    slots = draw(st.integers(1, 6))
    count = draw(st.integers(1, 5))
    firsts = sorted(draw(st.lists(st.integers(0, slots - 1), min_size=count, max_size=count)))
    lasts = sorted(draw(st.lists(st.integers(1, slots), min_size=count, max_size=count)))
    lasts = [max(first + 1, last) for first, last in zip(firsts, lasts, strict=True)]
    work = draw(st.lists(st.integers(0, 5), min_size=count, max_size=count))
    available = draw(st.lists(st.integers(0, 5), min_size=slots, max_size=slots))
    return list(zip(firsts, lasts, work, strict=True)), available


def most_work(items, available) -> int:
    """Largest amount of work that can be done: by Hall's theorem the least cut over sets of slots."""
    slots = len(available)
    cuts = []
    for chosen in range(1 << slots):
        inside = [slot for slot in range(slots) if chosen >> slot & 1]
        rest = sum(work for first, last, work in items if not set(range(first, last)) <= set(inside))
        cuts.append(sum(available[slot] for slot in inside) + rest)
    return min(cuts)


@settings(derandomize=True, max_examples=80, deadline=None, database=None)
@given(agreeable())
def test_earliest_deadline_first_does_the_most_work(drawn):
    items, available = drawn
    missing = unmet(requirement(items, len(available)), np.array(available))

    assert (missing >= 0).all()
    assert sum(work for _, _, work in items) - missing.sum() == most_work(items, available)


def test_work_uses_capacity_by_deadline_and_leaves_the_rest_spare():
    items = [(0, 2, 1500), (1, 3, 200), (3, 4, 700)]

    assert worked(requirement(items, 4), np.array([1000, 1000, 400, 1000])).tolist() == [1000, 700, 0, 700]


@settings(derandomize=True, max_examples=80, deadline=None, database=None)
@given(agreeable())
def test_work_done_slot_by_slot_is_the_work_not_missing(drawn):
    items, available = drawn
    entry, there = requirement(items, len(available)), np.array(available)
    used = worked(entry, there)

    assert ((used >= 0) & (used <= there)).all()
    assert used.sum() == entry.work - unmet(entry, there).sum()
