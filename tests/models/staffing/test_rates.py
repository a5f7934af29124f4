from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import gamma, nbinom, poisson

from models.staffing.price import service_prices
from models.staffing.rates import SCENARIOS, day_quantile_factors, days_of, expected_factors, rate_spread
from models.staffing.requirement import build_requirement
from wfm.case import Case
from wfm.clock import zone
from wfm.demand import QUANTILES, Forecast
from wfm.errors import WfmError
from wfm.opening import open_slots

MakeForecast = Callable[..., Forecast]
Change = Callable[..., Case]
DAY, SLOT = 0.12, 0.15
"""Coefficients of variation of the day's factor and of the noise of a slot."""


def counts(mean: np.ndarray, variance: float) -> np.ndarray:
    """Quantiles of Poisson counts whose rate is a gamma variable of mean `mean` and relative variance `variance`."""
    if variance == 0:
        return np.array([poisson.ppf(level, mean) for level in QUANTILES])
    shape = 1 / variance
    return np.array([nbinom.ppf(level, shape, shape / (shape + mean)) for level in QUANTILES])


@pytest.fixture
def uncertain(tiny_case: Case, make_forecast: MakeForecast) -> Callable[..., Forecast]:
    def make(day: float, slot: float, volume: float = 60.0) -> Forecast:
        forecast = make_forecast(tiny_case, volume={"service": volume})
        entry = forecast.campaigns[0]
        both = (1 + day**2) * (1 + slot**2) - 1
        changed = entry.model_copy(
            update={
                "quantiles": tuple(map(tuple, np.nan_to_num(counts(np.array(entry.mean), both)).tolist())),
                "day_quantiles": tuple(map(tuple, np.nan_to_num(counts(np.array(entry.day_mean), day**2)).tolist())),
            }
        )
        return forecast.model_copy(update={"campaigns": (changed, *forecast.campaigns[1:])})

    return make


def test_the_spread_of_rates_is_found_behind_poisson(uncertain) -> None:
    spread = rate_spread(uncertain(DAY, SLOT).campaigns[0])

    assert np.sqrt(spread.day_variance[0]) == pytest.approx(DAY, abs=0.004)
    assert np.sqrt(spread.slot_variance) == pytest.approx(SLOT, abs=0.01)
    assert spread.day_variance[-1] == 0  # Sunday is closed


def test_poisson_counts_are_no_uncertainty(uncertain) -> None:
    spread = rate_spread(uncertain(0.0, 0.0).campaigns[0])

    assert np.sqrt(spread.day_variance.max()) < 0.012
    assert np.sqrt(spread.slot_variance) < 0.04


def test_factors_have_the_moments_and_quantiles(tiny_case: Case, uncertain) -> None:
    entry = uncertain(DAY, SLOT).campaigns[0]
    spread = rate_spread(entry)
    day = days_of(entry, tiny_case.grid.walls(zone(tiny_case.markets[0].time_zone)))

    factors = expected_factors(spread, day)
    rising = [day_quantile_factors(spread, day, share) for share in (0.5, 0.8, 0.9)]

    assert factors.shape == (tiny_case.grid.slots, SCENARIOS)
    assert factors.mean(axis=1) == pytest.approx(np.ones(len(day)))
    assert factors[60].std() == pytest.approx(np.hypot(DAY, SLOT), abs=0.012)
    found = [values[60].mean() for values in rising]
    assert found == pytest.approx(gamma.ppf((0.5, 0.8, 0.9), 1 / DAY**2, scale=DAY**2), abs=0.006)
    assert rising[0][60].std() == pytest.approx(SLOT, abs=0.012)


def test_a_certain_forecast_has_no_factors(tiny_case: Case, make_forecast: MakeForecast) -> None:
    entry = make_forecast(tiny_case, volume={"service": 50.0}).campaigns[0]
    day = np.zeros(tiny_case.grid.slots, dtype=np.int64)

    assert expected_factors(rate_spread(entry), day) == pytest.approx(1)
    assert day_quantile_factors(rate_spread(entry), day, 0.95) == pytest.approx(1)


def test_a_forecast_without_quantiles_is_refused(tiny_case: Case, make_forecast: MakeForecast) -> None:
    entry = make_forecast(tiny_case, volume={"service": 50.0}).campaigns[0]

    for field in ("quantiles", "day_quantiles"):
        with pytest.raises(WfmError, match="campaign service lacks quantiles: 13 are needed"):
            rate_spread(entry.model_copy(update={field: ()}))


def test_promises_and_their_agents(tiny_case: Case, uncertain, change_campaign: Change) -> None:
    """A known rate needs least; an expectation a little more; most days a lot more. Only they change, not the volumes."""
    forecast = uncertain(DAY, 0.0)
    point = build_requirement(tiny_case, uncertain(0.0, 0.0)).campaigns[0]
    expected = build_requirement(tiny_case, forecast).campaigns[0]
    kept = [
        build_requirement(change_campaign(tiny_case, "service", risk=share), forecast).campaigns[0]
        for share in (0.7, 0.9)
    ]

    assert 1.005 < expected.work / point.work < 1.06
    assert 1.03 < kept[0].work / point.work < 1.10
    assert 1.10 < kept[1].work / point.work < 1.20
    busy = np.array(expected.volume) > 0
    assert np.array(expected.service_level)[busy].min() >= 0.8 - 1e-3
    assert np.median(np.array(kept[1].service_level)[busy]) > 0.87
    assert np.array(kept[1].service_level)[busy].min() > 0.82  # the half-hour in which the day fills up
    assert "expected over the forecast's distribution" in expected.method
    assert "on 90% of days" in kept[1].method


def test_the_promise_of_days_holds_on_simulated_days(tiny_case: Case, uncertain, change_campaign: Change) -> None:
    """Days drawn with their own factor, each slot at its Erlang level: the share of days that meet 80 %."""
    from models.staffing.price import queue_of

    case = change_campaign(tiny_case, "service", risk=0.8)
    entry = uncertain(DAY, 0.0).campaigns[0]
    queue = queue_of(case, case.campaigns[0], entry)
    agents = queue._replace(absence=0.0).agents(np.array(entry.mean))
    first = np.flatnonzero(open_slots(case, case.campaigns[0]))[:18]
    factors = np.random.default_rng(3).gamma(1 / DAY**2, DAY**2, 400)

    from models.staffing.erlang import expected_service

    met = 0
    for factor in factors:
        loads = queue.load[first] * factor
        levels = expected_service(agents[first], loads[:, None], queue.aht[first], 20, patience_seconds=queue.patience)
        met += (levels * loads).sum() / loads.sum() >= 0.8 - 1e-9

    assert met / 400 == pytest.approx(0.8, abs=0.03)


def test_each_point_of_service_level_has_its_price(tiny_case: Case, uncertain) -> None:
    forecast = uncertain(DAY, 0.0).campaigns[0]
    campaign = tiny_case.campaigns[0]

    rows = service_prices(tiny_case, campaign, forecast)

    requirement = build_requirement(tiny_case, uncertain(DAY, 0.0)).campaigns[0]
    own = next(row for row in rows if row.service_level == 0.8)
    assert [row.service_level for row in rows] == [0.7, 0.75, 0.78, 0.79, 0.8, 0.81, 0.82, 0.85, 0.9]
    assert own.agent_hours == pytest.approx(requirement.work / 1000 / 2, rel=0.005)  # which the transient model raises
    assert own.cost_cents == pytest.approx(
        own.agent_hours * 500 / 0.9, abs=1
    )  # A1 and A2, a tenth of whose time is lost
    hours = [row.agent_hours for row in rows]
    assert hours == sorted(hours)
    assert rows[5].point_hours == pytest.approx(hours[5] - hours[4])
    assert rows[8].point_hours == pytest.approx((hours[8] - hours[7]) / 5)
    assert rows[8].point_cents > rows[5].point_cents > 0  # the last points are the dearest
    with pytest.raises(WfmError, match="only inbound campaigns"):
        service_prices(tiny_case, tiny_case.campaigns[1], forecast)
