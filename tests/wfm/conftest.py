"""One agent in Rabat, paid in dirhams: 30.00 an hour, 44 hours in five days, no premium included."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

import pytest

from wfm.case import Case
from wfm.clock import to_utc
from wfm.plan import Bill, Segment, Shift

PayCase = Callable[..., Case]
ShiftFrom = Callable[..., Shift]


@pytest.fixture(scope="session")
def pay_case(tiny_case: Case) -> PayCase:
    """`pay_case(first_day, days=7, site={...}, contract={...}, agent={...}, **changes)`: changes of the case described above."""

    def make(
        first_day: date,
        days: int = 7,
        *,
        site: Mapping[str, object] | None = None,
        contract: Mapping[str, object] | None = None,
        agent: Mapping[str, object] | None = None,
        **changes: object,
    ) -> Case:
        terms = {"week_minutes": 2640, **(contract or {})}
        pay = {"hourly_cost": 3000, "hourly_base": 3000, **(agent or {})}
        return tiny_case.model_copy(
            update={
                "first_day": first_day,
                "days": days,
                "currency": "MAD",
                "sites": (tiny_case.sites[0].model_copy(update=site or {}),),
                "contracts": (tiny_case.contracts[0].model_copy(update=terms),),
                "agents": (tiny_case.agents[0].model_copy(update=pay),),
                "partners": (),
                **changes,
            }
        )

    return make


@pytest.fixture(scope="session")
def shift_from() -> ShiftFrom:
    """`shift_from(case, day, hour, (activity, minutes), ...)`: shift of A1 from a wall time in Rabat, elapsed minutes."""

    def make(case: Case, day: date, hour: int, *activities: tuple[str, int]) -> Shift:
        slot = case.grid.slot(to_utc(datetime.combine(day, time(hour)), case.home_zone))
        segments = []
        for activity, minutes in activities:
            slots = timedelta(minutes=minutes) // case.grid.interval
            segments.append(Segment(activity=activity, first_slot=slot, slots=slots))
            slot += slots
        return Shift(agent="A1", day=day, pattern="day", segments=tuple(segments))

    return make


@pytest.fixture(scope="session")
def cents_of() -> Callable[[Bill, str], int]:
    """`cents_of(bill, kind)`: the cents of all lines of a kind."""
    return lambda costs, kind: sum(line.cents for line in costs.lines if line.kind == kind)
