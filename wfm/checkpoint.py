"""What a run has made so far: enough for another run, in another process or on another machine, to go on from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from wfm.demand import Forecast
from wfm.plan import Plan
from wfm.requirement import Requirement


@dataclass(frozen=True)
class Checkpoint:
    """Each step's document once it is made. `plan` is the best plan so far and passed `wfm.check`; `seconds` are elapsed
    seconds of each step; `searched` are those of the optimiser's time limit that are used up, over all runs.
    """

    forecast: Forecast
    requirement: Requirement | None = None
    plan: Plan | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    searched: float = 0.0


OnCheckpoint = Callable[[Checkpoint], None]


def forgetful(checkpoint: Checkpoint) -> None:
    """An OnCheckpoint that keeps nothing."""
