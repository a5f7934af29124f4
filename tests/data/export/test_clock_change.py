"""The exported tables over the Sunday of 25 hours, 2026-09-20, when Rabat goes back from UTC+1 to UTC for good: local times
from 01:00 to 02:00 occur twice, and only offsets tell them apart.
"""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest

from data.export.capacity_requests import capacity_requests_csv
from data.export.forecast import forecast_csv
from data.export.requirement import requirement_csv
from data.export.roster import roster_csv
from wfm.clock import RABAT, zone
from wfm.demand import QUANTILES, CampaignForecast, Forecast
from wfm.opening import open_slots
from wfm.partner import BlockShift
from wfm.plan import Purchase, Segment, Shift
from wfm.requirement import CampaignRequirement, Requirement, WorkItem

SUNDAY = date(2026, 9, 20)
MIDNIGHT = 6 * 48
"""First slot of the Sunday."""
FIRST_TWO_HOURS = [
    "2026-09-20T00:00:00+01:00",
    "2026-09-20T00:30:00+01:00",
    "2026-09-20T01:00:00+01:00",
    "2026-09-20T01:30:00+01:00",
    "2026-09-20T01:00:00+00:00",
    "2026-09-20T01:30:00+00:00",
    "2026-09-20T02:00:00+00:00",
]


@pytest.fixture
def case(tiny_case):
    """The week before, its customers on Rabat's clock; service is open day and night, and the partner sells Sunday's night."""
    market = tiny_case.markets[0].model_copy(update={"time_zone": RABAT})
    night = BlockShift(id="night", start=time(0), end=time(6), weekdays=(7,))
    hours = tiny_case.opening_hours[0].model_copy(update={"opens": time(0), "closes": time(0)})
    return tiny_case.model_copy(
        update={
            "as_of": date(2026, 8, 31),
            "first_day": date(2026, 9, 14),
            "markets": (market,),
            "campaigns": tiny_case.campaigns[:1],
            "opening_hours": tuple(hours.model_copy(update={"weekday": day}) for day in range(1, 8)),
            "partners": (tiny_case.partners[0].model_copy(update={"shifts": (night,)}),),
        }
    )


@pytest.fixture
def requirement(case):
    mask = open_slots(case, case.campaigns[0])
    assert mask.all()
    entry = CampaignRequirement(
        campaign="service",
        items=tuple(WorkItem(first_slot=slot, last_slot=slot + 1, work=1000) for slot in range(case.grid.slots)),
        volume=tuple(float(slot) for slot in range(case.grid.slots)),
        aht_seconds=(300.0,) * case.grid.slots,
        net_agents=(1.0,) * case.grid.slots,
        service_level=None,
        service_level_definition=None,
        method="by hand",
    )
    return Requirement(case_hash=case.content_hash(), grid=case.grid, campaigns=(entry,))


@pytest.fixture
def forecast(case, requirement):
    [entry] = requirement.campaigns
    days = tuple(case.first_day + timedelta(days=day) for day in range(7))
    campaign = CampaignForecast(
        campaign="service",
        mean=entry.volume,
        quantiles=(entry.volume,) * len(QUANTILES),
        aht_seconds=entry.aht_seconds,
        days=days,
        day_mean=(1.0,) * 7,
        day_quantiles=((1.0,) * 7,) * len(QUANTILES),
        reach_rate=None,
        method="by hand",
    )
    return Forecast(case_hash=case.content_hash(), seed=0, grid=case.grid, campaigns=(campaign,))


@pytest.fixture
def plan(case, requirement, make_plan):
    """A1 works through the change, with its break from the first 01:30 to the second; A2 begins at the second 01:00."""
    parts = {
        "A1": (MIDNIGHT, ("service", 3), ("break:lunch", 2), ("service", 11)),
        "A2": (MIDNIGHT + 4, ("service", 6), ("break:lunch", 2), ("idle", 8)),
    }
    shifts = []
    for agent, (first, *activities) in parts.items():
        segments = []
        for activity, slots in activities:
            start = segments[-1].last_slot if segments else first
            segments.append(Segment(activity=activity, first_slot=start, slots=slots))
        shifts.append(Shift(agent=agent, day=SUNDAY, pattern="day", segments=tuple(segments)))
    bought = Purchase(partner="casa", campaign="service", day=SUNDAY, shift="night", blocks=1)
    return make_plan(case, shifts, [bought], requirement=requirement)


def rows(text):
    return list(csv.DictReader(io.StringIO(text), strict=True))


def spans(table):
    """[start, end) of rows that give both, each by its UTC columns; local columns must tell the same instants."""
    found = []
    for row in table:
        span = tuple(datetime.fromisoformat(row[f"{end}_utc"]) for end in ("start", "end"))
        for end, instant in zip(("start", "end"), span, strict=True):
            local = row[f"{end}_local"]
            assert datetime.fromisoformat(local) == instant
            assert local == instant.astimezone(zone(RABAT)).isoformat()
        found.append(span)
    return found


def test_the_roster_counts_elapsed_minutes(case, plan):
    table = rows(roster_csv(case, plan))

    for (start, end), row in zip(spans(table), table, strict=True):
        assert end - start == timedelta(minutes=int(row["minutes"]))
    pause = table[1]
    assert (pause["start_local"], pause["end_local"]) == ("2026-09-20T01:30:00+01:00", "2026-09-20T01:30:00+00:00")
    assert pause["minutes"] == "60"
    assert table[3]["start_local"] == "2026-09-20T01:00:00+00:00"


def test_activities_of_a_shift_follow_one_another(case, plan):
    table = rows(roster_csv(case, plan))

    for agent in ("A1", "A2"):
        own = spans([row for row in table if row["agent_id"] == agent])
        assert all(before[1] == after[0] for before, after in pairwise(own))
        assert own[-1][1] - own[0][0] == timedelta(hours=8)


def test_the_roster_says_which_time_zone_data_it_follows(case, plan):
    assert {row["tzdata"] for row in rows(roster_csv(case, plan))} == {plan.tzdata_version}


def test_a_partner_bills_the_hour_that_occurs_twice(case, plan):
    """00:00 to 06:00 are seven hours of two seats."""
    table = rows(capacity_requests_csv(case, plan))
    [(start, end)] = spans(table)

    assert end - start == timedelta(hours=7)
    assert (table[0]["start_local"], table[0]["end_local"]) == (
        "2026-09-20T00:00:00+01:00",
        "2026-09-20T06:00:00+00:00",
    )
    assert table[0]["productive_hours"] == "14"


@pytest.mark.parametrize("name", ["requirement", "forecast"])
def test_every_interval_of_the_week_is_told_once_and_in_order(case, requirement, forecast, name):
    written = requirement_csv(case, requirement) if name == "requirement" else forecast_csv(case, forecast)
    table = rows(written)
    instants = [datetime.fromisoformat(row["start_utc"]) for row in table]

    assert len(table) == 6 * 48 + 50
    assert {after - before for before, after in pairwise(instants)} == {timedelta(minutes=30)}
    assert {row["minutes"] for row in table} == {"30"}
    assert [datetime.fromisoformat(row["start_local"]) for row in table] == instants
    assert len({row["start_local"] for row in table}) == len(table)
    assert [row["start_local"] for row in table[MIDNIGHT : MIDNIGHT + 7]] == FIRST_TWO_HOURS
    assert table[-1]["start_local"] == "2026-09-20T23:30:00+00:00"
    volumes = [float(row["volume" if name == "requirement" else "mean"]) for row in table]
    assert volumes == list(requirement.campaigns[0].volume)
