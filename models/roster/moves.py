"""Compiled steps on a state: agents in, activities handed out or swapped, and the recount of who serves what.

The compiled cache knows nothing of other files: see `models.compiled`.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from models.roster.lawful import lawful_tour
from models.roster.problem import Bools, Floats, Ints, Offers, ShiftOptions, Staff
from models.roster.state import Items, State
from models.roster.stays import is_short
from models.roster.tours import NEVER, RestTable, option_gains

_ABSENT, _BREAK, _IDLE = -3, -2, -1  # as in `state`; compiled code keeps its own


@njit(cache=True, nogil=True)
def serve_in_order(capacity: Ints, first: Ints, last: Ints, left: Ints) -> None:
    """Use capacity of slots for items in order of deadline, earliest slots first; both arrays are reduced in place."""
    for i in range(len(left)):
        for t in range(first[i], last[i]):
            if left[i] == 0:
                break
            used = min(capacity[t], left[i])
            capacity[t] -= used
            left[i] -= used


@njit(cache=True, nogil=True)
def put_blocks(blocks: Ints, offers: Offers, is_open: Bools, work: Ints, seats: Ints) -> None:
    """Add the work (milli agents, in open slots) and the seats of purchases to arrays of shape (campaigns, slots)."""
    for k in range(len(blocks)):
        if blocks[k] > 0:
            q = offers.campaign[k]
            for t in range(offers.first[k], offers.last[k]):
                if is_open[q, t]:
                    work[q, t] += blocks[k] * offers.effect[k]
                    seats[q, t] += blocks[k] * offers.seats[k]


@njit(cache=True, nogil=True)
def respond(
    agent: int, staff: Staff, options: ShiftOptions, rest: RestTable, items: Items, state: State, guide: Floats
) -> None:
    """Give an agent without a tour the best one against what is left."""
    skills = staff.group_skills[staff.group[agent]]
    values = _slot_values(skills, staff.effect[agent], items, state, guide)
    gains, break_slots = option_gains(values, options)
    for o in range(len(gains)):
        gains[o] -= staff.option_cents[agent, o]
        # A day at work that gains nothing is a day off.
        if gains[o] <= 0 or not staff.allowed[agent, o]:
            gains[o] = NEVER
    tour, cents = lawful_tour(agent, gains, break_slots, staff, options, rest)
    for day in range(len(tour)):
        if tour[day] >= 0:
            _place_shift(agent, tour[day], break_slots, skills, staff.effect[agent], options, items, state)
            cents += staff.wish_cost[agent, tour[day]]
    state.tour[agent, :] = tour
    state.agent_cents[agent] = cents


@njit(cache=True, nogil=True)
def _slot_values(skills: Bools, effect: int, items: Items, state: State, guide: Floats) -> Floats:
    """Worth of one more agent in every slot: cents of shortage saved, at most a guide price per milli agent-slot.

    An item with a long window is worth its full price only while it has work for several slots, because an agent present all
    day would otherwise be credited many times for the same small rest.
    """
    values = np.zeros(state.heads.shape[1])
    for q in range(len(skills)):
        if not skills[q]:
            continue
        for t in range(len(values)):
            if state.heads[q, t] <= 0:
                continue
            gain, rest = 0.0, float(effect)
            for i in range(items.low[q, t], items.high[q, t]):
                if state.left[i] > 0:
                    done = min(rest, state.left[i] / min(items.span[i], 8))
                    gain += done * min(items.cents[i], guide[q, t])
                    rest -= done
                    if rest <= 0 or items.span[i] > 1:
                        break
            values[t] = max(values[t], gain)
    return values


@njit(cache=True, nogil=True)
def _place_shift(
    agent: int,
    option: int,
    break_slots: Ints,
    skills: Bools,
    effect: int,
    options: ShiftOptions,
    items: Items,
    state: State,
) -> None:
    """Put one shift into the plan: breaks where told, every other slot on the campaign that saves most."""
    for t in range(options.start[option], options.end[option]):
        state.activity[agent, t] = _IDLE
    for b in range(break_slots.shape[1]):
        if break_slots[option, b] >= 0:
            for t in range(break_slots[option, b], break_slots[option, b] + options.breaks[option, b, 0]):
                state.activity[agent, t] = _BREAK
    previous = -1
    for t in range(options.start[option], options.end[option]):
        if state.activity[agent, t] == _BREAK:
            continue
        best, best_campaign = 0.0, -1
        for q in range(len(skills)):
            if not skills[q] or state.heads[q, t] <= 0:
                continue
            saved, rest = 0.0, effect
            for i in range(items.low[q, t], items.high[q, t]):
                if state.left[i] > 0:
                    done = min(rest, state.left[i])
                    saved += done * items.cents[i]
                    rest -= done
                    if rest == 0 or items.span[i] > 1:
                        break
            # Staying on a campaign wins ties.
            saved *= 1.001 if q == previous else 1.0
            if saved > best:
                best, best_campaign = saved, q
        if best_campaign >= 0:
            previous = best_campaign
            state.activity[agent, t] = best_campaign
            _serve(t, best_campaign, effect, items, state)


@njit(cache=True, nogil=True)
def _serve(t: int, campaign: int, effect: int, items: Items, state: State) -> None:
    """One more agent on a campaign: on one item, or pieces of one."""
    state.heads[campaign, t] -= 1
    for i in range(items.low[campaign, t], items.high[campaign, t]):
        done = min(effect, state.left[i])
        state.left[i] -= done
        effect -= done
        if effect == 0 or (done > 0 and items.span[i] > 1):
            return


@njit(cache=True, nogil=True)
def recount(staff: Staff, offers: Offers, is_open: Bools, max_heads: Ints, items: Items, state: State) -> None:
    """Serve purchases first and agents after them, keeping tours, activities and blocks: what changed shows in `left`."""
    work = np.zeros(is_open.shape, dtype=np.int64)
    seats = np.zeros(is_open.shape, dtype=np.int64)
    put_blocks(state.blocks, offers, is_open, work, seats)
    state.left[:] = items.work
    begin = 0
    for q in range(len(work)):
        end = begin
        while end < len(items.work) and items.campaign[end] == q:
            end += 1
        serve_in_order(work[q], items.first[begin:end], items.last[begin:end], state.left[begin:end])
        begin = end
        for t in range(is_open.shape[1]):
            state.heads[q, t] = max_heads[q] - seats[q, t]
    for t in range(is_open.shape[1]):
        for agent in range(len(staff.group)):
            q = state.activity[agent, t]
            if q < 0:
                continue
            _serve(t, q, staff.effect[agent], items, state)


@njit(cache=True, nogil=True)
def attribute(counts: Ints, of_agent: Ints, working: Bools, staff: Staff, items: Items, state: State) -> None:
    """Hand counts of (mass, campaign, slot) to agents: first to those already on the campaign, then to the others in order."""
    agents, slots = working.shape
    previous = np.full(agents, _IDLE, dtype=np.int64)
    for t in range(slots):
        for again in range(2):
            for agent in range(agents):
                if not working[agent, t] or state.activity[agent, t] >= 0:
                    continue
                chosen = -1
                for q in range(counts.shape[1]):
                    if counts[of_agent[agent], q, t] > 0 and (again == 1 or q == previous[agent]):
                        chosen = q
                        break
                if chosen < 0:
                    continue
                counts[of_agent[agent], chosen, t] -= 1
                state.activity[agent, t] = chosen
                _serve(t, chosen, staff.effect[agent], items, state)
        for agent in range(agents):
            if working[agent, t]:
                previous[agent] = state.activity[agent, t]
            elif state.activity[agent, t] == _ABSENT:
                previous[agent] = _IDLE


@njit(cache=True, nogil=True)
def swap_for_calm(activity: Ints, staff: Staff, passes: int) -> None:
    """Let pairs of agents swap what they do in any set of slots so that activities change as seldom as they can, in place.

    Only agents who do the same amount of work swap, and only what both can do, so capacity, and with it cost, stays as it is.
    A pair does not swap where one of them would leave a campaign too soon (`stays`).
    """
    before = np.empty((2, activity.shape[1]), dtype=np.int64)
    agents = len(activity)
    for _ in range(passes):
        swapped = False
        for one in range(agents):
            for other in range(one + 1, agents):
                skills_one = staff.group_skills[staff.group[one]]
                skills_other = staff.group_skills[staff.group[other]]
                if staff.effect[one] == staff.effect[other] and (skills_one & skills_other).any():
                    before[0], before[1] = activity[one], activity[other]
                    changed = _calm_pair(activity[one], activity[other], skills_one, skills_other)
                    slots = activity.shape[1]
                    if changed and (
                        is_short(activity[one], 0, slots, staff) or is_short(activity[other], 0, slots, staff)
                    ):
                        activity[one], activity[other] = before[0], before[1]
                        changed = False
                    swapped |= changed
        if not swapped:
            return


@njit(cache=True, nogil=True)
def _calm_pair(a: Ints, b: Ints, skills_a: Bools, skills_b: Bools) -> bool:
    """Fewest changes over keep (0) or swap (1) in every slot: a dynamic program over slots. Whether anything was swapped."""
    slots = len(a)
    came = np.zeros((slots, 2), dtype=np.int8)
    cost = np.array([0, 1_000_000])
    kept = 0
    for t in range(slots):
        both = a[t] >= _IDLE and b[t] >= _IDLE
        may = both and (a[t] < 0 or skills_b[a[t]]) and (b[t] < 0 or skills_a[b[t]])
        step = np.full((2, 2), 1_000_000)
        for now in range(2 if may else 1):
            for before in range(2):
                changes = 0
                if t > 0:
                    was_a, was_b = (b[t - 1], a[t - 1]) if before else (a[t - 1], b[t - 1])
                    is_a, is_b = (b[t], a[t]) if now else (a[t], b[t])
                    changes += was_a >= _IDLE and is_a >= _IDLE and was_a != is_a
                    changes += was_b >= _IDLE and is_b >= _IDLE and was_b != is_b
                    if before == 0 and now == 0:
                        kept += changes
                step[before, now] = cost[before] + changes
        for now in range(2):
            came[t, now] = step[1, now] < step[0, now]
            cost[now] = min(step[0, now], step[1, now])
    if min(cost[0], cost[1]) >= kept:
        return False
    now = int(cost[1] < cost[0])
    for t in range(slots - 1, -1, -1):
        if now:
            a[t], b[t] = b[t], a[t]
        now = came[t, now]
    return True
