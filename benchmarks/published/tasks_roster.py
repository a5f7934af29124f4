"""ROSTER.csv of a MATSP instance, and its checker: rules and cost from the file alone.

Columns: employee; day (calendar day of the start, 0 the first of the horizon); start (HH:MM); minutes; tasks, such as
"1:360|2:60", task and minutes in the order worked.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.published.tasks_instance import (
    LEAST_BLOCK,
    LONGEST,
    MOST_DAYS,
    OPENS,
    QUARTERS,
    REST,
    SHORTEST,
    TasksInstance,
    Worker,
)
from models.roster.problem import Ints


@dataclass(frozen=True)
class WorkedShift:
    """`start` in quarter-hours after the horizon's begin; `blocks` of (task from 1, quarter-hours)."""

    employee: str
    start: int
    length: int
    blocks: tuple[tuple[int, int], ...]

    @property
    def day(self) -> int:
        return (self.start + OPENS) // QUARTERS

    @property
    def end(self) -> int:
        return self.start + self.length


def write_tasks_roster(path: Path, shifts: list[WorkedShift]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("employee", "day", "start", "minutes", "tasks"))
        for shift in shifts:
            clock = (shift.start + OPENS) % QUARTERS
            tasks = "|".join(f"{task}:{15 * length}" for task, length in shift.blocks)
            writer.writerow(
                (shift.employee, shift.day, f"{clock // 4:02}:{clock % 4 * 15:02}", 15 * shift.length, tasks)
            )


def read_tasks_roster(path: Path) -> list[WorkedShift]:
    shifts = []
    with path.open(newline="", encoding="utf-8") as file:
        for line in csv.DictReader(file):
            hour, minute = line["start"].split(":")
            start = int(line["day"]) * QUARTERS + int(hour) * 4 + int(minute) // 15 - OPENS
            pairs = (block.split(":") for block in line["tasks"].split("|"))
            blocks = tuple((int(task), int(minutes) // 15) for task, minutes in pairs)
            shifts.append(WorkedShift(line["employee"], start, int(line["minutes"]) // 15, blocks))
    return shifts


def violations(instance: TasksInstance, shifts: list[WorkedShift]) -> list[str]:
    """Every broken hard rule, in words; missing cover is told once, with its total."""
    staff = {worker.id for worker in instance.staff}
    tasks = instance.least.shape[1]
    found = [f"{shift.employee}: there is no such employee" for shift in shifts if shift.employee not in staff]
    found += [
        f"{shift.employee}: a shift of day {shift.day} leaves the horizon or has an unknown task"
        for shift in shifts
        if shift.start < 0 or shift.end > instance.quarters or not all(1 <= task <= tasks for task, _ in shift.blocks)
    ]
    if found:
        return found
    for worker in instance.staff:
        own = sorted((shift for shift in shifts if shift.employee == worker.id), key=lambda shift: shift.start)
        found += [f"{worker.id}: {words}" for words in _broken(worker, own)]
    missing = int(np.maximum(0, instance.least - cover(instance, shifts)).sum())
    if missing:
        found.append(f"{missing} quarter-hours of cover are missing")
    return found


def _broken(worker: Worker, shifts: list[WorkedShift]) -> list[str]:
    found = []
    for shift in shifts:
        if not SHORTEST <= shift.length <= LONGEST:
            found.append(f"{15 * shift.length} minutes on day {shift.day}, not within 360 to 600")
        if sum(length for _, length in shift.blocks) != shift.length:
            found.append(f"the tasks of day {shift.day} do not fill the shift")
        if any(length < LEAST_BLOCK for _, length in _merged(shift.blocks)):
            found.append(f"a task of less than 60 minutes on day {shift.day}")
    for first, second in pairwise(shifts):
        if second.day == first.day:
            found.append(f"two starts on day {second.day}")
        if second.start - first.end < REST:
            found.append(f"less than 14 hours of rest before day {second.day}")
    days = {shift.day for shift in shifts}
    if any(all(day + later in days for later in range(MOST_DAYS + 1)) for day in days):
        found.append("works more than 5 days running")
    total = sum(shift.length for shift in shifts)
    if not worker.least <= total <= worker.most:
        found.append(f"{15 * total} minutes, not within {15 * worker.least} to {15 * worker.most}")
    return found


def _merged(blocks: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """Blocks of one task running are one."""
    merged: list[tuple[int, int]] = []
    for task, length in blocks:
        if merged and merged[-1][0] == task:
            merged[-1] = (task, merged[-1][1] + length)
        else:
            merged.append((task, length))
    return merged


def cover(instance: TasksInstance, shifts: list[WorkedShift]) -> Ints:
    """Staff per quarter and task. Shape (quarters, tasks)."""
    staffed = np.zeros(instance.least.shape, dtype=np.int64)
    for shift in shifts:
        at = shift.start
        for task, length in shift.blocks:
            staffed[at : at + length, task - 1] += 1
            at += length
    return staffed


def cost(instance: TasksInstance, shifts: list[WorkedShift]) -> int:
    """The published objective: squares of the staff above the most wanted."""
    return int((np.maximum(0, cover(instance, shifts) - instance.most) ** 2).sum())
