"""Adapter: a MATSP instance as rows of cover (quarter-hour, task) and tours found by one dynamic program for all workers."""

from __future__ import annotations

import numpy as np

from benchmarks.published.sections import InstanceError
from benchmarks.published.tasks_instance import TasksInstance
from benchmarks.published.tasks_network import NOTHING, best_days, day_values, shift_tasks, shift_values
from benchmarks.published.tasks_roster import WorkedShift
from models.roster.columns.program import Priced, Program, Tour
from models.roster.columns.rows import Rows, Steps
from models.roster.problem import Floats, Ints

MISSING = 1000.0
"""Stands for the hard least cover: far above what any change of a tour can save."""

SURPLUS = 6
"""Surplus staff up to which the square is exact; beyond, each one more is priced as the last of these."""


class TaskTours:
    """Prices tours exactly. A tour's content: (start, task of every quarter) of its shifts."""

    def __init__(self, instance: TasksInstance) -> None:
        self.instance = instance
        self._most = max(worker.most for worker in instance.staff)

    @property
    def persons(self) -> int:
        return len(self.instance.staff)

    def price(self, prices: Floats, persons: Ints, most: int = 1) -> list[Priced]:
        value = prices.reshape(self.instance.least.shape)
        worth = shift_values(value)
        staff = [self.instance.staff[person] for person in persons]
        table = day_values(worth, max(worker.most for worker in staff))
        by_time = table[-1].max(axis=(0, 1))
        tours: dict[int, Tour] = {}
        answers = []
        for person, worker in zip(persons, staff, strict=True):
            gains = by_time[worker.least : worker.most + 1]
            if gains.max() <= NOTHING / 2:
                raise InstanceError(f"employee {worker.id} cannot work {worker.least} to {worker.most} quarter-hours")
            times = worker.least + np.argsort(-gains, kind="stable")[:most]
            for time in times[by_time[times] > NOTHING / 2]:
                if int(time) not in tours:
                    tours[int(time)] = self._tour(value, best_days(table, worth, int(time)))
            answers.append(
                Priced(
                    int(person), -float(gains.max()), tuple(tours[int(time)] for time in times if int(time) in tours)
                )
            )
        return answers

    def _tour(self, value: Floats, shifts: Ints) -> Tour:
        tasks = self.instance.least.shape[1]
        rows, content = [], []
        for start, length in shifts[::-1]:
            chosen = shift_tasks(value, start, length)
            rows.append((start + np.arange(length)) * tasks + chosen)
            content.append(np.concatenate(([start, length], chosen)))
        covered = np.concatenate(rows)
        return Tour(0.0, covered, np.ones(len(covered)), np.concatenate(content).astype(np.int16).tobytes())

    def roster(self, tours: list[Tour]) -> list[WorkedShift]:
        """The tours, one per worker, as shifts."""
        return [
            shift
            for worker, tour in zip(self.instance.staff, tours, strict=True)
            for shift in _shifts(worker.id, np.frombuffer(tour.content, dtype=np.int16).astype(np.int64))
        ]


def _shifts(employee: str, content: Ints) -> list[WorkedShift]:
    shifts = []
    while len(content):
        start, length = int(content[0]), int(content[1])
        tasks = content[2 : 2 + length]
        cuts = np.flatnonzero(np.diff(tasks)) + 1
        blocks = tuple((int(part[0]) + 1, len(part)) for part in np.split(tasks, cuts))
        shifts.append(WorkedShift(employee, start, length, blocks))
        content = content[2 + length :]
    return shifts


def tasks_program(instance: TasksInstance) -> tuple[Program, TaskTours]:
    """The program whose cost is the published objective wherever no cover is missing."""
    tours = TaskTours(instance)
    least, most = instance.least.ravel().astype(float), instance.most.ravel().astype(float)
    count = np.arange(len(most))
    staff = float(len(instance.staff))
    under = Steps(
        np.repeat(count, 2),
        np.column_stack([most - least, np.full(len(most), staff)]).ravel(),
        np.tile([0.0, MISSING], len(most)),
    )
    squares = np.arange(1.0, 2 * SURPLUS + 2, 2.0)
    width = np.append(np.ones(SURPLUS), staff)
    over = Steps(np.repeat(count, len(squares)), np.tile(width, len(most)), np.tile(squares, len(most)))
    return Program(Rows(most, under, over), tours, unit=1.0), tours
