"""Who works in the own centre: sites, contracts, agents, absences, wishes."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from wfm.document import Document


class Site(Document):
    """An own centre. `unplanned_shrinkage` is the share of rostered time lost to what the roster does not model itself
    (sickness, coaching, system faults): leave and breaks are rostered and must not be counted in it.

    `rest_weekday` is the ISO weekday on which all have their weekly rest; None: rest by rotation. With a common rest day,
    work on it and on public holidays needs `rest_day_work`, the authorisation for it; under rotation holidays may be worked.
    """

    id: str
    name: str
    city: str
    country: str
    time_zone: str
    unplanned_shrinkage: Annotated[float, Field(ge=0, lt=1)]
    rest_weekday: Annotated[int, Field(ge=1, le=7)] | None = None
    rest_day_work: bool = False

    @property
    def may_work_holidays(self) -> bool:
        """Whether anyone may be rostered on a public holiday of the site's country."""
        return self.rest_weekday is None or self.rest_day_work


class Regime(StrEnum):
    """How overtime is counted: beyond the contract `week`, or, with hours spread over the year, beyond the legal hours of a
    day and of the year (`annual`).
    """

    WEEKLY = "weekly"
    ANNUAL = "annual"


class Contract(Document):
    """Working-time terms. Wages are paid for `week_minutes` every week, worked or not. What is overtime depends on the
    `regime`, what it costs on the law of the site's country: `wfm.pay`.
    """

    id: str
    week_minutes: Annotated[int, Field(gt=0)]
    days_per_week: Annotated[int, Field(ge=1, le=6)]
    max_overtime_minutes_week: Annotated[int, Field(ge=0)]
    regime: Regime = Regime.WEEKLY

    @property
    def leave_credit_minutes(self) -> int:
        """Effective minutes that one working day of whole-day leave stands for."""
        return self.week_minutes // self.days_per_week


class Agent(Document):
    """One person, pseudonymous. `skills` maps skill to level 1-5; `hourly_cost` is loaded cost per paid hour in minor units
    of the plan's currency; `hourly_base` is what an extra hour costs before premiums (gross wage and the contributions due on
    it): all premiums are reckoned on it. `hourly_wage` is the gross wage, None where the case states loaded costs alone.

    `days_worked_before` counts the consecutive days worked up to the eve of the plan and `last_shift_end` (UTC) is the end
    of the last shift before it. `overtime_minutes_before` and `year_minutes_before` were worked before the plan in the
    calendar year of its first day: overtime, and all hours that count towards the year (annual regime). `adult_from` is the
    day of the 18th birthday of an agent who is younger on the plan's first day, None for adults.
    """

    id: str
    site: str
    contract: str
    hourly_cost: Annotated[int, Field(ge=0)]
    skills: dict[str, int]
    days_worked_before: Annotated[int, Field(ge=0)]
    last_shift_end: datetime | None
    hourly_base: Annotated[int, Field(ge=0)]
    hourly_wage: Annotated[int, Field(gt=0)] | None = None
    overtime_minutes_before: Annotated[int, Field(ge=0)] = 0
    year_minutes_before: Annotated[int, Field(ge=0)] = 0
    adult_from: date | None = None


class AbsenceKind(StrEnum):
    """Reasons are kept no finer than pay needs (data protection)."""

    PAID_LEAVE = "paid_leave"
    UNPAID_LEAVE = "unpaid_leave"
    MEDICAL = "medical"
    UNAVAILABLE = "unavailable"


class Absence(Document):
    """Time in which an agent cannot work: [start, end), UTC. `whole_day`: given as dates, so it covers whole local days."""

    agent: str
    start: datetime
    end: datetime
    kind: AbsenceKind
    whole_day: bool


class WishKind(StrEnum):
    """`off`: not at all that day; `start_after` / `end_before`: not outside that wall time of the site."""

    OFF = "off"
    START_AFTER = "start_after"
    END_BEFORE = "end_before"


class Wish(Document):
    """A preference of an agent for one day; breaking it costs `cost` minor units."""

    agent: str
    day: date
    kind: WishKind
    time: time | None
    cost: Annotated[int, Field(ge=0)]
