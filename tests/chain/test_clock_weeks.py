"""Weeks in which a clock changes, and weeks of Ramadan and of a feast, from the case's files to the plan's and its figures."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest

from api.figures import FIGURES, TABLES, PlanView
from api.report import render_report
from data.export.plan_folder import check_folder, read_plan_folder
from models.forecast.forecast import history_walls
from models.forecast.series import DayTable
from wfm.blocks import purchase_times
from wfm.calendar import Certainty
from wfm.campaign import Channel
from wfm.check import check_plan
from wfm.clock import PARIS, RABAT, day_starts, zone
from wfm.costs import bill
from wfm.coverage import capacity
from wfm.opening import open_slots
from wfm.shift import Season

HOTLINE, EMERGENCY = "hotline", "emergency"
HALF_HOUR, HOUR = timedelta(minutes=30), timedelta(hours=1)


@dataclass(frozen=True)
class Night:
    """A night in which the clock of `zone` changes, `at` UTC, on a day of so many hours; `doubled`: naive wall time of the
    first half-hour that occurs twice, None where an hour is skipped.
    """

    monday: date
    zone: str
    at: datetime
    hours: int
    doubled: str | None = None

    def __str__(self) -> str:
        return f"{self.zone}, {self.at:%Y-%m-%d}"


def night(monday: str, zone_name: str, at: str, hours: int, doubled: str | None = None) -> Night:
    return Night(date.fromisoformat(monday), zone_name, datetime.fromisoformat(f"{at}:00Z"), hours, doubled)


NIGHTS = [
    night("2025-03-24", PARIS, "2025-03-30T01", 23),
    night("2026-02-09", RABAT, "2026-02-15T02", 25, "2026-02-15T02:00"),
    night("2026-03-16", RABAT, "2026-03-22T02", 23),
    night("2026-09-14", RABAT, "2026-09-20T01", 25, "2026-09-20T01:00"),
    night("2026-10-19", PARIS, "2026-10-25T01", 25, "2026-10-25T02:00"),
    night("2027-03-22", PARIS, "2027-03-28T01", 23),
]
RAMADAN, FITR = date(2027, 2, 15), date(2027, 3, 8)
MONDAYS = [*(change.monday for change in NIGHTS), RAMADAN, FITR]


@pytest.fixture(params=MONDAYS, ids=str)
def week(request, plan_week):
    return plan_week(request.param)


@pytest.fixture(params=NIGHTS, ids=str)
def change(request):
    return request.param


@pytest.fixture
def changing(change, plan_week):
    """The week of the change."""
    return plan_week(change.monday)


def rows(week, name):
    with (week.folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def entry_of(entries, campaign=HOTLINE):
    return next(entry for entry in entries if entry.campaign == campaign)


def slots_of_day(case, day, zone_name):
    """The slots that lie in a local day of any zone."""
    tz = zone(zone_name)
    return [slot for slot, wall in enumerate(case.grid.walls(tz)) if wall.date() == day]


def instant(text):
    return datetime.fromisoformat(text)


def test_the_plan_is_legal_and_its_bill_right(week):
    case, requirement, plan = week.case, week.result.requirement, week.result.plan

    assert week.result.violations == []
    assert check_plan(case, requirement, plan) == []
    assert plan.bill == bill(case, requirement, plan.shifts, plan.purchases)
    assert plan.certificate.cost_cents == plan.bill.total_cents


def test_the_folder_says_the_same(week):
    assert check_folder(week.folder) == []
    assert read_plan_folder(week.folder) == (week.case, week.result.requirement, week.result.plan)


def test_the_roster_s_two_clocks_agree(week):
    rabat = zone(RABAT)
    by_agent = {}
    for row in rows(week, "roster.csv"):
        start, end = instant(row["start_utc"]), instant(row["end_utc"])
        by_agent.setdefault(row["agent_id"], []).append((start, end))
        for text, when in ((row["start_local"], start), (row["end_local"], end)):
            assert instant(text) == when
            assert instant(text).replace(tzinfo=None) == when.astimezone(rabat).replace(tzinfo=None)
        assert end - start == timedelta(minutes=int(row["minutes"]))
    assert by_agent
    for spans in by_agent.values():
        assert all(start < end for start, end in spans)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
    planned = sum(segment.slots for shift in week.result.plan.shifts for segment in shift.segments)
    assert sum(((end - start) // HALF_HOUR for spans in by_agent.values() for start, end in spans)) == planned


def test_requests_to_partners_are_billed_by_elapsed_time(week):
    for row in rows(week, "capacity_requests.csv"):
        start, end = instant(row["start_utc"]), instant(row["end_utc"])
        assert (instant(row["start_local"]), instant(row["end_local"])) == (start, end)
        assert float(row["productive_hours"]) == int(row["seats"]) * ((end - start) / HOUR)


@pytest.mark.parametrize("name", ["forecast.csv", "requirement.csv"])
def test_every_interval_is_in_the_tables_once(week, name):
    grid = week.case.grid
    by_campaign = {}
    for row in rows(week, name):
        assert instant(row["start_local"]) == instant(row["start_utc"])
        by_campaign.setdefault(row["campaign"], []).append(instant(row["start_utc"]))
    assert set(by_campaign) == set(week.case.campaign_by_id)
    for starts in by_campaign.values():
        assert starts == [grid.start + slot * HALF_HOUR for slot in range(grid.slots)]


def test_no_contact_is_lost_or_doubled_between_forecast_and_requirement(week):
    result = week.result
    for campaign in week.case.campaigns:
        forecast = entry_of(result.forecast.campaigns, campaign.id)
        required = entry_of(result.requirement.campaigns, campaign.id)
        assert required.volume == forecast.mean
        assert sum(forecast.day_mean) == pytest.approx(sum(forecast.mean))
        assert len(set(forecast.days)) == len(forecast.days)
        assert sum(required.net_agents) * 1000 == pytest.approx(required.work)
        is_open = open_slots(week.case, campaign)
        assert not np.array(forecast.mean)[~is_open].any()
        for item in required.items:
            assert is_open[item.first_slot : item.last_slot].any() or not item.work
        if campaign.channel is Channel.INBOUND:
            assert [item.first_slot for item in required.items] == np.flatnonzero(is_open).tolist()


def test_the_line_that_never_closes_has_work_in_every_half_hour(week):
    grid = week.case.grid
    items = entry_of(week.result.requirement.campaigns).items

    assert [(item.first_slot, item.last_slot) for item in items] == [(slot, slot + 1) for slot in range(grid.slots)]
    assert all(item.work > 0 for item in items)
    assert min(entry_of(week.result.forecast.campaigns).mean) > 0


def test_history_is_read_without_loss(week):
    history = week.histories[HOTLINE]
    starts = [datetime.fromtimestamp(60 * int(minute), UTC) for minute in history.start_minute]

    assert dict(zip(starts, history.volume.tolist(), strict=True)) == week.written
    assert starts == sorted(starts)
    # It holds nights of 23 or 25 hours of the customers' clock, and their days are learned as of 24 hours.
    paris = zone(PARIS)
    lengths = Counter(start.astimezone(paris).date() for start in starts)
    odd = {day: count for day, count in lengths.items() if count != 48}
    assert odd
    assert set(odd.values()) <= {46, 50}
    table = DayTable.of(history_walls(history, paris), history.volume, 30)
    assert table.recorded.all()
    for day, count in odd.items():
        row = table.y[(np.datetime64(day) - table.first_day).astype(int)]
        assert int(np.isnan(row).sum()) == (2 if count == 46 else 0)
        of_day = [week.written[start] for start in starts if start.astimezone(paris).date() == day]
        if count == 50:
            assert row[4:6].tolist() == [(of_day[4] + of_day[6]) / 2, (of_day[5] + of_day[7]) / 2]
            assert row[6:].tolist() == of_day[8:]


def test_the_day_of_the_change_has_its_own_length(change, changing):
    case = changing.case
    day = change.at.astimezone(zone(change.zone)).date()
    assert len(slots_of_day(case, day, change.zone)) == 2 * change.hours
    start, end = day_starts(day, 1, zone(change.zone))
    assert end - start == change.hours * HOUR
    assert case.grid.slots == 7 * 48 + (2 * (change.hours - 24) if change.zone == RABAT else 0)
    assert case.grid.instant(0) < change.at < case.grid.instant(case.grid.slots)


def test_an_hour_that_occurs_twice_has_its_contacts_twice_and_a_skipped_one_none(change, changing):
    case = changing.case
    forecast = entry_of(changing.result.forecast.campaigns)
    tz = zone(change.zone)
    walls = case.grid.walls(tz)
    if change.doubled is None:
        assert len(set(walls)) == len(walls)
        before = case.grid.slot(change.at) - 1
        assert walls[before + 1] - walls[before] == HOUR + HALF_HOUR
        return
    for half in (instant(change.doubled), instant(change.doubled) + HALF_HOUR):
        first, second = (slot for slot, wall in enumerate(walls) if wall == half)
        assert second - first == 2
        assert forecast.mean[first] > 0
        assert forecast.mean[second] > 0
        if change.zone == PARIS:
            assert forecast.mean[first] == forecast.mean[second]


def own_shifts_through(change, week):
    slot = week.case.grid.slot(change.at)
    return [shift for shift in week.result.plan.shifts if shift.first_slot < slot < shift.last_slot]


def test_the_change_falls_into_the_middle_of_the_work(change, changing):
    worked = capacity(changing.case, changing.result.plan)
    slot = changing.case.grid.slot(change.at)
    for line in (HOTLINE, EMERGENCY):
        assert worked[line].total[slot - 2 : slot + 2].all()
    assert own_shifts_through(change, changing)
    assert not worked[EMERGENCY].partner.any()


def test_partners_work_through_a_change_too(plan_week):
    through = set()
    for change in NIGHTS:
        week = plan_week(change.monday)
        spans = [purchase_times(week.case, purchase) for purchase in week.result.plan.purchases]
        through |= {change.zone for start, end in spans if start < change.at < end}
    assert through == {PARIS, RABAT}


def test_own_night_shifts_last_nine_elapsed_hours_whatever_the_clock_on_the_wall_says(plan_week):
    rabat, seen = zone(RABAT), set()
    for change in NIGHTS:
        week = plan_week(change.monday)
        for shift in own_shifts_through(change, week):
            start, end = (week.case.grid.instant(slot) for slot in (shift.first_slot, shift.last_slot))
            length = change.hours if change.zone == RABAT else 24
            assert end - start == 9 * HOUR
            assert (end.astimezone(rabat).hour - start.astimezone(rabat).hour) % 24 == 9 + 24 - length
            seen.add(length)
    assert seen == {23, 24, 25}


def test_leave_lasts_the_whole_of_its_day(change, changing):
    case, plan = changing.case, changing.result.plan
    sunday = change.monday + timedelta(days=6)
    absence = next(entry for entry in case.absences if entry.agent == changing.away)

    assert absence.end - absence.start == (change.hours if change.zone == RABAT else 24) * HOUR
    taken = set(slots_of_day(case, sunday, RABAT))
    for shift in plan.shifts:
        if shift.agent == changing.away:
            assert taken.isdisjoint(range(shift.first_slot, shift.last_slot))


def test_blocks_whose_edge_the_clock_skips_or_repeats_are_not_bought(change, changing):
    plan = changing.result.plan
    day = change.at.astimezone(zone(RABAT)).date()
    unsold = change.zone == RABAT and change.at.hour == 2
    if unsold:
        assert not [entry for entry in plan.purchases if entry.shift == "from_two" and entry.day == day]
    for purchase in plan.purchases:
        start, end = purchase_times(changing.case, purchase)
        assert start < end


def test_ramadan_and_the_feast_are_planned(plan_week):
    fasting = plan_week(RAMADAN).case
    morocco = fasting.calendar("MA")
    assert all(morocco.fasting(fasting.first_day + timedelta(days=day)) for day in range(7))

    feast = plan_week(FITR)
    morocco = feast.case.calendar("MA")
    days = [feast.case.first_day + timedelta(days=day) for day in range(7)]
    off = [day for day in days if morocco.is_holiday(day)]
    assert len(off) == 2
    assert all(morocco.holiday(day).certainty is Certainty.ESTIMATED for day in off)
    assert morocco.at_risk(off[-1] + timedelta(days=1)) is not None
    assert not any(morocco.fasting(day) for day in days if day >= off[0])
    # The line is open on both days, and someone answers it.
    worked = capacity(feast.case, feast.result.plan)[HOTLINE].total
    for day in off:
        assert worked[slots_of_day(feast.case, day, RABAT)].any()


def test_the_fast_is_broken_at_sunset(plan_week):
    """In Rabat the sun sets at 18:04 UTC on 2027-02-08 and at 18:29 on 2027-03-09; a break may be a quarter of an hour off."""
    week = plan_week(RAMADAN)
    case = week.case
    season = {pattern.id: pattern.season for pattern in case.shift_patterns}
    assert Season.OUTSIDE_RAMADAN in season.values()
    assert {season[shift.pattern] for shift in week.result.plan.shifts} <= {Season.RAMADAN, None}
    starts = [
        case.grid.instant(segment.first_slot)
        for shift in week.result.plan.shifts
        for segment in shift.segments
        if segment.break_name == "iftar"
    ]
    assert starts
    for start in starts:
        sunset = instant("2027-02-08T18:04Z") + (start.date() - date(2027, 2, 8)) * (1 + 25 / (29 * 24 * 60))
        assert abs(start - sunset) <= timedelta(minutes=17)


def test_figures_and_report_draw(week):
    result = week.result
    view = PlanView(week.case, week.histories, result.forecast, result.requirement, result.plan)
    for name, draw in FIGURES.items():
        assert json.loads(draw(view).to_json())["data"], name
        assert TABLES[name](view).csv(), name
    assert "<html" in render_report(view)
