"""What a server does next: answer who waited longest, work off what is due first, dial the next record, or wait."""

from __future__ import annotations

from models.simulate.compiled import compiled
from models.simulate.heap import push
from models.simulate.idle import append, remove
from models.simulate.state import ANSWERED, ATTEMPTS, BUSY, PRESENT, WAIT, WITHIN, State
from models.simulate.streams import exponential, log_normal, uniform
from models.simulate.waiting import forget_hung_up, leave
from models.simulate.world import INBOUND, OFF, OUTBOUND, World


@compiled
def handling_time(world: World, state: State, queue: int, slot: int) -> float:
    """Seconds of contact, drawn from the campaign's stream."""
    mean: float = world.aht[queue, slot]
    if world.sigma > 0.0:
        return mean * log_normal(state.streams, queue, world.sigma)
    return mean * exponential(state.streams, queue)


@compiled
def answer(world: World, state: State, server: int, queue: int, arrived: float, handling: float, now: float) -> float:
    """A contact begins; when the server is free again."""
    duration: float = handling / world.speed[server]
    pace: float = world.pace[queue]
    slot = int(arrived / world.interval)
    waited = now - arrived
    state.tally[slot, queue, ANSWERED] += 1.0
    state.tally[slot, queue, WAIT] += waited
    if world.channel[queue] == INBOUND:
        within = waited <= world.target[queue]
    else:
        due = min(arrived + world.due[queue], world.slots * world.interval)
        within = now + duration * pace <= due
    if within:
        state.tally[slot, queue, WITHIN] += 1.0
    state.tally[int(now / world.interval), state.duty[server], BUSY] += duration
    return now + duration * pace


@compiled
def dial(world: World, state: State, server: int, queue: int, now: float) -> float:
    """One attempt at a record with most attempts left, and the contact if it is reached; when the server is free again, or -1
    when there is no record left.
    """
    left = state.stock.shape[1] - 1
    while left > 0 and state.stock[queue, left] == 0:
        left -= 1
    if left == 0:
        return -1.0
    slot = int(now / world.interval)
    state.stock[queue, left] -= 1
    state.tally[slot, queue, ATTEMPTS] += 1.0
    duration: float = world.attempt[queue]
    pace: float = world.pace[queue]
    if uniform(state.streams, queue) <= world.reach[queue]:
        state.tally[slot, queue, ANSWERED] += 1.0
        duration += handling_time(world, state, queue, slot)
    elif left > 1:
        state.stock[queue, left - 1] += 1
    duration /= world.speed[server]
    state.tally[slot, queue, BUSY] += duration
    return now + duration * pace


@compiled
def next_work(world: World, state: State, server: int, now: float) -> float:
    """Begin what a free server on duty is to do next; when she is free again, or -1 when there is nothing.

    Her own campaign comes first; other inbound campaigns of her group, longest wait first, when it has nobody waiting.
    """
    queue = state.duty[server]
    if world.channel[queue] == OUTBOUND:
        return dial(world, state, server, queue, now)
    place = forget_hung_up(world, state, queue, now)
    if place < 0 and world.pooled[queue] and world.group[server] >= 0:
        for other in range(world.serves.shape[1]):
            if world.serves[world.group[server], other] and world.pooled[other] and state.waiting.first[other] >= 0:
                found = forget_hung_up(world, state, other, now)
                if found >= 0 and (place < 0 or state.waiting.arrived[found] < state.waiting.arrived[place]):
                    place, queue = found, other
    if place < 0:
        return -1.0
    leave(state, queue)
    return answer(world, state, server, queue, state.waiting.arrived[place], state.waiting.handling[place], now)


@compiled
def rest(world: World, state: State, server: int, now: float) -> None:
    """A server on duty has nothing to do on the campaigns that she answers."""
    duty = state.duty[server]
    state.busy[server] = False
    state.idle.since[server] = now
    state.idle.number[duty] += 1
    append(state.idle, 0, duty, server)
    if world.pooled[duty] and world.group[server] >= 0:
        append(state.idle, 1, world.group[server], server)
    if world.lends[duty]:
        blend(world, state, duty, now)


@compiled
def rouse(world: World, state: State, server: int) -> None:
    """An idle server is idle no more."""
    duty = state.duty[server]
    state.idle.number[duty] -= 1
    remove(state.idle, 0, duty, server)
    if world.pooled[duty] and world.group[server] >= 0:
        remove(state.idle, 1, world.group[server], server)


@compiled
def blend(world: World, state: State, lender: int, now: float) -> None:
    """Idle agents of an inbound campaign beyond those kept free take deferrable contacts, what is due first; whoever takes one
    finishes it before she answers calls again.
    """
    slot = min(int(now / world.interval), world.slots - 1)
    while True:
        chosen, server, earliest = -1, -1, 0.0
        for queue in range(len(world.channel)):
            place = state.waiting.first[queue]
            if world.lender[queue] != lender or place < 0:
                continue
            kept = world.kept[queue, slot]
            due = state.waiting.arrived[place] + world.due[queue]
            if kept < 0 or state.idle.number[lender] <= kept or (chosen >= 0 and due >= earliest):
                continue
            able = state.idle.first[0, lender]
            while able >= 0 and (world.group[able] < 0 or not world.serves[world.group[able], queue]):
                able = state.idle.after[0, able]
            if able >= 0:
                chosen, server, earliest = queue, able, due
        if chosen < 0:
            return
        place = leave(state, chosen)
        rouse(world, state, server)
        state.busy[server] = True
        waiting = state.waiting
        end = answer(world, state, server, chosen, waiting.arrived[place], waiting.handling[place], now)
        push(state.agenda, end, server)


@compiled
def idle_server(world: World, state: State, queue: int) -> int:
    """Who answers a contact of an inbound campaign at once: the longest idle of those rostered on it, else of those who may
    answer it beside their own; -1: nobody is free.
    """
    found: int = state.idle.first[0, queue]
    if found >= 0 or world.channel[queue] != INBOUND:
        return found
    for group in range(len(world.serves)):
        first = state.idle.first[1, group]
        if (
            world.serves[group, queue]
            and first >= 0
            and (found < 0 or state.idle.since[first] < state.idle.since[found])
        ):
            found = first
    return found


@compiled
def take_duty(world: World, state: State, server: int, now: float) -> None:
    """Change a server who has no contact in hand to the activity on which she is rostered, or off duty."""
    wanted = OFF if state.away[server] > 0 else state.activity[server]
    duty = state.duty[server]
    if wanted == duty:
        return
    if duty >= 0:
        _on_duty(world, state, duty, state.since[server], now)
    state.duty[server] = wanted
    state.since[server] = now


@compiled
def _on_duty(world: World, state: State, duty: int, since: float, now: float) -> None:
    """Count time on duty by slot; what is finished after the plan's end counts in its last slot."""
    slot = min(int(since / world.interval), world.slots - 1)
    while True:
        until = (slot + 1) * world.interval
        if now <= until or slot == world.slots - 1:
            state.tally[slot, duty, PRESENT] += now - since
            return
        state.tally[slot, duty, PRESENT] += until - since
        since = until
        slot += 1


@compiled
def set_to_work(world: World, state: State, server: int, now: float) -> None:
    """A server who is neither busy nor in a list of idle ones looks for work, if she is on duty."""
    if state.duty[server] < 0:
        return
    end = next_work(world, state, server, now)
    if end < 0.0:
        rest(world, state, server, now)
    else:
        state.busy[server] = True
        push(state.agenda, end, server)
