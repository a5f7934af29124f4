"""Shift scheduling instances of Curtois and Qu (technical report, University of Nottingham, 2014), as they are written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.published.sections import InstanceError, read_sections, required


@dataclass(frozen=True)
class Kind:
    """A shift: its length in minutes and the shifts that may not be worked on the day after."""

    id: str
    minutes: int
    not_before: frozenset[str]


@dataclass(frozen=True)
class Employee:
    """Limits of one employee over the horizon; minutes, counts of shifts, days, weekends. `days_off` are fixed."""

    id: str
    max_shifts: dict[str, int]
    max_minutes: int
    min_minutes: int
    max_consecutive: int
    min_consecutive: int
    min_days_off: int
    max_weekends: int
    days_off: frozenset[int]


@dataclass(frozen=True)
class Cover:
    """Employees wanted on a shift of a day, and the price of each one missing or too many."""

    need: int
    under: int
    over: int


@dataclass(frozen=True)
class ShiftsInstance:
    """Day 0 is a Monday. Wishes are prices by (employee, day, shift): `on` when not given that shift, `off` when given it."""

    days: int
    kinds: tuple[Kind, ...]
    staff: tuple[Employee, ...]
    on: dict[tuple[str, int, str], int]
    off: dict[tuple[str, int, str], int]
    cover: dict[tuple[int, str], Cover]


def read_shifts_instance(path: Path) -> ShiftsInstance:
    """Read a file of this format; InstanceError when it is not one."""
    sections = read_sections(path)
    try:
        fixed = {fields[0]: frozenset(map(int, fields[1:])) for fields in sections.get("DAYS_OFF", [])}
        kinds = tuple(_kind(fields) for fields in required(path, sections, "SHIFTS"))
        staff = tuple(_employee(fields, fixed) for fields in required(path, sections, "STAFF"))
        return ShiftsInstance(
            days=int(required(path, sections, "HORIZON")[0][0]),
            kinds=kinds,
            staff=staff,
            on=_wishes(sections.get("SHIFT_ON_REQUESTS", [])),
            off=_wishes(sections.get("SHIFT_OFF_REQUESTS", [])),
            cover={
                (int(day), shift): Cover(int(need), int(under), int(over))
                for day, shift, need, under, over in required(path, sections, "COVER")
            },
        )
    except (ValueError, IndexError) as error:
        if isinstance(error, InstanceError):
            raise
        raise InstanceError(f"{path.name}: not an instance of Curtois and Qu: {error}") from error


def _kind(fields: list[str]) -> Kind:
    shift, minutes, *following = fields
    return Kind(shift, int(minutes), frozenset(name for name in "".join(following).split("|") if name))


def _employee(fields: list[str], fixed: dict[str, frozenset[int]]) -> Employee:
    name, counts, *limits = fields
    numbers = [int(value) for value in limits]
    return Employee(
        id=name,
        max_shifts={shift: int(most) for shift, most in (entry.split("=") for entry in counts.split("|"))},
        max_minutes=numbers[0],
        min_minutes=numbers[1],
        max_consecutive=numbers[2],
        min_consecutive=numbers[3],
        min_days_off=numbers[4],
        max_weekends=numbers[5],
        days_off=fixed.get(name, frozenset()),
    )


def _wishes(lines: list[list[str]]) -> dict[tuple[str, int, str], int]:
    return {(employee, int(day), shift): int(weight) for employee, day, shift, weight in lines}
