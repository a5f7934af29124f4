"""Days of 23 and 25 hours: every figure draws every slot, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest

from api.figures import FIGURES, TABLES, coverage, coverage_heatmap, roster_gantt
from api.figures.walls import WallAxis
from wfm.campaign import OpeningHours
from wfm.clock import Grid, zone
from wfm.demand import QUANTILES, CampaignForecast, Forecast
from wfm.plan import Segment, Shift
from wfm.requirement import CampaignRequirement, Requirement, WorkItem

CHANGES = [
    ("Africa/Casablanca", date(2026, 9, 20), 25),
    ("Africa/Casablanca", date(2026, 3, 22), 23),
    ("Europe/Paris", date(2026, 10, 25), 25),
    ("Europe/Paris", date(2026, 3, 29), 23),
]
SHIFT_SLOTS = 14


@pytest.fixture(params=CHANGES, ids=lambda change: f"{change[0]}-{change[1]}")
def change(request):
    return request.param


@pytest.fixture
def night(view, make_plan, change):
    """A week that ends with the change: service is wanted at all hours, and one agent works through the change."""
    home, sunday, hours = change
    site = view.case.sites[0].model_copy(update={"time_zone": home})
    always = [OpeningHours(campaign="service", weekday=day, opens=time(0), closes=time(0)) for day in range(1, 8)]
    case = view.case.model_copy(
        update={
            "sites": (site,),
            "first_day": sunday - timedelta(days=6),
            "opening_hours": tuple(always),
            "campaigns": (view.case.campaigns[0].model_copy(update={"open_on_holidays": True}),),
        }
    )
    slots = case.grid.slots
    assert slots == 2 * (6 * 24 + hours)
    wanted = CampaignRequirement(
        campaign="service",
        items=tuple(WorkItem(first_slot=slot, last_slot=slot + 1, work=1000 * (slot + 1)) for slot in range(slots)),
        volume=(1.0,) * slots,
        aht_seconds=(300.0,) * slots,
        net_agents=tuple(float(slot + 1) for slot in range(slots)),
        service_level=None,
        service_level_definition=None,
        method="by hand",
    )
    requirement = Requirement(case_hash=case.content_hash(), grid=case.grid, campaigns=(wanted,))
    midnight = 6 * 48
    segments = tuple(Segment(activity="service", first_slot=midnight + slot, slots=1) for slot in range(SHIFT_SLOTS))
    shift = Shift(agent="A1", day=sunday, pattern="day", segments=segments)
    made = make_plan(case, [shift], requirement=requirement)
    days = tuple(case.first_day + timedelta(days=day) for day in range(-1, 8))  # of whatever market
    expected = CampaignForecast(
        campaign="service", mean=(1.0,) * slots, quantiles=((1.0,) * slots,) * len(QUANTILES),
        aht_seconds=(300.0,) * slots, days=days, day_mean=(48.0,) * len(days),
        day_quantiles=((48.0,) * len(days),) * len(QUANTILES), reach_rate=None, method="by hand",
    )  # fmt: skip
    forecast = Forecast(case_hash=case.content_hash(), seed=0, grid=case.grid, campaigns=(expected,))
    return replace(view, case=case, requirement=requirement, plan=made, forecast=forecast, histories={})


def test_every_slot_has_a_place_of_its_own(change):
    home, day, hours = change
    grid = Grid.of_days(day, 1, 30, zone(home))
    axis = WallAxis.of(grid, zone(home))

    assert grid.slots == 2 * hours
    assert len(set(axis.labels)) == len(set(axis.x)) == grid.slots
    assert axis.places == sorted(set(axis.places))
    assert axis.places[0] == datetime.combine(day, time(0))
    assert axis.places[-1] == datetime.combine(day + timedelta(days=1), time(0))
    moved = [note for note in axis.notes if note]
    assert len(moved) == (3 if hours == 25 else 0)  # of the four half-hours of the doubled hour, the first stays


def test_the_doubled_hour_is_drawn_as_two_halves():
    rabat = zone("Africa/Casablanca")
    axis = WallAxis.of(Grid.of_days(date(2026, 9, 20), 1, 30, rabat), rabat)
    first = axis.labels.index("2026-09-20 01:00")

    assert axis.labels[first : first + 5] == [
        *("2026-09-20 01:00", "2026-09-20 01:30", "2026-09-20 01:00 (2nd)", "2026-09-20 01:30 (2nd)"),
        "2026-09-20 02:00",
    ]
    assert axis.x[first : first + 5] == [f"2026-09-20 {at}" for at in ("01:00", "01:15", "01:30", "01:45", "02:00")]


def test_coverage_draws_and_tabulates_every_slot_once(night):
    slots = night.plan.grid.slots
    own, _, required = coverage.figure(night).data

    assert list(required.y) == list(range(1, slots + 1))
    assert list(required.x) == sorted(set(required.x))
    assert sum(1 for value in own.y if value) == SHIFT_SLOTS
    rows = coverage.table(night).rows
    assert len({row[1] for row in rows}) == len(rows) == slots


def test_the_heatmap_has_a_cell_for_every_slot(night):
    found = coverage_heatmap.balance(night, None)
    shown = [cell for cell in found.cells[6] if cell is not None]

    assert sum(cell is not None for cells in found.cells for cell in cells) == night.plan.grid.slots
    assert shown[SHIFT_SLOTS:] == sorted(shown[SHIFT_SLOTS:], reverse=True)  # columns are in order of time
    assert len(set(found.times)) == len(found.times)


def test_bars_of_the_roster_follow_one_another(night):
    service = next(trace for trace in roster_gantt.figure(night).data if trace.name == "A · Service")
    bars = list(zip(service.base, service.x, strict=True))

    assert len(bars) == SHIFT_SLOTS
    assert all(length > 0 for _, length in bars)
    assert all(base + length == following for (base, length), (following, _) in pairwise(bars))
    assert len(set(service.customdata)) == SHIFT_SLOTS


@pytest.mark.parametrize("name", [name for name in FIGURES if name != "forecast_fan"])
def test_figures_and_tables_can_be_made(night, name):
    assert FIGURES[name](night).to_json()
    assert TABLES[name](night).csv()
