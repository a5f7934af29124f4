"""Who works on what, tours and purchases given: a minimum-cost flow (OR-Tools SimpleMinCostFlow), integral by nature.

Agents of one skill set flow from (skill set, slot) over (campaign, slot) to the work items. An item that k agents can still
serve in full pays the full price k times and the rest once, so the last agent is never credited twice. The flow is exact when
all agents have the same effect; attribution to agents keeps everybody on their campaign where it can.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from ortools.graph.python import min_cost_flow

from models.roster.capacity import left_after_purchases
from models.roster.problem import Bools, Ints, Problem
from models.roster.state import ABSENT, BREAK, IDLE, Items, Model, State

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
    skills, effects, of_agent = masses(problem)
    working = (state.activity != ABSENT) & (state.activity != BREAK)
    supply = np.zeros((len(skills), problem.slots), dtype=np.int64)
    np.add.at(supply, of_agent, working.astype(np.int64))
    left, heads = left_after_purchases(problem, items, state.blocks)
    counts = _flow(problem, items, skills, int(effects.min()), supply, left, heads)
    state.activity[working] = IDLE
    state.served[:] = -1
    state.amount[:] = 0
    state.left[:] = left
    state.heads[:] = heads
    _attribute(
        counts, of_agent, working, problem.staff.effect, state.activity, state.served, state.amount, state.left, state.heads,
        items.low, items.high,
    )  # fmt: skip


def _flow(problem: Problem, items: Items, skills: Bools, effect: int, supply: Ints, left: Ints, heads: Ints) -> Ints:
    """Agents of every mass on every campaign and slot. Shape (masses, campaigns, slots)."""
    count, campaigns, slots = len(skills), problem.campaigns, problem.slots
    into, out = count * slots, count * slots + campaigns * slots
    item_node, sink = out + campaigns * slots, out + campaigns * slots + len(items.work)
    mass, campaign, slot = np.nonzero(skills[:, :, None] & problem.open[None] & (supply > 0)[:, None, :])
    arcs = [(mass * slots + slot, into + campaign * slots + slot, supply[mass, slot], np.zeros(len(mass), dtype=np.int64))]
    q, t = np.nonzero(problem.open & (items.high > items.low))
    arcs.append((into + q * slots + t, out + q * slots + t, np.minimum(heads[q, t], supply.sum(axis=0)[t]), np.zeros(len(q))))
    width = items.high[q, t] - items.low[q, t]
    tail = np.repeat(out + q * slots + t, width)
    offset = np.arange(width.sum()) - np.repeat(width.cumsum() - width, width)
    arcs.append((tail, item_node + np.repeat(items.low[q, t], width) + offset, np.full(len(tail), 10**6), np.zeros(len(tail))))
    price = np.rint(items.cents * SCALE).astype(np.int64)
    nodes = item_node + np.arange(len(items.work))
    arcs.append((nodes, np.full(len(nodes), sink), left // effect, -price * effect))
    arcs.append((nodes, np.full(len(nodes), sink), (left % effect > 0).astype(np.int64), -price * (left % effect)))
    m, t = np.nonzero(supply)
    arcs.append((m * slots + t, np.full(len(m), sink), supply[m, t], np.zeros(len(m))))
    flow = min_cost_flow.SimpleMinCostFlow()
    tails, heads_, capacities, costs = (np.concatenate(part).astype(np.int64) for part in zip(*arcs, strict=True))
    flow.add_arcs_with_capacity_and_unit_cost(tails, heads_, capacities, costs)
    flow.set_nodes_supplies(m * slots + t, supply[m, t])
    flow.set_nodes_supplies(np.array([sink]), np.array([-int(supply.sum())]))
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise RuntimeError(f"activity flow ended with {status}: every agent may idle, so this cannot happen")
    counts = np.zeros((count, campaigns, slots), dtype=np.int64)
    counts[mass, campaign, slot] = flow.flows(np.arange(len(mass)))
    return counts


@njit(cache=True, nogil=True)
def _attribute(
    counts: Ints,
    of_agent: Ints,
    working: Bools,
    effect: Ints,
    activity: Ints,
    served: Ints,
    amount: Ints,
    left: Ints,
    heads: Ints,
    low: Ints,
    high: Ints,
) -> None:
    """Hand the counts of the flow to agents: first to those already on the campaign, then to the others in order."""
    agents, slots = working.shape
    previous = np.full(agents, IDLE, dtype=np.int64)
    for t in range(slots):
        for again in range(2):
            for a in range(agents):
                if not working[a, t] or activity[a, t] >= 0:
                    continue
                chosen = IDLE
                if again == 0:
                    q = previous[a]
                    if q >= 0 and counts[of_agent[a], q, t] > 0:
                        chosen = q
                else:
                    for q in range(counts.shape[1]):
                        if counts[of_agent[a], q, t] > 0:
                            chosen = q
                            break
                if chosen < 0:
                    continue
                counts[of_agent[a], chosen, t] -= 1
                for i in range(low[chosen, t], high[chosen, t]):
                    if left[i] > 0:
                        activity[a, t] = chosen
                        served[a, t] = i
                        amount[a, t] = min(effect[a], left[i])
                        left[i] -= amount[a, t]
                        heads[chosen, t] -= 1
                        break
        for a in range(agents):
            if working[a, t]:
                previous[a] = activity[a, t]
            elif activity[a, t] == ABSENT:
                previous[a] = IDLE
