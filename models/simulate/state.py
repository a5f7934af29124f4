"""Everything that moves during a run, and what is counted."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.simulate.heap import Heap, empty_heap
from models.simulate.streams import Streams
from models.simulate.world import OFF, Bools, Floats, Ints, World

OFFERED, ANSWERED, WITHIN, ABANDONED, ABANDONED_WITHIN, LEFT, WAIT, BUSY, PRESENT, ATTEMPTS, DEFERRED = range(11)
"""Columns of the tally. Contacts are counted in the slot in which they arrive (outbound: are loaded or dialled).

OFFERED contacts (outbound: records); ANSWERED (outbound: contacts made); WITHIN: answered within the target (deferrable: done
by the deadline); ABANDONED, and within the target; LEFT: sent away at closing or not begun at the end (outbound: records with
attempts left); WAIT seconds of all that were offered; BUSY seconds in contact and PRESENT seconds on duty of those rostered
on the campaign; ATTEMPTS dialled; DEFERRED to a callback.
"""
COLUMNS = 11


class Waiting(NamedTuple):
    """First-come-first-served queues of contacts, as linked lists in one pool of shape (room,); -1 ends a list.

    `free` (1,) begins the list of unused places, `first` and `last` (Q,) each campaign's queue. A contact that hung up stays
    in its place until it comes to the front. `owner` is the campaign of a place, `defers` whether it gives up for a callback.
    """

    arrived: Floats
    handling: Floats
    gives_up: Floats
    after: Ints
    free: Ints
    first: Ints
    last: Ints
    owner: Ints
    defers: Bools


class Idle(NamedTuple):
    """Idle servers, longest idle first: in row 0 one list per campaign on which they are rostered, in row 1 one per group,
    doubly linked. `before`, `after` (2, S); `first`, `last` (2, lists); `since` (S,) seconds; `number` (Q,) of each campaign.
    """

    before: Ints
    after: Ints
    first: Ints
    last: Ints
    since: Floats
    number: Ints


class State(NamedTuple):
    """`to_come` contacts per campaign and slot (Q, slots), reduced as they come; `slot` (Q,) and `clock` (Q,) of the last one.
    `stock` (Q, attempts + 1): outbound records by the attempts they have left. Servers: `activity` as rostered, `away`,
    `duty` (the activity they are on now: a contact in hand is finished first), `since` when, `busy`. All of shape (S,).
    `tally` (slots, Q, COLUMNS); `events` (1,).
    """

    streams: Streams
    to_come: Ints
    slot: Ints
    clock: Floats
    waiting: Waiting
    stock: Ints
    activity: Ints
    away: Ints
    duty: Ints
    since: Floats
    busy: Bools
    idle: Idle
    agenda: Heap
    tally: Floats
    events: Ints


def fresh(world: World, streams: Streams, to_come: Ints, attempts: int, room: int) -> State:
    """An empty system. `attempts`: most that a record may have; `room`: contacts that may wait at once."""
    campaigns, servers, groups = len(world.channel), len(world.speed), len(world.serves)
    lists = max(campaigns, groups, 1)

    def nobody(*shape: int) -> Ints:
        return np.full(shape, OFF, dtype=np.int64)

    after = np.arange(1, room + 1)
    after[-1] = -1
    return State(
        streams=streams,
        to_come=to_come.copy(),
        slot=nobody(campaigns),
        clock=np.zeros(campaigns),
        waiting=Waiting(
            np.empty(room),
            np.empty(room),
            np.empty(room),
            after,
            np.zeros(1, dtype=np.int64),
            nobody(campaigns),
            nobody(campaigns),
            nobody(room),
            np.zeros(room, dtype=np.bool_),
        ),
        stock=np.zeros((campaigns, attempts + 1), dtype=np.int64),
        activity=nobody(servers),
        away=np.zeros(servers, dtype=np.int64),
        duty=nobody(servers),
        since=np.zeros(servers),
        busy=np.zeros(servers, dtype=np.bool_),
        idle=Idle(
            nobody(2, servers),
            nobody(2, servers),
            nobody(2, lists),
            nobody(2, lists),
            np.zeros(servers),
            np.zeros(campaigns, dtype=np.int64),
        ),
        agenda=empty_heap(servers + campaigns + (room if (world.callback >= 0).any() else 0)),
        tally=np.zeros((world.slots, campaigns, COLUMNS)),
        events=np.zeros(1, dtype=np.int64),
    )
