"""Counts have the distributions of the forecast they are drawn from."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import numpy as np
import pytest

from models.simulate.volumes import draw, moments, volumes_of
from wfm.demand import QUANTILES, CampaignForecast
from wfm.errors import WfmError

DAYS, SLOTS = 4, 20
MONDAY = datetime.combine(date(2026, 12, 7), time())
WALLS = [MONDAY + timedelta(days=day, minutes=30 * slot) for day in range(DAYS) for slot in range(SLOTS)]
SHAPE = np.concatenate([np.zeros(4), 20 + 15 * np.sin(np.arange(SLOTS - 4))])


def forecast_of(cv: float, noise: float) -> CampaignForecast:
    """Empirical quantiles of a process with gamma factors of days (cv) and of slots (relative variance)."""
    rng = np.random.default_rng(5)
    samples = 20_000
    mean = np.tile(SHAPE, DAYS)
    rates = np.broadcast_to(mean, (samples, DAYS * SLOTS)).copy()
    if cv:
        rates *= np.repeat(rng.gamma(1 / cv**2, cv**2, size=(samples, DAYS)), SLOTS, axis=1)
    if noise:
        noisy = rates * rng.gamma(1 / noise, noise, size=rates.shape)
        by_day = noisy.reshape(samples, DAYS, SLOTS), rates.reshape(samples, DAYS, SLOTS)
        rates = (by_day[0] * by_day[1].sum(2, keepdims=True) / by_day[0].sum(2, keepdims=True)).reshape(rates.shape)
    counts = rng.poisson(rates)
    per_day = counts.reshape(samples, DAYS, SLOTS).sum(axis=2)
    return CampaignForecast(
        campaign="service",
        mean=tuple(mean.tolist()),
        quantiles=tuple(map(tuple, np.quantile(counts, QUANTILES, axis=0).tolist())),
        aht_seconds=(300.0,) * (DAYS * SLOTS),
        days=tuple(date(2026, 12, 7) + timedelta(days=day) for day in range(DAYS)),
        day_mean=(float(SHAPE.sum()),) * DAYS,
        day_quantiles=tuple(map(tuple, np.quantile(per_day, QUANTILES, axis=0).tolist())),
        reach_rate=None,
        method="by hand",
    )


@pytest.mark.parametrize(("cv", "noise"), [(0.0, 0.0), (0.1, 0.0), (0.2, 0.05), (0.05, 0.2)])
def test_days_and_slots_have_their_quantiles_and_means(cv, noise):
    forecast = forecast_of(cv, noise)
    volumes = volumes_of(forecast, WALLS)
    rng = np.random.default_rng(1)
    drawn = np.array([volumes.uncertain(rng) for _ in range(4000)])
    per_day = drawn.reshape(-1, DAYS, SLOTS).sum(axis=2)

    assert volumes.noise == pytest.approx(noise, abs=0.01 + 0.1 * noise)
    assert drawn[:, np.tile(SHAPE, DAYS) == 0].sum() == 0
    np.testing.assert_allclose(per_day.mean(axis=0), SHAPE.sum(), rtol=0.015)
    busy = np.tile(SHAPE, DAYS) > 10
    np.testing.assert_allclose(drawn.mean(axis=0)[busy], np.tile(SHAPE, DAYS)[busy], rtol=0.04)
    wanted, found = np.array(forecast.day_quantiles), np.quantile(per_day, QUANTILES, axis=0)
    np.testing.assert_allclose(found, wanted, rtol=0.035)
    wanted, found = np.array(forecast.quantiles)[:, busy], np.quantile(drawn, QUANTILES, axis=0)[:, busy]
    assert np.abs(found - wanted).mean() < 0.6  # contacts; counts are whole
    assert np.abs(found - wanted).max() <= 4


def test_known_rates_are_poisson():
    volumes = volumes_of(forecast_of(0.2, 0.1), WALLS)
    rng = np.random.default_rng(1)
    drawn = np.array([volumes.known(rng) for _ in range(4000)])

    active = drawn.mean(axis=0) > 5
    np.testing.assert_allclose(drawn.var(axis=0)[active], drawn.mean(axis=0)[active], rtol=0.15)


def test_moments_are_those_of_the_draws():
    quantiles = np.array([3, 5, 8, 12, 15, 18, 20, 23, 27, 33, 45, 60, 80], dtype=float)
    rng = np.random.default_rng(2)
    drawn = np.array([draw(quantiles, rng) for _ in range(200_000)])

    mean, variance = moments(quantiles[:, None])
    assert drawn.mean() == pytest.approx(mean[0], rel=0.01)
    assert drawn.var() == pytest.approx(variance[0], rel=0.03)
    assert drawn.min() >= 0
    np.testing.assert_allclose(np.quantile(drawn, QUANTILES), quantiles, rtol=0.05)


def test_a_forecast_of_another_grid_is_refused():
    with pytest.raises(WfmError, match="does not cover"):
        volumes_of(forecast_of(0.0, 0.0), WALLS[:-1])
