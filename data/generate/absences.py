"""Leave, sickness, part-day unavailability and wishes of synthetic agents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import numpy as np

from data.generate.case_folder import Row

CHRISTMAS = ((12, 24), (12, 25), (12, 28), (12, 29), (12, 30), (12, 31), (1, 1))
"""Working days of the Christmas leave that many take, 2026-12-24 to 2027-01-01."""
WISH_COSTS = ("10.00", "15.00", "20.00", "30.00")


def absences(people: Sequence[Row], first_day: date, weeks: int, rng: np.random.Generator) -> list[Row]:
    """About 7 % of working days on leave, in runs of Monday to Friday (weekends are no leave days), more at Christmas; a
    few part-days and sick days. One reason per agent and week, so that rows never overlap.
    """
    mondays = [first_day + timedelta(weeks=week) for week in range(weeks)]
    festive = any((day.month, day.day) == (12, 25) for monday in mondays for day in _week(monday))
    rows: list[Row] = []
    for person in people:
        agent = person["agent"]
        christmas = festive and rng.random() < 0.12
        for monday in mondays:
            drawn = rng.random()
            days = [day for day in _week(monday) if (day.month, day.day) in CHRISTMAS]
            if christmas and days:
                rows.append({"agent": agent, "start": days[0], "end": days[-1], "kind": "paid_leave"})
            elif drawn < (0.04 if festive else 0.07):
                rows.append({"agent": agent, "start": monday, "end": monday + timedelta(days=4), "kind": "paid_leave"})
            elif drawn < 0.08:
                last = monday + timedelta(days=int(rng.integers(1, 4)))
                rows.append({"agent": agent, "start": monday, "end": last, "kind": "medical"})
            elif drawn < 0.13:
                day = monday + timedelta(days=int(rng.integers(0, 5)))
                start, end = (time(7), time(11)) if rng.random() < 0.5 else (time(14), time(19))
                rows.append(
                    {
                        "agent": agent,
                        "start": datetime.combine(day, start),
                        "end": datetime.combine(day, end),
                        "kind": "unavailable",
                    }
                )
    return rows


def leave_days(rows: Sequence[Row]) -> dict[str, int]:
    """Whole working days away, per agent."""
    days: dict[str, int] = {}
    for row in rows:
        start, end = row["start"], row["end"]
        if isinstance(start, datetime) or not isinstance(start, date) or not isinstance(end, date):
            continue
        days[str(row["agent"])] = days.get(str(row["agent"]), 0) + (end - start).days + 1
    return days


def wishes(
    people: Sequence[Row], away: Sequence[Row], first_day: date, weeks: int, rng: np.random.Generator
) -> list[Row]:
    """About one wish per agent in seven weeks, and early ends on Christmas Eve; none in a week with an absence."""
    busy = {(row["agent"], _monday(row["start"])) for row in away}
    rows: list[Row] = []
    for person in people:
        for week in range(weeks):
            monday = first_day + timedelta(weeks=week)
            drawn, kind, offset, price = rng.random(), rng.random(), int(rng.integers(0, 5)), int(rng.integers(0, 4))
            if (person["agent"], monday) in busy:
                continue
            eve = next((day for day in _week(monday) if (day.month, day.day) == (12, 24)), None)
            wish: dict[str, object] = {"agent": person["agent"], "cost": WISH_COSTS[price], "currency": "EUR"}
            if eve is not None and drawn < 0.3:
                rows.append(wish | {"day": eve, "kind": "end_before", "time": time(16)})
            elif drawn < 0.15:
                wish["day"] = monday + timedelta(days=offset)
                if kind < 0.5:
                    rows.append(wish | {"kind": "off"})
                elif kind < 0.8:
                    rows.append(wish | {"kind": "end_before", "time": time(17)})
                else:
                    rows.append(wish | {"kind": "start_after", "time": time(9)})
    return rows


def _week(monday: date) -> list[date]:
    """Its working days."""
    return [monday + timedelta(days=offset) for offset in range(5)]


def _monday(day: object) -> date | None:
    if isinstance(day, datetime):
        day = day.date()
    return day - timedelta(days=day.weekday()) if isinstance(day, date) else None
