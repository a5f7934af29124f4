"""Servers with nothing to do, longest idle first."""

from __future__ import annotations

from models.simulate.compiled import compiled
from models.simulate.state import Idle


@compiled
def append(idle: Idle, row: int, lane: int, server: int) -> None:
    """Put a server at the end of a list."""
    last = idle.last[row, lane]
    idle.before[row, server] = last
    idle.after[row, server] = -1
    if last < 0:
        idle.first[row, lane] = server
    else:
        idle.after[row, last] = server
    idle.last[row, lane] = server


@compiled
def remove(idle: Idle, row: int, lane: int, server: int) -> None:
    """Take a server out of the list that she is in."""
    before, after = idle.before[row, server], idle.after[row, server]
    if before < 0:
        idle.first[row, lane] = after
    else:
        idle.after[row, before] = after
    if after < 0:
        idle.last[row, lane] = before
    else:
        idle.before[row, after] = before
