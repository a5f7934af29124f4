"""A solution under construction: tours, activities, blocks, and what is still missing, kept in step move by move.

Campaigns' work items stand one after another in flat arrays. An agent's slot is served to one item; `left` is what no one has
done yet. Serving in order of deadline keeps the attribution honest; `activity` re-attributes everything optimally now and then.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from models.roster.lp import Floats
from models.roster.problem import Bools, Ints, Problem
from models.roster.tours import NEVER, RestTable, best_tour, option_gains

ABSENT, BREAK, IDLE = -3, -2, -1


@dataclass(frozen=True, eq=False)
class Items:
    """All work items. `low[q, t]`, `high[q, t]`: the items of campaign q whose window holds open slot t are low..high - 1
    (a range, because windows never go back). `span`: open slots in the window of each item."""

    work: Ints
    campaign: Ints
    first: Ints
    last: Ints
    span: Ints
    cents: Floats
    """Cents per milli agent-slot missed, per item."""
    low: Ints
    high: Ints


def index_items(problem: Problem) -> Items:
    """Lay the items of all campaigns in flat arrays."""
    table = np.concatenate(
        [np.column_stack([np.full(len(items), q), items]) for q, items in enumerate(problem.items)]
    ).astype(np.int64)
    low, high = np.zeros((2, *problem.open.shape), dtype=np.int64)
    begin = 0
    for q, items in enumerate(problem.items):
        slots = np.arange(problem.slots)
        low[q] = begin + np.searchsorted(items[:, 1], slots, side="right")
        high[q] = begin + np.searchsorted(items[:, 0], slots, side="right")
        begin += len(items)
    low[~problem.open] = high[~problem.open] = 0
    opened = np.concatenate([np.zeros((len(problem.open), 1), dtype=np.int64), problem.open.cumsum(axis=1)], axis=1)
    campaign, first, last, work = (np.ascontiguousarray(column) for column in table.T)
    return Items(
        work=work,
        campaign=campaign,
        first=first,
        last=last,
        span=opened[campaign, last] - opened[campaign, first],
        cents=problem.shortage_cents[campaign],
        low=low,
        high=high,
    )


@dataclass(eq=False)
class State:
    """`tour[a, d]`: option or -1; `activity[a, t]`: campaign, IDLE, BREAK or ABSENT; `served[a, t]`, `amount[a, t]`: item and
    milli agent-slots done for it; `blocks[k]`: blocks of offer k; `left[i]`: work missing; `heads[q, t]`: room under max_agents;
    `agent_cents[a]`: overtime and broken wishes."""

    tour: Ints
    activity: Ints
    served: Ints
    amount: Ints
    blocks: Ints
    left: Ints
    heads: Ints
    agent_cents: Ints

    def copy(self) -> State:
        return State(**{name: array.copy() for name, array in vars(self).items()})


def empty_state(problem: Problem, items: Items) -> State:
    """Nobody works, nothing is bought."""
    shape = (problem.agents, problem.slots)
    return State(
        tour=np.full((problem.agents, problem.days), -1, dtype=np.int64),
        activity=np.full(shape, ABSENT, dtype=np.int64),
        served=np.full(shape, -1, dtype=np.int64),
        amount=np.zeros(shape, dtype=np.int64),
        blocks=np.zeros(len(problem.offers.partner), dtype=np.int64),
        left=items.work.copy(),
        heads=np.repeat(problem.max_heads[:, None], problem.slots, axis=1),
        agent_cents=np.zeros(problem.agents, dtype=np.int64),
    )


@njit(cache=True, nogil=True)
def clear_agent(agent: int, activity: Ints, served: Ints, amount: Ints, left: Ints, heads: Ints) -> None:
    """Take an agent out of the plan, giving back the work done."""
    for t in range(activity.shape[1]):
        q = activity[agent, t]
        if q >= 0:
            heads[q, t] += 1
            left[served[agent, t]] += amount[agent, t]
        activity[agent, t] = ABSENT
        served[agent, t] = -1
        amount[agent, t] = 0


@njit(cache=True, nogil=True)
def slot_values(
    skills: Bools, effect: int, left: Ints, heads: Ints, low: Ints, high: Ints, span: Ints, cents: Floats, guide: Floats
) -> Floats:
    """Worth of one more agent in every slot: cents of shortage saved, blended with a guide price per milli agent-slot.

    An item with a long window is worth its full price only while it has work for several slots, because an agent present all
    day would otherwise be credited many times for the same small rest.
    """
    values = np.zeros(heads.shape[1])
    for q in range(len(skills)):
        if not skills[q]:
            continue
        for t in range(heads.shape[1]):
            if heads[q, t] <= 0:
                continue
            for i in range(low[q, t], high[q, t]):
                if left[i] > 0:
                    share = left[i] if span[i] == 1 else left[i] / min(span[i], 8)
                    worth = min(effect, share) * min(cents[i], guide[q, t])
                    values[t] = max(values[t], worth)
                    break
    return values


@njit(cache=True, nogil=True)
def place_agent(
    agent: int,
    tour: Ints,
    break_slots: Ints,
    pattern: Ints,
    start: Ints,
    end: Ints,
    breaks: Ints,
    skills: Bools,
    effect: int,
    activity: Ints,
    served: Ints,
    amount: Ints,
    left: Ints,
    heads: Ints,
    low: Ints,
    high: Ints,
    cents: Floats,
) -> None:
    """Put an agent into the plan on a tour: breaks where told, every other slot on the campaign that saves most."""
    for day in range(len(tour)):
        option = tour[day]
        if option < 0:
            continue
        for t in range(start[option], end[option]):
            activity[agent, t] = IDLE
        for b in range(break_slots.shape[1]):
            if break_slots[option, b] >= 0:
                for t in range(break_slots[option, b], break_slots[option, b] + breaks[pattern[option], b, 0]):
                    activity[agent, t] = BREAK
        previous = -1
        for t in range(start[option], end[option]):
            if activity[agent, t] == BREAK:
                continue
            best, best_item, best_campaign = 0.0, -1, -1
            for q in range(len(skills)):
                if not skills[q] or heads[q, t] <= 0:
                    continue
                for i in range(low[q, t], high[q, t]):
                    if left[i] > 0:
                        saved = min(effect, left[i]) * cents[i] * (1.001 if q == previous else 1.0)
                        if saved > best:
                            best, best_item, best_campaign = saved, i, q
                        break
            if best_item >= 0:
                previous = best_campaign
                activity[agent, t] = best_campaign
                served[agent, t] = best_item
                amount[agent, t] = min(effect, left[best_item])
                left[best_item] -= amount[agent, t]
                heads[best_campaign, t] -= 1


@dataclass(frozen=True, eq=False)
class Model:
    """A problem with everything the search looks up."""

    problem: Problem
    items: Items
    rest: RestTable


def respond(model: Model, state: State, agent: int, guide: Floats) -> None:
    """Give an agent, out of the plan at the moment, the best tour against what is left."""
    problem, items, options, staff = model.problem, model.items, model.problem.options, model.problem.staff
    skills = staff.group_skills[staff.group[agent]]
    effect = int(staff.effect[agent])
    values = slot_values(skills, effect, state.left, state.heads, items.low, items.high, items.span, items.cents, guide)
    gains, break_slots = option_gains(values, options.pattern, options.start, options.end, options.breaks)
    gains = np.where(staff.allowed[agent], gains - staff.wish_cost[agent], NEVER)
    # A day at work that gains nothing is a day off.
    gains[gains <= 0] = NEVER
    _, tour = best_tour(
        gains,
        options.day_first,
        options.effective,
        model.rest.start_class,
        model.rest.next_class,
        model.rest.classes,
        staff.week_cap[agent],
        staff.overtime_cents[agent],
        int(staff.worked_before[agent]),
        staff.max_consecutive,
    )
    put_back(model, state, agent, tour, break_slots)
    _ = problem


def put_back(model: Model, state: State, agent: int, tour: Ints, break_slots: Ints) -> None:
    """Place an agent on a known tour and account for its own cost."""
    options, staff, items = model.problem.options, model.problem.staff, model.items
    place_agent(
        agent,
        tour,
        break_slots,
        options.pattern,
        options.start,
        options.end,
        options.breaks,
        staff.group_skills[staff.group[agent]],
        int(staff.effect[agent]),
        state.activity,
        state.served,
        state.amount,
        state.left,
        state.heads,
        items.low,
        items.high,
        items.cents,
    )
    state.tour[agent] = tour
    state.agent_cents[agent] = tour_cents(model.problem, agent, tour)


def tour_cents(problem: Problem, agent: int, tour: Ints) -> int:
    """Overtime and broken wishes of a tour, cents."""
    staff, worked = problem.staff, tour[tour >= 0]
    week = problem.options.day[worked] // 7
    slots = np.bincount(week, weights=problem.options.effective[worked], minlength=problem.weeks).astype(np.int64)
    overtime = staff.overtime_cents[agent, np.arange(problem.weeks), slots].sum()
    return int(overtime + staff.wish_cost[agent, worked].sum())
