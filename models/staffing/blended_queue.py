"""A queue whose idle agents do other work, compiled: how its contacts fare, and how many agents to keep free.

Of n agents k are kept free: whoever is idle beyond them begins a contact of other work, of which there is always some, and
finishes it (threshold policy of S. Bhulai and G. Koole, "A queueing model for call blending in call centers", 2003). With one
handling time for both kinds the number of contacts in the system is Erlang A's chain that never falls below n - k, so the sum
of its terms below n ends after k of them. Where handling times differ, all contacts in hand are taken to end at the mean rate of
those in hand, which holds on average; how many are of which kind follows from Little's law.
"""

from __future__ import annotations

from models.staffing.erlang_kernels import compiled, queued, service

_PASSES = 3  # of the mean rate at which contacts end; the fourth changes a service level by less than 1e-4
_MOST_KEPT = 24
CERTAIN = 1.25
"""What idle time must give for each agent asked for beyond: she is paid for certain, idle time comes as it comes."""
MOST_MORE = 8
"""Agents beyond those there that other work may take before it is not worth while."""


@compiled
def blended(
    agents: int, load: float, aht: float, target: float, patience: float, kept: int, other: float
) -> tuple[float, float, float]:
    """(service level, agents on other work, mean seconds of the contacts in hand) with `kept` >= 0 of `agents` >= 1 kept free;
    load > 0, other work takes `other` seconds a contact.
    """
    seconds, level, work = aht, 0.0, 0.0
    for _ in range(_PASSES):
        heavier = load * seconds / aht
        term, before, idle = 1.0, 0.0, 0.0
        for free in range(min(kept, agents)):
            before += term
            idle += (free + 1) * term
            term *= (agents - 1 - free) / heavier
        level, served = service(agents, heavier, seconds, target, patience, before)
        busy = agents - idle / (before + queued(agents, heavier, seconds, patience))
        calls = load * served
        work = busy - calls
        if work <= 1e-9:
            return level, 0.0, aht
        seconds = busy / (calls / aht + work / other)
    return level, work, seconds


@compiled
def kept_free(
    agents: int, load: float, aht: float, target: float, patience: float, other: float, level: float, worth: float
) -> int:
    """How many agents to keep free so that most is won: `worth` of each agent on other work, less CERTAIN times the agents that
    `level` then takes beyond `agents`. -1: nothing is won.
    """
    best, found = 0.0, -1
    for kept in range(1, min(_MOST_KEPT, agents) + 1):
        low = 0.0
        for more in range(MOST_MORE):
            high, work, _ = blended(agents + more, load, aht, target, patience, kept, other)
            if high >= level:
                extra = 0.0 if more == 0 else more - 1 + (level - low) / (high - low)
                won = worth * work - CERTAIN * extra
                if won > best:
                    best, found = won, kept
                break
            low = high
    return found
