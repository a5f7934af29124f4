"""Case -> forecast -> requirement -> plan: the main job as one function."""

from __future__ import annotations

from dataclasses import dataclass

from wfm.case import Case
from wfm.demand import Forecast
from wfm.history import CampaignHistory
from wfm.plan import Plan
from wfm.progress import OnProgress, Stop, never, silent
from wfm.requirement import Requirement
from wfm.violation import Violation


@dataclass(frozen=True)
class ChainResult:
    """Everything one run made. `violations` is what the independent checker found in `plan`: [] when all is well."""

    forecast: Forecast
    requirement: Requirement
    plan: Plan
    violations: list[Violation]
    seconds: dict[str, float]


def run(
    case: Case,
    histories: dict[str, CampaignHistory],
    *,
    time_limit: float = 60.0,
    seed: int = 0,
    workers: int = 2,
    stop: Stop = never,
    on_progress: OnProgress = silent,
) -> ChainResult:
    """Plan a case; `time_limit` seconds are for the optimiser alone.

    Raises WfmError when hard rules contradict one another, so that no plan exists.
    """
    raise NotImplementedError
