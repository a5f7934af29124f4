"""The Erlang formulas against exact fractions, published cases and their own limits."""

from __future__ import annotations

import csv
import math
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad

from models.staffing.erlang import (
    blocking,
    expected_agents,
    fractional_agents,
    performance,
    required_agents,
    required_lines,
)

GRID = Path(__file__).parent / "erlang_grid.csv"
REFERENCE = Path(__file__).parents[4] / "shared" / "data" / "staffing" / "reference_values.csv"


def exact_blocking(agents: int, load: Fraction) -> Fraction:
    """The textbook quotient R^n / n! over the sum of R^k / k!, in exact fractions."""
    terms = [load**k / math.factorial(k) for k in range(agents + 1)]
    return terms[-1] / sum(terms)


def exact_erlang_a(agents: int, load: Fraction, patience: Fraction) -> tuple[float, float]:
    """(P(abandon), mean wait / AHT) by summing the birth-death chain in fractions; patience in handling times."""
    weight = total = Fraction(1)
    lost = queue = Fraction(0)
    for state in range(1, agents + 150):
        waiting = max(0, state - agents)
        weight *= load / (min(state, agents) + waiting / patience)
        total += weight
        queue += weight * waiting
        lost += weight * waiting / patience
    return float(lost / total / load), float(queue / total / load)


@pytest.mark.parametrize("load", [Fraction(1, 1000), Fraction(1, 2), Fraction(7), Fraction(25), Fraction(60)])
@pytest.mark.parametrize("agents", [0, 1, 2, 10, 40])
def test_erlang_b_is_exact(agents: int, load: Fraction) -> None:
    assert blocking(agents, float(load)) == pytest.approx(float(exact_blocking(agents, load)), rel=1e-12)


@pytest.mark.parametrize("load", [Fraction(1, 1000), Fraction(9, 10), Fraction(7), Fraction(39)])
@pytest.mark.parametrize("agents", [1, 2, 8, 40])
def test_erlang_c_is_exact(agents: int, load: Fraction) -> None:
    if load >= agents:
        result = performance(agents, float(load), 300, 20)
        assert (result.service_level, result.asa_seconds, result.occupancy) == (0, math.inf, 1)
        return
    refused = exact_blocking(agents, load)
    wait = float(refused / (1 - load / agents * (1 - refused)))

    result = performance(agents, float(load), 300, 20)

    assert result.service_level == pytest.approx(1 - wait * math.exp(-float(agents - load) * 20 / 300), abs=1e-14)
    assert result.asa_seconds == pytest.approx(wait * 300 / float(agents - load), rel=1e-12)
    assert result.occupancy == pytest.approx(float(load / agents), rel=1e-15)


@pytest.mark.parametrize("patience", [Fraction(1, 5), Fraction(1), Fraction(3)])
@pytest.mark.parametrize(
    ("agents", "load"), [(1, Fraction(1, 100)), (3, Fraction(2)), (10, Fraction(14)), (20, Fraction(12))]
)
def test_erlang_a_is_exact(agents: int, load: Fraction, patience: Fraction) -> None:
    abandonment, wait = exact_erlang_a(agents, load, patience)

    result = performance(agents, float(load), 300, 20, 300 * float(patience))

    assert result.abandonment == pytest.approx(abandonment, rel=1e-11)
    assert result.asa_seconds == pytest.approx(300 * wait, rel=1e-11)
    assert result.occupancy == pytest.approx(float(load) * (1 - abandonment) / agents, rel=1e-12)


@pytest.mark.parametrize("target", [0.0, 20.0, 400.0])
@pytest.mark.parametrize(("agents", "load"), [(1, 0.4), (6, 5.0), (6, 9.0)])
def test_erlang_a_service_level_is_the_integral_over_waits(agents: int, load: float, target: float) -> None:
    """Mandelbaum and Zeltyn's integrals of the virtual wait, by quadrature: time unit AHT, so μ = 1."""
    theta, t = 300 / 120, target / 300
    idle = 1 / blocking(agents - 1, load)

    def late(x: float) -> float:
        return math.exp(load / theta * -math.expm1(-theta * x) - agents * x)

    everyone = load * quad(late, 0, math.inf)[0]
    served_late = load * quad(lambda x: late(x) * math.exp(-theta * x), t, math.inf)[0]
    served = load * quad(lambda x: late(x) * math.exp(-theta * x), 0, math.inf)[0]

    result = performance(agents, load, 300, target, 120)

    assert result.service_level == pytest.approx((idle + served - served_late) / (idle + everyone), abs=1e-7)


def test_patience_without_end_is_erlang_c() -> None:
    patient, endless = performance(12, 10.0, 300, 20, 1e9), performance(12, 10.0, 300, 20)
    np.testing.assert_allclose(patient, endless, rtol=1e-3, atol=1e-5)


def test_published_cases() -> None:
    if not REFERENCE.exists():
        return  # the evaluation data is not part of the project; the exact fractions above stand on their own
    worst = 0.0
    with REFERENCE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        aht, agents = float(row["aht_s"]), int(row["agents"])
        load = float(row["arrivals_per_interval"]) * aht / (60 * float(row["interval_minutes"]))
        if row["model"] == "erlang_b":
            worst = max(worst, abs(blocking(agents, load) - float(row["abandon"])))
            continue
        patience, seconds = float(row["patience_s"] or "inf"), float(row["target_s"] or 0)
        result = performance(agents, load, aht, seconds, patience)
        for column, value in zip(("sl", "asa_s", "abandon", "occupancy"), result, strict=True):
            if row[column]:
                worst = max(worst, abs(float(value) - float(row[column])))
        if row["required_agents"]:
            named = re.search(r"max_occupancy \(?(0?\.\d+)", row["source"])
            cap = 0.85 if row["model"] == "max_occupancy" else float(named[1]) if named else 1.0
            found = required_agents(
                load, aht, float(row["target_sl"] or 0), seconds, patience_seconds=patience, max_occupancy=cap
            )
            assert found == int(row["required_agents"]), row
    assert worst <= 1e-12


def test_random_grid() -> None:
    """Values to 20 digits by `benchmarks/erlang_grid.py`: shares to 1e-12, waits to 1e-12 s or of their size."""
    with GRID.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 240
    assert any(int(row["agents"]) == 10**6 for row in rows)
    assert sum(float(row["load"]) >= int(row["agents"]) for row in rows) > 50
    for row in rows:
        load, aht, target, agents = (float(row[name]) for name in ("load", "aht_s", "target_s", "agents"))
        patience = float(row["patience_s"] or "inf")
        if row["model"] == "erlang_b":
            refused = blocking(int(agents), load)
            found = {"abandon": refused, "occupancy": load * (1 - refused) / agents}
        else:
            result = performance(agents, load, aht, target, patience)
            found = dict(zip(("sl", "asa_s", "abandon", "occupancy"), map(float, result), strict=True))
        for column, value in found.items():
            if row[column]:
                assert value == pytest.approx(float(row[column]), abs=1e-12, rel=1e-12 if column == "asa_s" else 0), row
        if row["required_agents"]:
            level, cap = float(row["target_sl"]), float(row["max_occupancy"])
            needed = required_agents(load, aht, level, target, patience_seconds=patience, max_occupancy=cap)
            assert needed == int(row["required_agents"]), row


@pytest.mark.parametrize("patience", [90.0, math.inf])
def test_many_loads_at_once_are_answered_as_one_by_one(patience: float) -> None:
    load = np.random.default_rng(5).uniform(0, 80, 3000)
    load[::500] = 0

    together = required_agents(load, 300, 0.8, 20, patience_seconds=patience, max_occupancy=0.9)

    alone = [int(required_agents(x, 300, 0.8, 20, patience_seconds=patience, max_occupancy=0.9)) for x in load]
    assert together.tolist() == alone


def test_lines_for_a_share_refused() -> None:
    assert [required_lines(load, 0.01) for load in (0.0, 0.0101, 4.461, 10.0, 708.0)] == [0, 1, 10, 18, 736]


def test_uncertain_loads_are_averaged_by_contacts() -> None:
    """Against the definition, whole agents: expected contacts answered over expected contacts offered."""
    loads = np.array([[8.0, 10.0, 14.0], [1.0, 1.0, 4.0]])

    agents, level = expected_agents(loads, 300, 0.8, 20, patience_seconds=120)

    for cell, needed, reached in zip(loads, agents, level, strict=True):
        whole = np.arange(int(needed), int(needed) + 2)[:, None]
        levels = (performance(whole, cell, 300, 20, 120).service_level * cell).sum(axis=1) / cell.sum()
        assert levels[0] < 0.8 <= levels[1]
        assert reached == pytest.approx(0.8)
        assert needed - int(needed) == pytest.approx((0.8 - levels[0]) / (levels[1] - levels[0]))


def test_erlang_a_anchor() -> None:
    result = performance(50, 48.0, 60, 20, 120)

    assert result.abandonment == pytest.approx(0.030912, abs=5e-7)
    assert result.asa_seconds == pytest.approx(3.7095, abs=5e-5)
    assert result.occupancy == pytest.approx(0.9303, abs=5e-5)
    assert result.service_level == pytest.approx(0.9430, abs=5e-5)
    assert performance(50, 48.0, 60, 20).asa_seconds == pytest.approx(20.8337, abs=5e-5)


@pytest.mark.parametrize("patience", [1e-3, 1.0, 120.0, 1e4, 1e9, math.inf])
@pytest.mark.parametrize("load", [1e-3, 0.5, 20.0, 1e3, 1e5])
def test_robust_at_any_load(load: float, patience: float) -> None:
    agents = sorted({0, 1, int(load / 2), int(load), int(load) + 1, int(load * 1.1) + 1, int(2 * load) + 5})

    level, wait, abandonment, occupancy = performance(agents, load, 300, 20, patience)

    for shares in (level, abandonment, occupancy):
        assert ((shares >= 0) & (shares <= 1)).all()
    assert (wait >= 0).all()
    assert (np.diff(level) >= -1e-9).all()
    assert (np.diff(abandonment) <= 1e-9).all()
    needed = required_agents(load, 300, 0.8, 20, patience_seconds=patience, max_occupancy=0.85)
    at, below = performance([needed, needed - 1], load, 300, 20, patience)[0::3]
    assert at[0] >= 0.8
    assert below[0] <= 0.85
    assert at[1] < 0.8 or below[1] > 0.85


def test_no_load_needs_nobody() -> None:
    assert required_agents(0.0, 300, 0.8, 20) == 0
    assert tuple(fractional_agents(0.0, 300, 0.8, 20)) == (0, 1)
    assert tuple(performance(0, 0.0, 300, 20)) == (1, 0, 0, 0)
    assert (blocking(0, 0.0), blocking(1, 0.0), blocking(0, 3.0)) == (1, 0, 1)


@pytest.mark.parametrize("patience", [120.0, math.inf])
@pytest.mark.parametrize("cap", [0.75, 1.0])
def test_fractional_agents_are_continuous_and_rise_with_load(patience: float, cap: float) -> None:
    load = np.arange(0.05, 60, 0.01)

    agents, level = fractional_agents(load, 300, 0.8, 20, patience_seconds=patience, max_occupancy=cap)
    whole = required_agents(load, 300, 0.8, 20, patience_seconds=patience, max_occupancy=cap)

    assert (level >= 0.8 - 1e-12).all()
    assert ((agents > whole - 1) & (agents <= whole)).all()
    steps = np.diff(agents)
    assert (steps >= 0).all()
    assert steps.max() < 0.1  # no jump of a whole agent anywhere


def test_arguments_broadcast() -> None:
    agents = required_agents(np.array([[5.0], [10.0]]), 300, [0.8, 0.9, 0.95], 20)

    assert agents.shape == (2, 3)
    assert (np.diff(agents, axis=0) > 0).all()
    assert (np.diff(agents, axis=1) >= 0).all()
