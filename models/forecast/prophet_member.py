"""Member "Prophet": daily log volumes, effects of the calendar taken out, with trend and weekly and yearly seasons.

The model is Prophet's; its fit is `prophet_map`'s, and Prophet's own where that does not settle.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from models.forecast.members import level_ratio
from models.forecast.prophet_map import Season, fit_map
from models.forecast.series import Cleaned, Days, Floats

SHORTEST_DAYS = 21
YEARLY_AFTER_DAYS = 500
WEEK = Season(7.0, 3, 10.0)
YEAR = Season(365.25, 6, 0.005)
"""Two years show every season twice, mixed with the trend: a season has to earn its place. In Prophet's scaled units, so
about 4 % of volume per coefficient; the default, 10, is no prior at all.
"""
TREND_DAYS = 14.0
"""The last slope is carried on with exponential damping, for about two weeks' worth in total: undamped trends overshoot."""


@cache
def prophet_class() -> Any:
    """Prophet, imported on first use because that takes seconds, and kept from talking.

    Prophet 1.5 uses spellings that pandas 3 deprecates; the warnings are its own and no user can act on them.
    """
    import pandas as pd

    warnings.filterwarnings("ignore", category=pd.errors.Pandas4Warning, module=r"prophet(\.|$)")
    from prophet import Prophet

    logging.getLogger("prophet").setLevel(logging.ERROR)
    stan = logging.getLogger("cmdstanpy")
    stan.addHandler(logging.NullHandler())  # without a handler of ours it would add its own and set its level back
    stan.setLevel(logging.CRITICAL)
    return Prophet


def prophet(history: Cleaned, days: Days, seed: int) -> Floats | None:
    """None below three weeks of history, for a series without any contact, or when no optimum was found.

    Only open, normal days are fitted: a closed day is not a small day. The forecast is made right in the mean by `level_ratio`.
    """
    known, y = history.days[history.normal], history.y[history.normal]
    if not y.any() or (history.end - known[0]).astype(np.int64) < SHORTEST_DAYS or len(y) < SHORTEST_DAYS // 2:
        return None
    seasons = [WEEK]
    if (known[-1] - known[0]).astype(np.int64) > YEARLY_AFTER_DAYS:
        seasons.append(YEAR)
    everything = np.concatenate([history.days, days])
    past, logs = len(history.days), np.log1p(y)
    fit = fit_map(known, logs, seasons)
    made = (fit.trend(everything), fit.season(everything)) if fit else stock_fit(known, logs, seasons, everything, seed)
    if made is None:
        return None
    trend, season = made
    lead = (days - history.days[-1]).astype(np.float64)
    kept = TREND_DAYS * (1 - np.exp(-lead / TREND_DAYS)) / lead
    trend[past:] = trend[past - 1] + kept * (trend[past:] - trend[past - 1])
    fitted = np.maximum(np.expm1(trend + season), 0.0)
    return np.asarray(level_ratio(history, fitted[:past]) * fitted[past:])


def stock_fit(days: Days, y: Floats, seasons: Sequence[Season], asked: Days, seed: int) -> tuple[Floats, Floats] | None:
    """Trend and seasons, both of shape (asked,), as Prophet itself fits them to `y` on `days`; None when Stan's LBFGS gives up:
    Newton would take seconds per series, and the other members are sound.
    """
    import pandas as pd

    model = prophet_class()(
        yearly_seasonality=False, weekly_seasonality=False, daily_seasonality=False, uncertainty_samples=0
    )
    for season in seasons:
        name = f"{season.period_days:g} days"
        model.add_seasonality(name, season.period_days, season.order, prior_scale=season.prior_scale)
    model.stan_backend.set_options(newton_fallback=False)
    try:
        model.fit(pd.DataFrame({"ds": days.astype("datetime64[ns]"), "y": y}), seed=seed, algorithm="LBFGS")
    except RuntimeError:
        return None
    predicted = model.predict(pd.DataFrame({"ds": asked.astype("datetime64[ns]")}))
    return predicted["trend"].to_numpy(copy=True), predicted["additive_terms"].to_numpy(copy=True)
