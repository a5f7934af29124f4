from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.special import betainc

from models.staffing.erlang import fractional_agents, performance
from models.staffing.offered_load import modified_offered_load
from models.staffing.requirement import build_requirement
from models.staffing.transient import transient_levels
from wfm.case import Case
from wfm.demand import Forecast

OPEN = np.ones(12, dtype=bool)


@pytest.mark.parametrize("patience", [90.0, math.inf])
def test_it_settles_where_the_stationary_formula_is(patience: float) -> None:
    agents, aht = 12.0, 300.0

    levels = transient_levels(
        np.full(12, agents),
        np.full(12, 60.0),
        np.full(12, aht),
        OPEN,
        1800,
        target_seconds=20,
        patience_seconds=patience,
    )

    assert levels[-1] == pytest.approx(float(performance(12, 10.0, aht, 20, patience).service_level), abs=1e-5)
    assert levels[0] > levels[1] > levels[-1]  # it fills up first


def test_against_the_matrix_exponential() -> None:
    """One agent, then two, patience 100 s, rates that change: P(j in the system) by e^(Qt), the wait by a second chain."""
    agents, volume, aht, patience, target = [1.0, 2.0], [8.0, 20.0], 150.0, 100.0, 30.0
    size = 60

    def generator(count: float, rate: float) -> np.ndarray:
        matrix = np.zeros((size, size))
        for j in range(size):
            if j + 1 < size:
                matrix[j, j + 1] = rate
            if j:
                matrix[j, j - 1] = min(j, count) / aht + max(0, j - count) / patience
            matrix[j, j] = -matrix[j].sum()
        return matrix

    def served(count: int, found: int) -> float:
        """The tagged caller: k ahead in the queue, then served; or gone."""
        ahead = found - count
        if ahead < 0:
            return 1.0
        chain = np.zeros((ahead + 3, ahead + 3))  # states: k ahead, served, gone
        for k in range(ahead + 1):
            onward = count / aht + k / patience
            chain[k, k - 1 if k else ahead + 1] = onward
            chain[k, ahead + 2] = 1 / patience
            chain[k, k] = -onward - 1 / patience
        return float(expm(chain * target)[ahead, ahead + 1])

    state, expected = np.eye(size)[0], []
    for count, contacts in zip(agents, volume, strict=True):
        answered = np.array([served(int(count), j) for j in range(size)])
        steps = 600
        step = expm(generator(count, contacts / 1800) * 1800 / steps)
        total = 0.0
        for _ in range(steps):
            total += state @ answered / 2
            state = state @ step
            total += state @ answered / 2
        expected.append(total / steps)

    found = transient_levels(
        np.array(agents),
        np.array(volume),
        np.full(2, aht),
        OPEN[:2],
        1800,
        target_seconds=target,
        patience_seconds=patience,
    )

    assert found == pytest.approx(expected, abs=2e-5)


def _split(state: np.ndarray, many: int, few: int) -> dict[tuple[int, int], float]:
    """P(in the system without those in the hands of who leaves, busy ones who leave): which of the busy leave is chance."""
    found: dict[tuple[int, int], float] = {}
    for j, likely in enumerate(state.tolist()):
        busy = min(j, many)
        for gone in range(max(0, busy - few), min(many - few, busy) + 1):
            ways = math.comb(busy, gone) * math.comb(many - busy, many - few - gone) / math.comb(many, few)
            found[j - gone, gone] = found.get((j - gone, gone), 0.0) + likely * ways
    return found


def test_who_leaves_finishes_first() -> None:  # noqa: C901 - an exact chain, state by state
    """Six agents, then four: exactly, with the contacts in the hands of those who leave as a second number of the state."""
    many, few, volume, aht, patience, target, size = 6, 4, 14.0, 400.0, 150.0, 20.0, 30
    rate, going = volume / 1800, many - few

    def index(j: int, leaving: int) -> int:
        return leaving * size + j

    def deaths(j: int, agents: int) -> float:
        return min(j, agents) / aht + max(0, j - agents) / patience

    before, chain, answered = np.zeros((size, size)), np.zeros(((going + 1) * size,) * 2), np.zeros((going + 1) * size)
    c = few * patience / aht
    for j in range(size):
        position = j - few + 1
        chance = (
            c / (c + position) * (1 - betainc(c + 1, position, np.exp(-target / patience))) if position > 0 else 1.0
        )
        for leaving in range(going + 1):
            here = index(j, leaving)
            answered[here] = chance
            if j + 1 < size:
                chain[here, index(j + 1, leaving)] = rate
            if j:
                chain[here, index(j - 1, leaving)] = deaths(j, few)
            if leaving:
                chain[here, index(j, leaving - 1)] = leaving / aht
            chain[here, here] = -chain[here].sum()
        if j + 1 < size:
            before[j, j + 1] = rate
        if j:
            before[j, j - 1] = deaths(j, many)
        before[j, j] = -before[j].sum()
    state = np.zeros(len(chain))
    for (j, gone), likely in _split(np.eye(size)[0] @ expm(before * 1800), many, few).items():
        state[index(j, gone)] += likely
    steps, expected = 600, 0.0
    step = expm(chain * 1800 / steps)
    for _ in range(steps):
        expected += state @ answered / 2 / steps
        state = state @ step
        expected += state @ answered / 2 / steps

    found = transient_levels(
        np.array([many, few], dtype=float), np.full(2, volume), np.full(2, aht), OPEN[:2], 1800,
        target_seconds=target, patience_seconds=patience,
    )  # fmt: skip

    assert found[1] == pytest.approx(expected, abs=5e-3)


def test_closing_empties_the_system() -> None:
    is_open = np.array([True, True, False, True, True])

    levels = transient_levels(
        np.full(5, 21.0), 30.0 * is_open, np.full(5, 1200.0), is_open, 1800, target_seconds=20, patience_seconds=120
    )

    assert levels[2] == 0
    assert levels[3:] == pytest.approx(levels[:2])


def test_long_calls_are_staffed_by_the_transient_model(tiny_case: Case, make_forecast: Callable[..., Forecast]) -> None:
    """Calls of 20 minutes, whose number halves at noon: the stationary formula forgets those still in progress."""
    forecast = make_forecast(tiny_case, volume={"service": 40.0}, aht={"service": 1200.0})
    entry = forecast.campaigns[0]
    volume = np.array(entry.mean)
    open_day = np.flatnonzero(volume)[:18]
    volume[open_day[9:]] /= 2
    changed = entry.model_copy(
        update={"mean": tuple(volume), "quantiles": tuple(tuple(volume) for _ in entry.quantiles)}
    )

    requirement = build_requirement(
        tiny_case, forecast.model_copy(update={"campaigns": (changed, *forecast.campaigns[1:])})
    ).campaigns[0]

    aht, is_open = np.array(entry.aht_seconds), np.array(entry.mean) > 0
    target = {"target_seconds": 20, "patience_seconds": 120}
    reached = transient_levels(np.array(requirement.net_agents), volume, aht, is_open, 1800, **target)
    load = modified_offered_load(volume, aht, is_open, 1800)
    stationary = fractional_agents(load, 1200, 0.8, 20, patience_seconds=120, max_occupancy=0.85).agents
    plain = transient_levels(stationary, volume, aht, is_open, 1800, **target)
    assert reached[is_open].min() >= 0.8 - 2e-3
    assert plain[is_open].min() < 0.79
    assert "raised to the transient model" in requirement.method
