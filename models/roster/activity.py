"""Who works on what, tours and purchases given: a minimum-cost flow (OR-Tools SimpleMinCostFlow), integral by nature.

Agents of one skill set flow from (skill set, slot) over (campaign, slot) to the work items. Each piece of an item's cost pays
its price for every whole agent it can use, and once what an agent saves who begins in it and ends in the next or in nothing:
agents of one item save ever less, so the flow takes the dearest first and none is credited twice. Blocks take their part of items
of several slots in the flow too, in whole agents: served before it, in order of deadline, they would take work that agents
of other slots could do as well. The flow is exact when all agents have the same effect and every item one slot; attribution to
agents keeps everybody on their campaign where it can.
"""

from __future__ import annotations

import numpy as np
from ortools.graph.python import min_cost_flow

from models.roster.moves import attribute, put_blocks, recount
from models.roster.problem import NO_CAP, Bools, Ints, Problem
from models.roster.state import ABSENT, BREAK, IDLE, Model, State, item_windows
from models.roster.undone import agents_by_piece

SCALE = 1000
"""Flow costs are thousandths of a cent."""


def masses(problem: Problem) -> tuple[Bools, Ints, Ints]:
    """Distinct (skills, effect). Returns skills (masses, campaigns), effect (masses,), mass of every agent (agents,)."""
    staff = problem.staff
    keys = np.column_stack([staff.group_skills[staff.group], staff.effect])
    distinct, of_agent = np.unique(keys, axis=0, return_inverse=True)
    return distinct[:, :-1].astype(bool), distinct[:, -1].astype(np.int64), of_agent.ravel()


def reassign(model: Model, state: State) -> None:
    """Give every working slot the campaign that serves the whole best, in place; tours and blocks stay."""
    problem, items = model.problem, model.items
    if not problem.agents:
        return
    skills, effects, of_agent = masses(problem)
    working = (state.activity != ABSENT) & (state.activity != BREAK)
    supply = np.zeros((len(skills), problem.slots), dtype=np.int64)
    np.add.at(supply, of_agent, working.astype(np.int64))
    state.activity[working] = IDLE
    recount(problem.staff, problem.offers, problem.open, problem.max_heads, items, state)
    counts = _flow(problem, skills, int(effects.min()), supply, state)
    attribute(counts, of_agent, working, problem.staff, items, state)


def _flow(problem: Problem, skills: Bools, effect: int, supply: Ints, state: State) -> Ints:
    """Agents of every mass on every campaign and slot. Shape (masses, campaigns, slots)."""
    slots = problem.slots
    into = len(skills) * slots
    out = into + problem.open.size
    item_node = out + problem.open.size
    work = problem.work
    sink = item_node + len(work)
    arcs = _Arcs()
    mass, campaign, slot = np.nonzero(skills[:, :, None] & problem.open[None] & (supply > 0)[:, None, :])
    arcs.add(mass * slots + slot, into + campaign * slots + slot, supply[mass, slot], 0)
    low, high = item_windows(problem)
    q, t = np.nonzero(problem.open & (high > low))
    room = np.minimum(np.maximum(state.heads[q, t], 0), supply.sum(axis=0)[t])
    arcs.add(into + q * slots + t, out + q * slots + t, room, 0)
    width = high[q, t] - low[q, t]
    item = np.repeat(low[q, t], width) + np.arange(width.sum()) - np.repeat(width.cumsum() - width, width)
    arcs.add(np.repeat(out + q * slots + t, width), item_node + item, NO_CAP, 0)
    price = np.rint(problem.undone.cents * SCALE)
    owner = np.repeat(np.arange(len(problem.work)), np.diff(problem.undone.first))
    long = _are_long(problem)
    left = np.bincount(owner, weights=state.left, minlength=len(work)).astype(np.int64)
    left[long] = work[long]
    nodes = item_node + owner
    whole, across, worth = agents_by_piece(left, effect, problem.undone._replace(cents=price))
    arcs.add(nodes, sink, whole, -price.astype(np.int64) * effect)
    arcs.add(nodes, sink, across, -worth)
    m, t = np.nonzero(supply)
    arcs.add(m * slots + t, sink, supply[m, t], 0)
    # Rounded in the sum over time, so that what one slot loses another has.
    done = (_blocks_on(problem, state, long, (low, high)).cumsum(axis=1) + effect // 2) // effect
    bought = np.diff(done, axis=1, prepend=0)
    bought_q, bought_t = np.nonzero(bought)
    arcs.add(out + bought_q * slots + bought_t, sink, bought[bought_q, bought_t], 0)
    counts = np.zeros((len(skills), *problem.open.shape), dtype=np.int64)
    flows = arcs.cheapest_flow(
        np.concatenate([m * slots + t, out + bought_q * slots + bought_t]),
        np.concatenate([supply[m, t], bought[bought_q, bought_t]]),
        sink,
    )
    counts[mass, campaign, slot] = flows[: len(mass)]
    return counts


def _are_long(problem: Problem) -> Bools:
    """Which items have more than one open slot. Shape (items,)."""
    spans = [problem.open[q, first:last].sum() > 1 for q, items in enumerate(problem.items) for first, last, _ in items]
    return np.array(spans, dtype=bool)


def _blocks_on(problem: Problem, state: State, long: Bools, windows: tuple[Ints, Ints]) -> Ints:
    """What blocks do for long items, milli agents. Shape (campaigns, slots)."""
    work, seats = np.zeros((2, *problem.open.shape), dtype=np.int64)
    put_blocks(state.blocks, problem.offers, problem.open, work, seats)
    before = np.concatenate([[0], long.cumsum()])
    low, high = windows
    bought: Ints = np.where(before[high] > before[low], work, 0)
    return bought


class _Arcs:
    """Arcs of a flow network, added in blocks."""

    def __init__(self) -> None:
        self._blocks: list[tuple[Ints, ...]] = []

    def add(self, tail: Ints, head: Ints | int, capacity: Ints | int, cost: Ints | int) -> None:
        parts = np.broadcast_arrays(tail, head, capacity, cost)
        self._blocks.append(tuple(part.astype(np.int64) for part in parts))

    def cheapest_flow(self, nodes: Ints, supplies: Ints, sink: int) -> Ints:
        """Flow on every arc, in the order added, that brings all supplies to the sink at least cost."""
        flow = min_cost_flow.SimpleMinCostFlow()
        tail, head, capacity, cost = (np.concatenate(part) for part in zip(*self._blocks, strict=True))
        flow.add_arcs_with_capacity_and_unit_cost(tail, head, capacity, cost)
        flow.set_nodes_supplies(nodes, supplies)
        flow.set_nodes_supplies(np.array([sink]), np.array([-int(supplies.sum())]))
        status = flow.solve()
        if status != flow.OPTIMAL:
            raise RuntimeError(f"activity flow ended with {status} although every agent may idle")
        return np.asarray(flow.flows(np.arange(len(tail))), dtype=np.int64)
