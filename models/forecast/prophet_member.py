"""Member "Prophet": daily log volumes, effects of the calendar taken out, with trend and weekly and yearly seasons."""

from __future__ import annotations

import logging
import warnings
from functools import cache
from typing import Any

import numpy as np

from models.forecast.members import level_ratio
from models.forecast.series import Cleaned, Days, Floats

SHORTEST_DAYS = 21
YEARLY_AFTER_DAYS = 500
YEARLY_ORDER = 6
YEARLY_PRIOR_SCALE = 0.005
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
    """None below three weeks of history, for a series without any contact, or when Stan finds no optimum.

    Only open, normal days are fitted: a closed day is not a small day. The forecast is made right in the mean by `level_ratio`.
    """
    known, y = history.days[history.normal], history.y[history.normal]
    if not y.any() or (history.end - known[0]).astype(np.int64) < SHORTEST_DAYS or len(y) < SHORTEST_DAYS // 2:
        return None
    import pandas as pd

    model = prophet_class()(
        yearly_seasonality=False, weekly_seasonality=True, daily_seasonality=False, uncertainty_samples=0
    )
    if (known[-1] - known[0]).astype(np.int64) > YEARLY_AFTER_DAYS:
        model.add_seasonality("yearly", period=365.25, fourier_order=YEARLY_ORDER, prior_scale=YEARLY_PRIOR_SCALE)
    model.stan_backend.set_options(newton_fallback=False)
    try:
        model.fit(
            pd.DataFrame({"ds": known.astype("datetime64[ns]"), "y": np.log1p(y)}),
            seed=seed,
            algorithm="LBFGS",
        )
    except RuntimeError:
        # Stan's LBFGS gave up; Newton would take seconds per series, and the other members are sound.
        return None
    everything = np.concatenate([history.days, days])
    predicted = model.predict(pd.DataFrame({"ds": everything.astype("datetime64[ns]")}))
    past = len(history.days)
    lead = (days - history.days[-1]).astype(np.float64)
    kept = TREND_DAYS * (1 - np.exp(-lead / TREND_DAYS)) / lead
    trend = predicted["trend"].to_numpy()
    log = predicted["yhat"].to_numpy(copy=True)
    log[past:] -= (1 - kept) * (trend[past:] - trend[past - 1])
    fitted = np.maximum(np.expm1(log), 0.0)
    return np.asarray(level_ratio(history, fitted[:past]) * fitted[past:])
