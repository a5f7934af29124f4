"""Days on which a feast may fall or not: it is announced on the eve, when the roster is long published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from wfm.agent import Site
from wfm.calendar import CalendarChange, Change, Holiday
from wfm.case import Case


@dataclass(frozen=True)
class RiskDay:
    """A day of the plan at risk at a site. `is_planned`: the plan takes it for a holiday."""

    site: Site
    day: date
    feast: Holiday
    is_planned: bool

    @property
    def why(self) -> str:
        """The doubt in words."""
        expected = f"{self.feast.name} is expected on {self.feast.day}, and announced on the eve only"
        if self.day == self.feast.day:
            return f"{expected}: this day may yet be an ordinary one"
        return f"{expected}: it may fall on this day instead"


def days_at_risk(case: Case) -> list[RiskDay]:
    """Every day of the plan at risk, by day and site."""
    days = [case.first_day + timedelta(days=offset) for offset in range(case.days)]
    return [
        RiskDay(site, day, feast, case.calendar(site.country).is_holiday(day))
        for day in days
        for site in case.sites
        if (feast := case.calendar(site.country).at_risk(day)) is not None
    ]


def as_holiday(case: Case, risk: RiskDay) -> Case:
    """The case in which the day is a holiday."""
    if risk.is_planned:
        return case
    change = CalendarChange(country=risk.site.country, feast=risk.feast.name, day=risk.day, status=Change.DECLARED)
    return case.model_copy(update={"calendar_changes": (*case.calendar_changes, change)})
