"""What a run of an instance is judged by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Solved:
    """`objective` and `violations` come from the checker, which read the written file; `bound` is the engine's."""

    objective: int
    bound: float
    rounds: int
    violations: list[str]
