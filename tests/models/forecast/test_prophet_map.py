"""Our fit of Prophet's model against stock Prophet's: same model, same data, same answer or a likelier one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from models.forecast.prophet_map import Fit, Season, fit_map
from models.forecast.prophet_member import prophet_class, stock_fit
from models.forecast.series import Days, Floats

WEEK, YEAR = Season(7.0, 3, 10.0), Season(365.25, 6, 0.005)


def series(n: int, seed: int) -> tuple[Days, Floats]:
    """Log volumes with a bend, a week, a year, noise and holes."""
    rng = np.random.default_rng(seed)
    days = np.datetime64("2023-01-02") + np.arange(n)
    days = days[rng.random(n) > 0.1]
    at = days.astype(np.float64)
    bend = np.maximum(np.arange(len(days)) - len(days) // 2, 0) * 0.002 * (-1) ** seed
    y = 5 + bend + 0.3 * np.sin(2 * np.pi * at / 7) + 0.05 * np.cos(2 * np.pi * at / 365.25)
    return days, y + rng.normal(0, 0.1, len(days))


def log_density(fit: Fit, days: Days, y: Floats) -> float:
    """Log of Stan's density of Prophet's model, but for a constant."""
    miss = (y - fit.trend(days) - fit.season(days)) / fit.height
    prior = np.array([season.prior_scale for season in fit.seasons for _ in range(2 * season.order)])
    return float(
        -len(y) * np.log(fit.noise)
        - miss @ miss / (2 * fit.noise**2)
        - np.abs(fit.delta).sum() / 0.05
        - (fit.slope**2 + fit.offset**2) / (2 * 5.0**2)
        - ((fit.beta / prior) ** 2).sum() / 2
        - fit.noise**2 / (2 * 0.5**2)
    )


@pytest.mark.parametrize(("n", "seasons", "seed"), [(60, (WEEK,), 1), (400, (WEEK,), 2), (1095, (WEEK, YEAR), 1)])
def test_it_forecasts_what_stock_prophet_forecasts(n: int, seasons: tuple[Season, ...], seed: int) -> None:
    days, y = series(n, seed)
    asked = np.concatenate([days, days[-1] + np.arange(1, 29)])
    fit = fit_map(days, y, seasons)
    stock = stock_fit(days, y, seasons, asked, seed)

    assert fit is not None
    assert stock is not None
    ours = fit.trend(asked) + fit.season(asked)
    assert np.abs(ours - sum(stock)).max() < 0.02 * fit.height
    assert np.abs(ours - sum(stock)).mean() < 0.005 * fit.height


@pytest.mark.parametrize("seed", [1, 2])
def test_its_mode_is_at_least_as_likely_as_the_one_stan_stops_at(seed: int) -> None:
    days, y = series(400, seed)
    fit = fit_map(days, y, [WEEK])
    model = prophet_class()(yearly_seasonality=False, weekly_seasonality=True, daily_seasonality=False)
    model.fit(pd.DataFrame({"ds": days.astype("datetime64[ns]"), "y": y}), seed=seed)
    stan = {name: value[0] for name, value in model.params.items()}

    assert fit is not None
    assert np.array_equal(fit.changes, model.changepoints_t)
    theirs = Fit(
        fit.first, fit.span_days, fit.height, fit.changes, fit.seasons,
        stan["k"][0], stan["m"][0], stan["delta"], stan["beta"], stan["sigma_obs"][0],
    )  # fmt: skip
    predicted = model.predict(pd.DataFrame({"ds": days.astype("datetime64[ns]")}))["yhat"]
    assert theirs.trend(days) + theirs.season(days) == pytest.approx(predicted.to_numpy())
    assert log_density(fit, days, y) >= log_density(theirs, days, y)


def test_a_flat_series_settles() -> None:
    days = np.datetime64("2024-01-01") + np.arange(100)

    fit = fit_map(days, np.full(100, 3.0), [WEEK])

    assert fit is not None
    assert fit.trend(days) + fit.season(days) == pytest.approx(np.full(100, 3.0), abs=0.01)
