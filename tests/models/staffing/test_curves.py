from __future__ import annotations

import math

import numpy as np
import pytest

from models.staffing.curves import FLOOR, Curve, answered_contacts, lost_contacts
from models.staffing.erlang import performance

RANDOM = np.random.default_rng(11)
CASES = [
    (float(load), float(aht), float(patience), float(target), float(cv))
    for load, aht, patience, target, cv in zip(
        np.exp(RANDOM.uniform(math.log(0.5), math.log(300), 60)),
        RANDOM.uniform(60, 900, 60),
        np.exp(RANDOM.uniform(math.log(10), math.log(3000), 60)),
        RANDOM.uniform(5, 60, 60),
        RANDOM.choice([0.0, 0.05, 0.1], 60),
        strict=True,
    )
]


def scenarios(load: float, cv: float) -> np.ndarray:
    return load * (1 + cv * np.linspace(-1.5, 1.5, 8))


@pytest.mark.parametrize(("load", "aht", "patience", "target", "cv"), CASES)
def test_shapes(load: float, aht: float, patience: float, target: float, cv: float) -> None:
    """Lost contacts fall ever more slowly; answered contacts rise ever more slowly from the floor on."""
    loads = scenarios(load, cv)

    lost = lost_contacts(100.0, loads, aht, patience)
    answered = answered_contacts(100.0, loads, aht, target, patience)

    assert lost.values[0] == pytest.approx(100)
    assert (lost.slopes <= 0).all()
    assert (np.diff(lost.slopes) >= -1e-9).all()
    assert (answered.slopes >= 0).all()
    assert (np.diff(answered.slopes) <= 1e-7).all()
    at_first, below = performance([answered.agents[0], max(answered.agents[0] - 1, 0)], load, aht, target, patience)[0]
    assert at_first >= FLOOR - (0.08 if cv else 0)
    if not cv:
        assert below < FLOOR  # a known rate is concave from the floor on
    for curve in (lost, answered):
        slopes, intercepts = curve.cuts()
        lines = intercepts[:, None] + slopes[:, None] * curve.agents
        envelope = lines.max(axis=0) if curve is lost else lines.min(axis=0)
        assert envelope == pytest.approx(curve.values, abs=1e-5)


@pytest.mark.parametrize("patience", [90.0, math.inf])
def test_values_are_the_expectation_over_contacts(patience: float) -> None:
    loads = np.array([8.0, 10.0, 13.0])

    lost = lost_contacts(60.0, loads, 300.0, patience, cost=2.5)
    answered = answered_contacts(60.0, loads, 300.0, 20.0, patience)

    for agents in (12, 15):
        exact = performance(agents, loads, 300.0, 20.0, patience)
        gone = exact.abandonment if patience < math.inf else np.maximum(0, 1 - agents / loads)
        assert lost.at(agents) == pytest.approx(2.5 * 60 * (gone * loads).sum() / loads.sum(), abs=1e-6)
    exact = performance(15, loads, 300.0, 20.0, patience)
    assert answered.at(15) == pytest.approx(60 * (exact.service_level * loads).sum() / loads.sum())
    assert answered.at(15.25) == pytest.approx(0.75 * answered.at(15) + 0.25 * answered.at(16))


def test_thinning_stays_on_the_safe_side() -> None:
    for curve, sign in (
        (lost_contacts(900.0, scenarios(150, 0.1), 300.0, 120.0), 1),
        (answered_contacts(900.0, scenarios(150, 0.1), 300.0, 20.0, 120.0), -1),
    ):
        thin = curve.thinned(0.5)
        apart = sign * (thin.at(curve.agents) - curve.values)
        assert len(thin.agents) < len(curve.agents) / 3
        assert apart.min() >= -1e-9
        assert apart.max() <= 0.5
        assert (thin.agents[0], thin.agents[-1]) == (curve.agents[0], curve.agents[-1])


def test_nothing_expected_costs_nothing() -> None:
    for curve in (lost_contacts(0.0, np.zeros(8), 300, 120), answered_contacts(0.0, np.zeros(8), 300, 20, 120)):
        assert (curve.agents.tolist(), curve.values.tolist(), len(curve.slopes)) == ([0], [0.0], 0)
        assert len(curve.thinned(1.0).agents) == 1


def test_a_curve_is_constant_beyond_its_ends() -> None:
    curve = Curve(np.array([2, 4]), np.array([10.0, 6.0]))
    assert curve.at([0, 3, 9]).tolist() == [10, 8, 6]
