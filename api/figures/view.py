"""What every figure and the report are drawn from: one plan with all that led to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from api.figures.walls import WallAxis
from wfm.advice import Advice, advise
from wfm.case import Case
from wfm.compliance import Evidence, evidence
from wfm.coverage import Capacity, capacity
from wfm.demand import Forecast
from wfm.history import CampaignHistory
from wfm.plan import Plan
from wfm.requirement import Requirement


@dataclass(frozen=True, eq=False)
class PlanView:
    """A plan, its inputs and its steps. `histories` may lack campaigns; their figures then show no past."""

    case: Case
    histories: dict[str, CampaignHistory]
    forecast: Forecast
    requirement: Requirement
    plan: Plan

    @cached_property
    def capacity(self) -> dict[str, Capacity]:
        """Milli agents per campaign and slot."""
        return capacity(self.case, self.plan)

    @cached_property
    def compliance(self) -> list[Evidence]:
        """Every rule of law in force during the plan, and how near the plan came to it."""
        return evidence(self.case, self.requirement, self.plan)

    @cached_property
    def advice(self) -> tuple[Advice, ...]:
        """What the plan leaves to people."""
        return advise(self.case, self.requirement, self.plan)

    @cached_property
    def walls(self) -> WallAxis:
        """The plan's grid on the clock of the own sites."""
        return WallAxis.of(self.plan.grid, self.case.home_zone)

    @property
    def clock(self) -> str:
        """Whose wall time axes show, such as "Rabat time"."""
        return f"{self.case.sites[0].city} time"

    @cached_property
    def codes(self) -> dict[str, str]:
        """A short letter per campaign, the same in every figure: A, B, … Z, A2, B2, …"""
        return {
            entry.id: chr(ord("A") + index % 26) + (str(index // 26 + 1) if index >= 26 else "")
            for index, entry in enumerate(self.case.campaigns)
        }
