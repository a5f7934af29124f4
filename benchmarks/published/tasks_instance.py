"""Multi-activity multi-day instances of Qu and Curtois (ICORES 2020), as they are written, in quarter-hours."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.published.sections import InstanceError, read_sections, required
from models.roster.problem import Ints

QUARTERS = 96
"""Quarter-hours of a day."""

OPENS = 24
"""The horizon begins at 06:00 of its first day and ends at 06:00 after its last."""

SHORTEST, LONGEST = 24, 40
"""Lengths of a shift."""

REST = 56
"""Least time between two shifts."""

LEAST_BLOCK = 4
"""Least time on a task before another."""

MOST_DAYS = 5
"""Most calendar days running on which a shift starts."""


@dataclass(frozen=True)
class Worker:
    """Least and most working time over the horizon, quarter-hours."""

    id: str
    least: int
    most: int


@dataclass(frozen=True, eq=False)
class TasksInstance:
    """`least` is the cover that must be there, `most` that above which each quarter pays the square of the surplus.
    Shape (quarters, tasks); quarter 0 is 06:00 on the first day.
    """

    days: int
    staff: tuple[Worker, ...]
    least: Ints
    most: Ints

    @property
    def quarters(self) -> int:
        return self.days * QUARTERS


def read_tasks_instance(path: Path) -> TasksInstance:
    """Read a file of this format; InstanceError when it is not one."""
    sections = read_sections(path)
    try:
        days = int(required(path, sections, "HORIZON")[0][0])
        tasks = int(required(path, sections, "TASKS")[0][0])
        staff = tuple(
            Worker(name, -(-int(least) // 15), int(most) // 15)
            for name, least, most in required(path, sections, "STAFF")
        )
        bounds = np.zeros((2, days * QUARTERS, tasks), dtype=np.int64)
        for day, span, task, least, most in required(path, sections, "COVER"):
            hour, minute = span.partition("-")[0].split(":")
            quarter = (int(day) - 1) * QUARTERS + int(hour) * 4 + int(minute) // 15 - OPENS
            if quarter < 0:
                raise InstanceError(f"{path.name}: cover on day {day} at {span}, before the horizon begins")
            bounds[:, quarter, int(task) - 1] = int(least), int(most)
    except (ValueError, IndexError) as error:
        if isinstance(error, InstanceError):
            raise
        raise InstanceError(f"{path.name}: not a MATSP instance: {error}") from error
    return TasksInstance(days, staff, bounds[0], bounds[1])
