"""ROSTER.csv of a Curtois and Qu instance (`employee,day,shift`), and its checker: rules and cost from the file alone.

It shares nothing with the optimiser: an objective it does not confirm is a defect.
"""

from __future__ import annotations

import csv
from collections import Counter
from itertools import groupby, pairwise
from pathlib import Path

from benchmarks.published.shifts_instance import Employee, ShiftsInstance

Roster = dict[tuple[str, int], str]
"""Shift by (employee, day)."""


def write_shifts_roster(path: Path, roster: Roster) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("employee", "day", "shift"))
        writer.writerows((employee, day, shift) for (employee, day), shift in sorted(roster.items()))


def read_shifts_roster(path: Path) -> Roster:
    roster: Roster = {}
    with path.open(newline="", encoding="utf-8") as file:
        for line in csv.DictReader(file):
            key = (line["employee"], int(line["day"]))
            if key in roster:
                raise ValueError(f"{path.name}: {key[0]} has two shifts on day {key[1]}")
            roster[key] = line["shift"]
    return roster


def violations(instance: ShiftsInstance, roster: Roster) -> list[str]:
    """Every broken hard rule, in words; empty for a roster that may be worked."""
    employees = {employee.id for employee in instance.staff}
    shifts = {kind.id for kind in instance.kinds}
    found = [
        f"{employee}, day {day}: there is no such employee, day or shift {shift}"
        for (employee, day), shift in roster.items()
        if employee not in employees or shift not in shifts or not 0 <= day < instance.days
    ]
    if not found:
        for employee in instance.staff:
            week = [roster.get((employee.id, day)) for day in range(instance.days)]
            found += [f"{employee.id}: {words}" for words in _broken(instance, employee, week)]
    return found


def _broken(instance: ShiftsInstance, employee: Employee, worked: list[str | None]) -> list[str]:
    kinds = {kind.id: kind for kind in instance.kinds}
    found = [f"works on day {day}, a fixed day off" for day in employee.days_off if worked[day]]
    for day, (first, second) in enumerate(pairwise(worked)):
        if first and second and second in kinds[first].not_before:
            found.append(f"{second} on day {day + 1} may not follow {first}")
    counts = Counter(shift for shift in worked if shift)
    found += [
        f"{count} x {shift}, at most {employee.max_shifts.get(shift, instance.days)}"
        for shift, count in counts.items()
        if count > employee.max_shifts.get(shift, instance.days)
    ]
    minutes = sum(kinds[shift].minutes * count for shift, count in counts.items())
    if not employee.min_minutes <= minutes <= employee.max_minutes:
        found.append(f"{minutes} minutes, not within {employee.min_minutes} to {employee.max_minutes}")
    found += _broken_runs(employee, [shift is not None for shift in worked])
    weekends = sum(any(worked[saturday : saturday + 2]) for saturday in range(5, instance.days, 7))
    if weekends > employee.max_weekends:
        found.append(f"{weekends} weekends, at most {employee.max_weekends}")
    return found


def _broken_runs(employee: Employee, working: list[bool]) -> list[str]:
    """Runs at either end of the horizon may go on outside it, so only their greatest length is held."""
    found = []
    day = 0
    for work, group in groupby(working):
        length = len(list(group))
        inner = day > 0 and day + length < len(working)
        if work and length > employee.max_consecutive:
            found.append(f"works {length} days from day {day}, at most {employee.max_consecutive}")
        least = employee.min_consecutive if work else employee.min_days_off
        if inner and length < least:
            found.append(f"{'works' if work else 'is off'} {length} days from day {day}, at least {least}")
        day += length
    return found


def cost(instance: ShiftsInstance, roster: Roster) -> int:
    """The published objective: wishes not met, and cover missing and too much."""
    total = sum(
        weight for (employee, day, shift), weight in instance.on.items() if roster.get((employee, day)) != shift
    )
    total += sum(
        weight for (employee, day, shift), weight in instance.off.items() if roster.get((employee, day)) == shift
    )
    staffed = Counter((day, shift) for (_, day), shift in roster.items())
    for place, cover in instance.cover.items():
        count = staffed[place]
        total += cover.under * max(0, cover.need - count) + cover.over * max(0, count - cover.need)
    return total
