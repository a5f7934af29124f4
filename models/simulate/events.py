"""The loop over events: contacts arrive, contacts end, the roster changes."""

from __future__ import annotations

import math

from models.simulate.compiled import compiled
from models.simulate.heap import drop_first, push, replace_first
from models.simulate.service import (
    answer,
    blend,
    handling_time,
    idle_server,
    next_work,
    rest,
    rouse,
    set_to_work,
    take_duty,
)
from models.simulate.state import LEFT, OFFERED, State
from models.simulate.streams import exponential, uniform
from models.simulate.waiting import join, send_away
from models.simulate.world import ABSENCE, ACTIVITY, BLENDING, CLOSING, OUTBOUND, Changes, World


@compiled
def live(world: World, changes: Changes, state: State) -> bool:
    """Run from an empty system until nothing is left to happen; False when more contacts waited than there is room for.

    The agenda holds the end of every busy server's contact (id: the server), the next arrival of every campaign (id: the
    number of servers + the campaign), and when who waits takes a callback (id: those numbers + the place in the queue).
    """
    servers, total = len(world.speed), len(changes.seconds)
    agenda = state.agenda
    for queue in range(len(world.channel)):
        first = _next_arrival(world, state, queue)
        if first < math.inf:
            push(agenda, first, servers + queue)
    done = 0
    while True:
        now = agenda.seconds[0] if agenda.size[0] > 0 else math.inf
        if done < total and changes.seconds[done] <= now:
            _change(world, changes, done, state)
            done += 1
        elif agenda.size[0] == 0:
            return True
        elif agenda.ids[0] < servers:
            _finish(world, state, agenda.ids[0], now)
        elif agenda.ids[0] < servers + len(world.channel):
            if not _arrive(world, state, agenda.ids[0] - servers, now):
                return False
        elif not _call_back(world, state, agenda.ids[0] - servers - len(world.channel), now):
            return False
        state.events[0] += 1


@compiled
def _next_arrival(world: World, state: State, queue: int) -> float:
    """Of the k contacts still to come in a slot the next one comes as the smallest of k uniform instants of what is left of it;
    inf when there are no more.
    """
    slot, clock = state.slot[queue], state.clock[queue]
    while slot < 0 or state.to_come[queue, slot] == 0:
        slot += 1
        if slot == world.slots:
            return math.inf
        clock = slot * world.interval
    end = (slot + 1) * world.interval
    to_come = state.to_come[queue, slot]
    clock -= (end - clock) * math.expm1(math.log(uniform(state.streams, queue)) / to_come)
    state.to_come[queue, slot] = to_come - 1
    state.slot[queue] = slot
    coming: float = min(clock, end - 1e-6)  # rounding must not push it into the next slot
    state.clock[queue] = coming
    return coming


@compiled
def _arrive(world: World, state: State, queue: int, now: float) -> bool:
    slot = state.slot[queue]
    state.tally[slot, queue, OFFERED] += 1.0
    handling = handling_time(world, state, queue, slot)
    # Drawn even if nobody waits: a contact must be the same whatever the roster.
    patience = (
        world.patience[queue] * exponential(state.streams, queue) if world.patience[queue] < math.inf else math.inf
    )
    gives_up = now + patience
    defers = False
    if world.callback[queue] >= 0:
        defers = uniform(state.streams, queue) <= world.accept[queue] and world.offer[queue] < patience
        if defers:
            gives_up = now + world.offer[queue]
    following = _next_arrival(world, state, queue)
    if following < math.inf:
        replace_first(state.agenda, following, len(world.speed) + queue)
    else:
        drop_first(state.agenda)
    server = idle_server(world, state, queue)
    if server < 0:
        place = join(state, queue, now, handling, gives_up)
        if place >= 0 and defers:
            state.waiting.defers[place] = True
            push(state.agenda, gives_up, len(world.speed) + len(world.channel) + place)
        if world.lender[queue] >= 0:
            blend(world, state, world.lender[queue], now)
        return place >= 0
    _begin(world, state, server, queue, now, handling)
    return True


@compiled
def _begin(world: World, state: State, server: int, queue: int, now: float, handling: float) -> None:
    """An idle server answers a contact that has just come."""
    rouse(world, state, server)
    state.busy[server] = True
    push(state.agenda, answer(world, state, server, queue, now, handling, now), server)


@compiled
def _call_back(world: World, state: State, place: int, now: float) -> bool:
    """Who still waits in a place, and came there for it, is to be called back from now on; False without room for it."""
    drop_first(state.agenda)
    if not state.waiting.defers[place] or state.waiting.gives_up[place] != now:
        return True  # answered, sent away, or another contact by now
    queue = world.callback[state.waiting.owner[place]]
    slot = int(now / world.interval)
    state.tally[slot, queue, OFFERED] += 1.0
    handling = handling_time(world, state, queue, slot)
    server = idle_server(world, state, queue)
    if server < 0:
        return join(state, queue, now, handling, math.inf) >= 0
    _begin(world, state, server, queue, now, handling)
    return True


@compiled
def _finish(world: World, state: State, server: int, now: float) -> None:
    """A contact ends: the server leaves if her time is over, else takes the next one."""
    take_duty(world, state, server, now)
    if state.duty[server] < 0:
        state.busy[server] = False
        drop_first(state.agenda)
        return
    end = next_work(world, state, server, now)
    if end < 0.0:
        drop_first(state.agenda)
        rest(world, state, server, now)
    else:
        replace_first(state.agenda, end, server)


@compiled
def _change(world: World, changes: Changes, index: int, state: State) -> None:
    now, kind, subject, value = (
        changes.seconds[index],
        changes.kind[index],
        changes.subject[index],
        changes.value[index],
    )
    if kind in (ACTIVITY, ABSENCE):
        _change_server(world, state, subject, now, kind, value)
    elif kind == CLOSING:
        _close(world, state, subject, now)
    elif kind == BLENDING:
        blend(world, state, subject, now)
    else:
        state.tally[int(now / world.interval), subject, OFFERED] += value
        state.stock[subject, changes.attempts[index]] += value
        _wake(world, state, subject, now, value)


@compiled
def _change_server(world: World, state: State, server: int, now: float, kind: int, value: int) -> None:
    idle = not state.busy[server] and state.duty[server] >= 0
    before = state.duty[server]
    if kind == ACTIVITY:
        state.activity[server] = value
    else:
        state.away[server] += value
    if state.busy[server]:
        return
    wanted = -1 if state.away[server] > 0 else state.activity[server]
    if wanted == before:
        return
    if idle:
        rouse(world, state, server)
    take_duty(world, state, server, now)
    set_to_work(world, state, server, now)


@compiled
def _close(world: World, state: State, queue: int, now: float) -> None:
    if world.channel[queue] == OUTBOUND:
        # The last slot that was open; the closing itself belongs to no slot when it is the plan's end.
        slot = int(now / world.interval) - 1
        for left in range(1, state.stock.shape[1]):
            state.tally[slot, queue, LEFT] += state.stock[queue, left]
            state.stock[queue, left] = 0
    else:
        send_away(world, state, queue, now)


@compiled
def _wake(world: World, state: State, queue: int, now: float, most: int) -> None:
    """Let idle servers of an outbound campaign dial new records."""
    for _ in range(most):
        server = state.idle.first[0, queue]
        if server < 0:
            return
        rouse(world, state, server)
        set_to_work(world, state, server, now)
