"""Capacity against work items, kept in step change by change and taken back at will.

Each open slot of a campaign has capacity (whole agents, whole blocks), which is done for the items that may use it, in order of
deadline, or spare. `journal` remembers every number overwritten, so that a round of the search that does not pay leaves no
trace, at the price of what it touched alone.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from models.roster.problem import Floats, Ints, Problem
from models.roster.state import BREAK, Items, State

LARGEST_JOURNAL = 2**21
"""Lines; a round that could need more is given up."""


class Ledger(NamedTuple):
    """The plan in flat arrays, so that one number finds any entry.

    `pair[q, t]` is the first entry of slot t of campaign q in `done`, which has one for each item low..high - 1 of the slot.
    `bought[q]` is work of partners, `hours[p]` billed hours in minutes. `money[0]`: cents of undone work, more or less than at
    the start. `journal[n] = (what, index, old value)` for n < `length[0]`, where `what` is the place of the array in
    this list; `worst` lines at most for one change of capacity.
    """

    left: Ints
    done: Ints
    spare: Ints
    heads: Ints
    activity: Ints
    tour: Ints
    breaks: Ints
    cents: Ints
    blocks: Ints
    bought: Ints
    minutes: Ints
    pair: Ints
    money: Floats
    journal: Ints
    length: Ints
    worst: int


def open_ledger(problem: Problem, items: Items, state: State) -> Ledger:
    """The state's tours, activities and blocks as a ledger."""
    width = np.where(problem.open, items.high - items.low, 0)
    ends = np.cumsum(width.ravel())
    offers = problem.offers
    lines = np.concatenate([[0], np.cumsum(2 + 3 * items.span)])
    worst = 2 * (int((lines[items.high] - lines[items.low]).max(initial=5)) + 4)
    longest = int((problem.options.end - problem.options.start).max(initial=1))
    size = min(LARGEST_JOURNAL, 16 * longest * worst)
    ledger = Ledger(
        left=items.work.copy(),
        done=np.zeros(int(width.sum()), dtype=np.int64),
        spare=np.zeros(problem.open.shape, dtype=np.int64),
        heads=np.repeat(problem.max_heads[:, None], problem.slots, axis=1),
        activity=state.activity.copy(),
        tour=state.tour.copy(),
        breaks=breaks_of(problem, state),
        cents=state.agent_cents.copy(),
        blocks=state.blocks.copy(),
        bought=np.bincount(offers.campaign, weights=offers.work * state.blocks, minlength=problem.campaigns).astype(
            np.int64
        ),
        minutes=np.bincount(
            offers.partner, weights=np.rint(offers.hours * 60) * state.blocks, minlength=len(problem.case.partners)
        ).astype(np.int64),
        pair=(ends - width.ravel()).reshape(width.shape),
        money=np.zeros(1),
        journal=np.zeros((size, 3), dtype=np.int64),
        length=np.zeros(1, dtype=np.int64),
        worst=worst,
    )
    _fill(ledger, items, problem)
    return ledger


def _fill(ledger: Ledger, items: Items, problem: Problem) -> None:
    """Put all capacity on its slots, in order of time."""
    capacity = np.zeros(problem.open.shape, dtype=np.int64)
    agent, slot = np.nonzero(ledger.activity >= 0)
    campaign = ledger.activity[agent, slot]
    np.add.at(capacity, (campaign, slot), problem.staff.effect[agent])
    np.subtract.at(ledger.heads, (campaign, slot), 1)
    offers = problem.offers
    for k in np.flatnonzero(ledger.blocks):
        q, span = offers.campaign[k], slice(offers.first[k], offers.last[k])
        capacity[q, span] += ledger.blocks[k] * offers.effect[k] * problem.open[q, span]
        ledger.heads[q, span] -= ledger.blocks[k] * offers.seats[k] * problem.open[q, span]
    for q, t in zip(*np.nonzero(capacity), strict=True):
        give(int(q), int(t), int(capacity[q, t]), ledger, items)
        ledger.length[0] = 0
    ledger.money[0] = 0.0


def breaks_of(problem: Problem, state: State) -> Ints:
    """First slot of every break of every shift, -1 where there is none. Shape (agents, days, breaks)."""
    options = problem.options
    found = np.full((problem.agents, problem.days, options.breaks.shape[1]), -1, dtype=np.int64)
    for agent, day in zip(*np.nonzero(state.tour >= 0), strict=True):
        option = state.tour[agent, day]
        start = options.start[option]
        taken = iter(start + np.flatnonzero(state.activity[agent, start : options.end[option]] == BREAK))
        for number in np.argsort(options.breaks[option, :, 1], kind="stable"):
            for place in range(options.breaks[option, number, 0]):
                slot = next(taken)
                if place == 0:
                    found[agent, day, number] = slot
    return found


@njit(cache=True, nogil=True)
def note(what: int, index: int, old: int, ledger: Ledger) -> None:
    n = ledger.length[0]
    ledger.journal[n, 0] = what
    ledger.journal[n, 1] = index
    ledger.journal[n, 2] = old
    ledger.length[0] = n + 1


@njit(cache=True, nogil=True)
def _serve(q: int, t: int, i: int, amount: int, ledger: Ledger, items: Items) -> None:
    """Do so much of item i in slot t; take it back where negative."""
    entry = ledger.pair[q, t] + i - items.low[q, t]
    note(0, i, ledger.left[i], ledger)
    note(1, entry, ledger.done[entry], ledger)
    ledger.left[i] -= amount
    ledger.done[entry] += amount
    ledger.money[0] -= amount * items.cents[i]


@njit(cache=True, nogil=True)
def give(q: int, t: int, capacity: int, ledger: Ledger, items: Items) -> None:
    """Put capacity on a slot: earliest deadlines first, the rest is spare."""
    for i in range(items.low[q, t], items.high[q, t]):
        if capacity == 0:
            return
        used = min(capacity, ledger.left[i])
        if used > 0:
            _serve(q, t, i, used, ledger, items)
            capacity -= used
    if capacity > 0:
        cell = q * ledger.spare.shape[1] + t
        note(2, cell, ledger.spare[q, t], ledger)
        ledger.spare[q, t] += capacity


@njit(cache=True, nogil=True)
def take(q: int, t: int, capacity: int, ledger: Ledger, items: Items) -> None:
    """Take capacity off a slot: what is spare first, then from the latest deadlines, which spare capacity elsewhere may do."""
    used = min(capacity, ledger.spare[q, t])
    if used > 0:
        note(2, q * ledger.spare.shape[1] + t, ledger.spare[q, t], ledger)
        ledger.spare[q, t] -= used
        capacity -= used
    for i in range(items.high[q, t] - 1, items.low[q, t] - 1, -1):
        if capacity == 0:
            return
        used = min(capacity, ledger.done[ledger.pair[q, t] + i - items.low[q, t]])
        if used <= 0:
            continue
        capacity -= used
        _serve(q, t, i, -used, ledger, items)
        if items.span[i] > 1:
            _refill(q, t, i, ledger, items)


@njit(cache=True, nogil=True)
def _refill(q: int, without: int, i: int, ledger: Ledger, items: Items) -> None:
    """Do what is left of an item with spare capacity of its other slots."""
    for t in range(items.first[i], items.last[i]):
        if ledger.left[i] == 0:
            return
        if t != without and ledger.spare[q, t] > 0 and items.low[q, t] <= i < items.high[q, t]:
            used = min(ledger.spare[q, t], ledger.left[i])
            note(2, q * ledger.spare.shape[1] + t, ledger.spare[q, t], ledger)
            ledger.spare[q, t] -= used
            _serve(q, t, i, used, ledger, items)


@njit(cache=True, nogil=True)
def set_activity(agent: int, t: int, activity: int, effect: int, ledger: Ledger, items: Items) -> None:
    """What an agent does in a slot, and the capacity and room that go with it."""
    before = ledger.activity[agent, t]
    if before == activity:
        return
    slots = ledger.activity.shape[1]
    note(4, agent * slots + t, before, ledger)
    ledger.activity[agent, t] = activity
    if before >= 0:
        note(3, before * slots + t, ledger.heads[before, t], ledger)
        ledger.heads[before, t] += 1
        take(before, t, effect, ledger, items)
    if activity >= 0:
        note(3, activity * slots + t, ledger.heads[activity, t], ledger)
        ledger.heads[activity, t] -= 1
        give(activity, t, effect, ledger, items)


@njit(cache=True, nogil=True)
def undo(ledger: Ledger) -> None:  # noqa: C901 - one branch per array
    """Put every number back as it was when the journal was empty."""
    left, done, spare, heads = ledger.left, ledger.done, ledger.spare.reshape(-1), ledger.heads.reshape(-1)
    activity, tour, breaks = ledger.activity.reshape(-1), ledger.tour.reshape(-1), ledger.breaks.reshape(-1)
    for n in range(ledger.length[0] - 1, -1, -1):
        what, index, old = ledger.journal[n]
        if what == 0:
            left[index] = old
        elif what == 1:
            done[index] = old
        elif what == 2:
            spare[index] = old
        elif what == 3:
            heads[index] = old
        elif what == 4:
            activity[index] = old
        elif what == 5:
            tour[index] = old
        elif what == 6:
            breaks[index] = old
        elif what == 7:
            ledger.cents[index] = old
        elif what == 8:
            ledger.blocks[index] = old
        elif what == 9:
            ledger.bought[index] = old
        else:
            ledger.minutes[index] = old
    ledger.length[0] = 0
