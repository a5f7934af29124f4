"""Adapter: a Curtois and Qu instance as rows of cover (day, shift) and tours that are paths of contract networks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from math import gcd

import numpy as np

from benchmarks.published.sections import InstanceError
from benchmarks.published.shifts_instance import Employee, ShiftsInstance
from benchmarks.published.shifts_network import contract_network
from benchmarks.published.shifts_roster import Roster
from models.roster.columns.network import NEVER, STEPS, Network, best_path, completion, limited_path, paths_through
from models.roster.columns.program import Priced, Program, Tour
from models.roster.columns.rows import Rows, Steps
from models.roster.problem import Bools, Floats, Ints

TRACKED_STATES = 60_000
"""Most states of a day's network by which counts of shifts are tracked; limits beyond are held by searching the paths."""

SPREAD = 0.2
"""Further tours are sought up to this share above the best value."""


class ShiftTours:
    """Prices tours exactly: a dynamic program over the network of the contract, then a search where limits are left."""

    def __init__(self, instance: ShiftsInstance, workers: int) -> None:
        self.instance = instance
        self.shifts = [kind.id for kind in instance.kinds]
        self._workers = ThreadPoolExecutor(workers)
        self._networks: dict[tuple[object, ...], Network] = {}
        self._network: list[Network] = []
        self._kind: list[Ints] = []
        self._limit: list[Ints] = []
        minutes = [kind.minutes for kind in instance.kinds]
        self._unit = gcd(*minutes)
        self._group, self._allowed = _following(instance)
        for employee in instance.staff:
            self._compile(employee)
        self.item_cost = self._costs()
        self.base_cost = np.zeros(self.persons)
        for (name, _, _), weight in instance.on.items():
            self.base_cost[self._index(name)] += weight

    @property
    def persons(self) -> int:
        return len(self.instance.staff)

    def _index(self, name: str) -> int:
        return next(index for index, employee in enumerate(self.instance.staff) if employee.id == name)

    def _compile(self, employee: Employee) -> None:
        """Choose which counts the network tracks, tightest first while it stays small, and make or share the network."""
        units = np.array([kind.minutes // self._unit for kind in self.instance.kinds])
        most_units = employee.max_minutes // self._unit
        limit = np.array([employee.max_shifts.get(shift, self.instance.days) for shift in self.shifts])
        binding = [s for s in np.argsort(limit * units, kind="stable") if 0 < limit[s] < most_units // units[s]]
        runs = employee.min_days_off + len(self._allowed) * employee.max_consecutive
        stride, counts = np.zeros(len(units), dtype=np.int64), 1
        for shift in binding:
            size = counts * (int(limit[shift]) + 1)
            if size * runs * (most_units + 1) * (employee.max_weekends + 1) <= TRACKED_STATES:
                stride[shift], counts = counts, size
        contract = np.array(
            [
                most_units,
                employee.max_consecutive,
                employee.min_consecutive,
                employee.min_days_off,
                employee.max_weekends,
                counts,
            ]
        )
        least = -(-employee.min_minutes // self._unit)
        key = (tuple(contract), least, tuple(stride), tuple(limit[stride > 0]))
        if key not in self._networks:
            self._networks[key] = contract_network(
                self.instance.days, units, self._group, self._allowed, stride, limit, contract, least
            )
        self._network.append(self._networks[key])
        left = [shift for shift in binding if stride[shift] == 0]
        kind = np.full(len(units), -1, dtype=np.int64)
        kind[left] = np.arange(len(left))
        self._kind.append(np.tile(kind, self.instance.days))
        self._limit.append(limit[left].astype(np.int64))

    def _costs(self) -> Floats:
        """Cost of every item (day, shift) for every employee; NEVER where it is forbidden."""
        instance, shifts = self.instance, len(self.shifts)
        cost = np.zeros((self.persons, instance.days, shifts))
        number = {shift: index for index, shift in enumerate(self.shifts)}
        for (name, day, shift), weight in instance.on.items():
            cost[self._index(name), day, number[shift]] -= weight
        for (name, day, shift), weight in instance.off.items():
            cost[self._index(name), day, number[shift]] += weight
        for person, employee in enumerate(instance.staff):
            cost[person, list(employee.days_off)] = NEVER
            for shift, most in employee.max_shifts.items():
                if most == 0:
                    cost[person, :, number[shift]] = NEVER
        return cost.reshape(self.persons, -1)

    def price(self, prices: Floats, persons: Ints, most: int = 1) -> list[Priced]:
        if len(persons) == 1:
            return [self._price(prices, int(persons[0]), most)]
        return list(self._workers.map(lambda person: self._price(prices, int(person), most), persons))

    def _price(self, prices: Floats, person: int, most: int) -> Priced:
        weight = np.append(self.item_cost[person] - prices, 0.0)
        network, kind, limit = self._network[person], self._kind[person], self._limit[person]
        least = completion(network, weight)
        if least[0] >= NEVER / 2:
            raise InstanceError(
                f"employee {self.instance.staff[person].id} cannot work any roster that the rules allow"
            )
        path, value, bound = best_path(network, weight, least), float(least[0]), float(least[0])
        paths = [path]
        if self._breaks(path, kind, limit):
            value, bound, path = limited_path(network, weight, least, kind, limit, NEVER / 2, STEPS)
            paths = [path] if len(path) else []
        if most > 1:
            more = paths_through(network, weight, least, value + SPREAD * (1 + abs(value)), 2 * most)
            paths += [other for other in more if not self._breaks(other, kind, limit)]
        tours = {tour.content: tour for tour in (self.tour(person, path) for path in paths[:most])}
        return Priced(person, bound + self.base_cost[person], tuple(tours.values()))

    @staticmethod
    def _breaks(path: Ints, kind: Ints, limit: Ints) -> bool:
        kinds = kind[path]
        return bool((np.bincount(kinds[kinds >= 0], minlength=len(limit)) > limit).any())

    def tour(self, person: int, items: Ints) -> Tour:
        cost = self.base_cost[person] + self.item_cost[person, items].sum()
        return Tour(float(cost), items, np.ones(len(items)), items.astype(np.int16).tobytes())

    def roster(self, tours: list[Tour]) -> Roster:
        """The tours, one per employee, as a roster."""
        return {
            (employee.id, int(item) // len(self.shifts)): self.shifts[int(item) % len(self.shifts)]
            for employee, tour in zip(self.instance.staff, tours, strict=True)
            for item in tour.rows
        }


def _following(instance: ShiftsInstance) -> tuple[Ints, Bools]:
    """(group per shift, shifts allowed after each group): shifts of a group forbid the same shifts on the day after."""
    rules = [kind.not_before for kind in instance.kinds]
    groups = list(dict.fromkeys(rules))
    allowed = np.array([[kind.id not in rule for kind in instance.kinds] for rule in groups])
    return np.array([groups.index(rule) for rule in rules]), allowed


def shifts_program(instance: ShiftsInstance, workers: int) -> tuple[Program, ShiftTours]:
    """The program whose cost is the published objective."""
    tours = ShiftTours(instance, workers)
    need, under, over = (np.zeros(instance.days * len(tours.shifts)) for _ in range(3))
    for (day, shift), cover in instance.cover.items():
        row = day * len(tours.shifts) + tours.shifts.index(shift)
        need[row], under[row], over[row] = cover.need, cover.under, cover.over
    staff = float(len(instance.staff))
    rows = Rows(need, Steps.flat(under, staff + need.max()), Steps.flat(over, staff + need.max()))
    return Program(rows, tours, unit=1.0), tours
