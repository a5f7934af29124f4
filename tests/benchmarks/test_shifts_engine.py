"""The engine on a tiny instance against all rosters that the checker lets pass."""

import json
from itertools import product

import numpy as np
import pytest

from benchmarks.published.shifts_instance import read_shifts_instance
from benchmarks.published.shifts_roster import cost, violations
from benchmarks.published.shifts_tours import ShiftTours
from benchmarks.rostering import main

SHIFTS = ".EL"


@pytest.fixture
def instance(shifts_file):
    return read_shifts_instance(shifts_file)


def lawful_weeks(instance):
    """Per employee, every week that breaks no rule of his or hers."""
    weeks = {employee.id: [] for employee in instance.staff}
    for shifts in product(range(3), repeat=instance.days):
        for name, found in weeks.items():
            broken = violations(instance, {(name, d): SHIFTS[s] for d, s in enumerate(shifts) if s})
            if not any(words.startswith(f"{name}:") for words in broken):
                found.append(shifts)
    return weeks


def least_cost(instance, weeks):
    """The optimum over all combinations of three employees."""
    need, under, over = (
        np.array([[getattr(instance.cover[day, shift], part) for shift in "EL"] for day in range(7)])
        for part in ("need", "under", "over")
    )
    everyone_off = cost(instance, {}) - (under * need).sum()

    def table(name):
        shifts = np.array(weeks[name])
        own = [cost(instance, {(name, d): SHIFTS[s] for d, s in enumerate(week) if s}) for week in shifts]
        cover = np.stack([shifts == 1, shifts == 2], axis=2)
        wishes = np.array(own) - everyone_off
        gap = need - cover
        return cover.astype(int), wishes - (under * gap.clip(0) + over * (-gap).clip(0)).sum(axis=(1, 2))

    (a, cost_a), (b, cost_b), (c, cost_c) = (table(employee.id) for employee in instance.staff)
    best = np.inf
    for cover_a, own_a in zip(a, cost_a, strict=True):
        both = b + cover_a
        gap = need - (both[:, None] + c[None])
        total = (under * gap.clip(0) + over * (-gap).clip(0)).sum(axis=(2, 3))
        best = min(best, (total + cost_b[:, None] + cost_c[None]).min() + own_a)
    return best + everyone_off


def test_the_command_finds_and_proves_the_optimum(instance, shifts_file, tmp_path, capsys):
    least = least_cost(instance, lawful_weeks(instance))
    arguments = ["--instance", str(shifts_file), "--out", str(tmp_path / "ROSTER.csv"), "--rounds", "5", "--json"]

    assert main([*arguments]) == 0

    facts = json.loads(capsys.readouterr().out)
    assert facts["violations"] == []
    assert facts["bound"] <= least == facts["objective"]


def test_prices_of_tours_are_exact(instance):
    """With counts tracked by the network and with counts held by searching the paths."""
    weeks = lawful_weeks(instance)
    rng = np.random.default_rng(0)
    tours = ShiftTours(instance, workers=1)
    for _ in range(10):
        prices = rng.uniform(-20, 60, 14)
        for answer, employee in zip(tours.price(prices, np.arange(3), 4), instance.staff, strict=True):
            values = [
                tours.base_cost[answer.person]
                + sum((tours.item_cost[answer.person] - prices)[2 * d + s - 1] for d, s in enumerate(week) if s)
                for week in weeks[employee.id]
            ]
            assert answer.value == pytest.approx(min(values))
            assert answer.tours[0].cost - prices[answer.tours[0].rows].sum() == pytest.approx(min(values))
            for tour in answer.tours:
                assert violations_of(instance, tours, employee, tour) == []


def violations_of(instance, tours, employee, tour):
    worked = {(employee.id, int(item) // 2): tours.shifts[int(item) % 2] for item in tour.rows}
    return [words for words in violations(instance, worked) if words.startswith(f"{employee.id}:")]


def test_untracked_counts_are_held_too(instance, monkeypatch):
    monkeypatch.setattr("benchmarks.published.shifts_tours.TRACKED_STATES", 0)

    test_prices_of_tours_are_exact(instance)


def test_a_missing_file_is_told(tmp_path, capsys):
    arguments = ["--instance", str(tmp_path / "none.txt"), "--out", str(tmp_path / "ROSTER.csv"), "--rounds", "1"]

    assert main(arguments) == 2
    assert "none.txt" in capsys.readouterr().err
