"""Contacts that wait: they come, hang up, are taken, or are sent away."""

from __future__ import annotations

from models.simulate.compiled import compiled
from models.simulate.state import ABANDONED, ABANDONED_WITHIN, DEFERRED, LEFT, WAIT, State
from models.simulate.world import World


@compiled
def join(state: State, queue: int, arrived: float, handling: float, gives_up: float) -> int:
    """Put a contact at the end of a queue; its place, or -1 when there is no room for it."""
    waiting = state.waiting
    place: int = waiting.free[0]
    if place < 0:
        return -1
    waiting.free[0] = waiting.after[place]
    waiting.arrived[place] = arrived
    waiting.handling[place] = handling
    waiting.gives_up[place] = gives_up
    waiting.after[place] = -1
    if waiting.first[queue] < 0:
        waiting.first[queue] = place
    else:
        waiting.after[waiting.last[queue]] = place
    waiting.last[queue] = place
    waiting.owner[place] = queue
    return place


@compiled
def leave(state: State, queue: int) -> int:
    """Take the first contact out of a queue that has one. Its figures stay readable until the next `join`."""
    waiting = state.waiting
    place: int = waiting.first[queue]
    waiting.first[queue] = waiting.after[place]
    waiting.after[place] = waiting.free[0]
    waiting.free[0] = place
    waiting.defers[place] = False
    return place


@compiled
def forget_hung_up(world: World, state: State, queue: int, now: float) -> int:
    """Count who hung up before now out of the front of a queue; the place of the first who still waits, or -1."""
    waiting = state.waiting
    place: int = waiting.first[queue]
    while place >= 0 and waiting.gives_up[place] <= now:
        waited = waiting.gives_up[place] - waiting.arrived[place]
        slot = int(waiting.arrived[place] / world.interval)
        state.tally[slot, queue, DEFERRED if waiting.defers[place] else ABANDONED] += 1.0
        state.tally[slot, queue, WAIT] += waited
        if waited <= world.target[queue] and not waiting.defers[place]:
            state.tally[slot, queue, ABANDONED_WITHIN] += 1.0
        state.events[0] += 1
        leave(state, queue)
        place = waiting.first[queue]
    return place


@compiled
def send_away(world: World, state: State, queue: int, now: float) -> None:
    """Empty a queue: those who hung up before are counted as such."""
    waiting = state.waiting
    while forget_hung_up(world, state, queue, now) >= 0:
        arrived = waiting.arrived[leave(state, queue)]
        slot = int(arrived / world.interval)
        state.tally[slot, queue, LEFT] += 1.0
        state.tally[slot, queue, WAIT] += now - arrived
