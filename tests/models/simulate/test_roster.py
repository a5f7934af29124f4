"""What the roster does to contacts: breaks, ends of shifts, absence, closing time, and who takes whom."""

from __future__ import annotations

import numpy as np

from models.simulate.state import ANSWERED, BUSY, LEFT, OFFERED, PRESENT, WAIT, WITHIN
from models.simulate.world import ABSENCE, CLOSING, DEFERRABLE, changes

ENDLESS = 1e9  # a handling time beyond any run


def test_who_has_a_contact_finishes_it_before_she_leaves(lab):
    world = lab.world(slots=6, aht=7200.0)
    [tally] = lab.live(world, lab.rostered(world, [[(0.0, 0), (3600.0, -1)]]), [30, 0, 0, 0, 0, 0], runs=1)

    # She is on duty until the contact ends that she had at the end of her hour, and takes no other one after it.
    assert tally[:, 0, PRESENT].sum() > 3600
    assert tally[0, 0, BUSY] <= tally[:, 0, PRESENT].sum()
    assert tally[1:, 0, BUSY].sum() == 0
    assert tally[0, 0, OFFERED] == tally[0, 0, ANSWERED] + tally[0, 0, LEFT]


def test_nobody_answers_during_a_break(lab):
    world = lab.world(slots=4, aht=1.0)
    lunch = [(0.0, 0), (3600.0, -1), (7200.0, 0)]
    [tally] = lab.live(world, lab.rostered(world, [lunch]), [0, 200, 0, 0], runs=1)

    assert tally[1, 0, ANSWERED] == tally[1, 0, OFFERED]
    assert tally[1, 0, WAIT] / tally[1, 0, OFFERED] > 1800  # half of the break, and then one after another
    assert tally[1, 0, PRESENT] == 0
    assert tally[1, 0, BUSY] == 0
    assert tally[2, 0, BUSY] > 0


def test_absence_is_a_break_that_ends_when_both_are_over(lab):
    world = lab.world(slots=4, aht=1.0)
    away = changes(np.array([1800.0, 5400.0]), ABSENCE, np.array([0, 0]), np.array([1, -1]))
    [tally] = lab.live(world, lab.rostered(world, [[(0.0, 0), (3600.0, -1), (4500.0, 0)]], away), 10, runs=1)

    assert tally[:, 0, PRESENT].tolist() == [1800.0, 1800.0, 3600.0, 3600.0]


def test_at_closing_time_those_who_wait_are_sent_away(lab):
    world = lab.world(slots=4)
    closing = changes(np.array([3600.0]), CLOSING, np.array([0]), 0)
    [tally] = lab.live(world, lab.rostered(world, [[]], closing), [50, 0, 50, 0], runs=1)

    np.testing.assert_array_equal(tally[:, 0, LEFT], tally[:, 0, OFFERED])
    # Half an hour to closing on average, and one and a half to the end.
    assert abs(tally[0, 0, WAIT] / tally[0, 0, OFFERED] - 1800) < 500
    assert abs(tally[2, 0, WAIT] / tally[2, 0, OFFERED] - 5400) < 500


def test_a_change_of_activity_waits_for_the_contact_in_hand(lab):
    world = lab.world(campaigns=2, slots=4, aht=np.array([[1.0], [1.0]]))
    roster = lab.rostered(world, [[(0.0, 0), (3600.0, 1)]])
    [tally] = lab.live(world, roster, np.array([[60.0], [60.0]]), runs=1)

    assert tally[0, 0, BUSY] > 0
    assert tally[1:, 0, BUSY].sum() == 0
    assert tally[0, 1, BUSY] == 0
    assert tally[0, 1, ANSWERED] == tally[0, 1, OFFERED]  # they waited for her
    assert tally[1:, 0, ANSWERED].sum() == 0


def test_the_longest_idle_agent_is_asked_first(lab):
    """Two agents and endless contacts: the one who came an hour later is still idle after the first contact."""
    world = lab.world(servers=2, slots=3, aht=ENDLESS)
    late = [(0.0, 0)], [(3600.0, 0)]
    away = changes(np.array([7200.0]), ABSENCE, np.array([1]), np.array([1]))
    tallies = lab.live(world, lab.rostered(world, late, away), [0, 1, 0], runs=40)

    one = tallies[tallies[:, :, 0, OFFERED].sum(axis=1) == 1, :, 0]
    assert len(one) > 5
    # Agent 1 went idle at the last hour, and her time on duty ends there: agent 0 had the contact.
    np.testing.assert_allclose(one[:, 1, PRESENT], 7200)
    assert (one[:, 2, PRESENT] >= 3600).all()


def test_a_pooled_agent_takes_who_waited_longest_of_the_others(lab):
    """All of campaign 1 came in the first hour, all of campaign 2 in the second: she answers them in that order."""
    world = lab.world(
        campaigns=3, slots=12, aht=np.full((3, 1), 300.0), group=np.array([0]), serves=np.array([[True, True, True]])
    )
    mean = np.zeros((3, 12))
    mean[1, 0], mean[2, 1] = 12, 12
    [tally] = lab.live(world, lab.rostered(world, [[(7200.0, 0)]]), mean, runs=1)

    assert tally[0, 1, ANSWERED] == tally[0, 1, OFFERED] > 0
    assert tally[1, 2, ANSWERED] == tally[1, 2, OFFERED] > 0
    waits = tally[0, 1, WAIT] / tally[0, 1, OFFERED], tally[1, 2, WAIT] / tally[1, 2, OFFERED]
    # 12 x 300 s is an hour: with one queue after the other, each waits about two hours.
    assert abs(waits[0] - waits[1]) < 2000
    assert tally[:, 0, BUSY].sum() > 0  # hers is the campaign she is rostered on


def test_without_pooling_others_wait_in_vain(lab):
    world = lab.world(campaigns=2, slots=4)
    [tally] = lab.live(world, lab.rostered(world, [[(0.0, 0)]]), np.array([[0.0], [20.0]]), runs=1)

    assert tally[:, 1, ANSWERED].sum() == 0


def test_partner_seats_of_double_speed_take_half_the_time(lab):
    world = lab.world(servers=4, slots=200, speed=np.array([2.0]))
    tallies = lab.live(world, lab.rostered(world, [[(0.0, 0)]] * 4), 24.0, runs=2)

    assert abs(tallies[..., BUSY].sum() / tallies[..., ANSWERED].sum() - 150) < 8


def test_deferrable_work_waits_for_its_deadline_and_is_done_in_order(lab):
    """Ten hours of work come within one and are due in five: who comes at x is done at 10 x, in time for x <= 5/9."""
    world = lab.world(slots=48, aht=36.0, channel=DEFERRABLE, due=5 * 3600.0, target=0.0)
    mean = np.zeros((1, 48))
    mean[0, 0] = 1000
    tallies = lab.live(world, lab.rostered(world, [[(0.0, 0)]]), mean, runs=8)[:, :, 0]

    in_time = tallies[..., WITHIN].sum() / tallies[..., OFFERED].sum()
    assert abs(in_time - 5 / 9) < 0.02
    assert tallies[..., ANSWERED].sum() == tallies[..., OFFERED].sum()


def test_work_of_ones_own_pace_leaves_the_idle_time_it_must(lab):
    world = lab.world(slots=100, aht=60.0, channel=DEFERRABLE, due=1e9, pace=1 / 0.8)
    [tally] = lab.live(world, lab.rostered(world, [[(0.0, 0)]]), 80.0, runs=1)

    assert abs(tally[50:, 0, BUSY].sum() / tally[50:, 0, PRESENT].sum() - 0.8) < 0.01
