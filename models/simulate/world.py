"""What a run is given: campaigns, servers, and what changes when. Compiled code reads these tuples of arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

INBOUND, DEFERRABLE, OUTBOUND = 0, 1, 2
"""Values of `World.channel`."""

OFF = -1
"""Activity of a server that serves nobody: before and after her shift, in a break, on idle (training) time."""

ACTIVITY, ABSENCE, CLOSING, LOADING, BLENDING = 0, 1, 2, 3, 4
"""Kinds of change, see `Changes`."""


class World(NamedTuple):
    """Q campaigns, S servers (own agents and partners' seats), G sets of skills. Instants and durations are elapsed seconds,
    instants counted from the start of the plan's grid; slot i begins at i x `interval`.

    Campaigns: `channel`, `target` (an answer within so many seconds counts), `patience` (mean; inf: nobody hangs up), `aht`
    (Q, slots), `sigma` (standard deviation of the log of a log-normal handling time; 0: exponential), `pace` (elapsed time
    that contact time takes: 1 / maximum occupancy where a server paces her own work), `due` (deferrable: seconds after
    arrival), `attempt` (seconds per dial), `reach` (contacts per dial), `pooled` (inbound, one contact at a time: its agents
    may help others), `callback` (campaign that calls back who waits; -1: none), `offer` (seconds of waiting after which it is
    offered), `accept` (share who accept), `lender` (deferrable: the inbound campaign whose idle agents may take its contacts;
    -1: none), `kept` (Q, slots: that many idle agents of the lender stay free; -1: nobody takes any), `lends` (whether the
    campaign is a lender).

    Servers: `speed` (contacts take 1 / speed of their time), `group` (index of the set of skills; -1: only what is rostered),
    `serves` (G, Q): campaigns that a group may answer beside the rostered one.
    """

    interval: float
    slots: int
    sigma: float
    channel: Ints
    target: Floats
    patience: Floats
    aht: Floats
    pace: Floats
    due: Floats
    attempt: Floats
    reach: Floats
    pooled: Bools
    callback: Ints
    offer: Floats
    accept: Floats
    lender: Ints
    kept: Ints
    lends: Bools
    speed: Floats
    group: Ints
    serves: Bools


class Changes(NamedTuple):
    """What happens at set times, sorted by them; all arrays have shape (n,).

    ACTIVITY: server `subject` is rostered on campaign `value` from now on, or OFF. ABSENCE: server `subject` is away (`value`
    1) or back (-1). CLOSING: who still waits for campaign `subject` is sent away, its outbound records of the day lapse.
    LOADING: `value` records of campaign `subject` may be dialled, each `attempts` times at most. BLENDING: another
    number of idle agents of campaign `subject` stays free from now on.
    """

    seconds: Floats
    kind: Ints
    subject: Ints
    value: Ints
    attempts: Ints


def in_order(parts: list[Changes]) -> Changes:
    """All changes by time; at one time closings first, then servers, then new records."""
    rank = np.array([1, 1, 0, 2, 2])
    joined = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.lexsort((rank[joined[1]], joined[0]))
    return Changes(*(column[order] for column in joined))


def changes(seconds: Floats, kind: int, subject: Ints, value: Ints | int, attempts: Ints | int = 0) -> Changes:
    """Changes of one kind; single numbers stand for all."""
    whole = [
        np.broadcast_to(np.asarray(part, dtype=np.int64), seconds.shape) for part in (kind, subject, value, attempts)
    ]
    return Changes(np.asarray(seconds, dtype=np.float64), *whole)
