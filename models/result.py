"""What one run of the chain made: documents alone, so that who only keeps them loads no solver."""

from __future__ import annotations

from dataclasses import dataclass

from wfm.demand import Forecast
from wfm.plan import Plan
from wfm.requirement import Requirement
from wfm.violation import Violation


@dataclass(frozen=True)
class ForecastResult:
    """A forecast by the models alone, and with known lists and the case's overrides."""

    modelled: Forecast
    document: Forecast


@dataclass(frozen=True)
class ChainResult:
    """Everything one run made. `violations` is what the independent checker found in `plan`: [] when all is well.

    `seconds` has the wall time of forecast, requirement, plan and check.
    """

    forecast: Forecast
    requirement: Requirement
    plan: Plan
    violations: list[Violation]
    seconds: dict[str, float]


@dataclass(frozen=True)
class Base:
    """The plan that planning again keeps close to (`models.replan`): each of its agents' days that is changed has a price, minor
    units.
    """

    plan: Plan
    change_price_cents: int
