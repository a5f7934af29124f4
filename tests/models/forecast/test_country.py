"""The country of a history is found from its odd days, and none is made up."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import pytest

from models.forecast.backtest import backtest
from models.forecast.calendar import Calendar
from models.forecast.country import find_countries
from models.forecast.series import DayTable
from models.forecast.tidy import forecast_tidy
from wfm.errors import WfmError

DAYS = np.datetime64("2023-01-02") + np.arange(600)


def table(country: str | None, seed: int, kept: float = 0.3) -> DayTable:
    """Busy weekdays, quieter weekends; holidays of `country` keep a share of their usual volume."""
    rng = np.random.default_rng(seed)
    usual = np.where(np.arange(len(DAYS)) % 7 < 5, 400.0, 150.0) * rng.gamma(100, 0.01, len(DAYS))
    holiday = np.array([name is not None for name in Calendar(country).holidays(DAYS)])
    return DayTable(DAYS[0], 1440, rng.poisson(np.where(holiday, kept * usual, usual)).astype(np.float64)[:, None])


@pytest.mark.parametrize("country", ["FR", "US", "GB", "MA"])
@pytest.mark.parametrize("kept", [0.0, 0.4])
def test_holidays_give_a_country_away(country: str, kept: float) -> None:
    assert find_countries({"a": table(country, 1, kept)}) == {"a": country}


def test_days_alike_show_no_country() -> None:
    assert find_countries({str(seed): table(None, seed) for seed in range(5)}) == dict.fromkeys("01234")


def test_a_young_series_follows_the_others_and_nothing_follows_nothing() -> None:
    young = DayTable(DAYS[-30], 1440, table("FR", 2).y[-30:])

    assert find_countries({"young": young, "old": table("FR", 1), "older": table("FR", 3)})["young"] == "FR"
    assert find_countries({"young": young}) == {"young": None}


@pytest.mark.parametrize("country", ["XX", "fr", "France", ""])
def test_an_unknown_country_is_refused_and_not_taken_for_one_without_holidays(country: str) -> None:
    history = pd.DataFrame({"series": "a", "ds": pd.to_datetime(DAYS), "y": 5.0})
    for work in (partial(forecast_tidy, horizon_days=7), backtest):
        with pytest.raises(WfmError, match=f"No public holidays are known of country '{country}': give its code"):
            list(work(history, country=country))
