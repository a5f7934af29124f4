"""Agents of the own centre: contracts, cost by seniority, skills from a few distinct sets, the days before the plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import numpy as np

from data.generate.case_folder import Row
from data.generate.shifts import CONTRACTS
from wfm.clock import RABAT

SITE = "rabat"
UNPLANNED_SHRINKAGE = 0.12
PART_TIME_SHARE = 0.18
GRADES = ((102.0, 0.35), (108.0, 0.30), (115.0, 0.20), (124.0, 0.15))
"""Loaded cost with overhead per paid hour in MAD, and share of agents, from junior to senior."""

SITES: tuple[Row, ...] = (
    {
        "site": SITE, "name": "Rabat", "city": "Rabat", "country": "MA", "time_zone": RABAT,
        "unplanned_shrinkage": UNPLANNED_SHRINKAGE,
    },
)  # fmt: skip

SkillSet = tuple[tuple[str, ...], float]

SKILL_SETS: tuple[SkillSet, ...] = (
    (("health", "protection"), 0.13),
    (("health", "email"), 0.10),
    (("health",), 0.06),
    (("protection", "life"), 0.11),
    (("life", "email"), 0.08),
    (("claims", "health"), 0.09),
    (("claims", "life"), 0.07),
    (("claims", "email"), 0.05),
    (("sales",), 0.10),
    (("sales", "protection"), 0.09),
    (("sales", "health"), 0.07),
    (("health", "protection", "life"), 0.05),
    (("brokers", "protection"), 0.06),
    (("brokers", "life"), 0.04),
)
"""Skills held together, and the share of agents who hold just these: few enough that agents can be planned in groups."""


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """`total` split in proportion to `weights` by largest remainders."""
    exact = [total * weight / sum(weights) for weight in weights]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: (parts[index] - exact[index], index))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


def agents(
    count: int, sets: Sequence[SkillSet], first_day: date, rng: np.random.Generator
) -> tuple[list[Row], list[Row]]:
    """Rows of the agents and skills tables."""
    chosen = [
        skills
        for (skills, _), number in zip(sets, shares(count, [w for _, w in sets]), strict=True)
        for _ in range(number)
    ]
    width = len(str(count))
    people: list[Row] = []
    skills: list[Row] = []
    for index, held in enumerate(chosen):
        name = f"A{index + 1:0{width}d}"
        grade = int(rng.choice(len(GRADES), p=[share for _, share in GRADES]))
        part_time = rng.random() < PART_TIME_SHARE
        worked, last_end = _before(first_day, rng)
        people.append(
            {
                "agent": name,
                "site": SITE,
                "contract": "part_time" if part_time else "full_time",
                "hourly_cost": f"{GRADES[grade][0]:.2f}",
                "currency": "MAD",
                "days_worked_before": worked,
                "last_shift_end": last_end,
            }
        )
        skills += [{"agent": name, "skill": skill, "level": _level(skill, held, grade, rng)} for skill in held]
    return people, skills


def contract_hours(people: Sequence[Row]) -> float:
    """Hours that the agents' contracts pay per week."""
    hours = {str(contract["contract"]): float(str(contract["week_hours"])) for contract in CONTRACTS}
    return sum(hours[str(person["contract"])] for person in people)


def _level(skill: str, held: tuple[str, ...], grade: int, rng: np.random.Generator) -> int:
    """Level by seniority. Specialists in sales are good enough for tests of new products, those who also answer lines
    are not, so that a skill set tells which campaigns its holders can work.
    """
    drawn = 1 + grade + int(rng.integers(0, 2))
    if skill == "sales":
        return max(3, drawn) if len(held) == 1 else min(2, drawn)
    return max(2, drawn) if skill in {"claims", "brokers"} else drawn


def _before(first_day: date, rng: np.random.Generator) -> tuple[int, datetime | None]:
    """Days worked in a row up to the eve of the plan, a Sunday, and the end of the last shift, wall time of the site."""
    drawn = rng.random()
    if drawn < 0.05:
        return int(rng.integers(1, 3)), datetime.combine(first_day - timedelta(days=1), time(17))
    if drawn < 0.20:
        return 0, datetime.combine(first_day - timedelta(days=2), time(12))
    return 0, datetime.combine(first_day - timedelta(days=3), time(int(rng.integers(16, 20))))
