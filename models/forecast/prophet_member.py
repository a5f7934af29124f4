"""Member "Prophet": daily log volumes with holidays, events, and weekly and yearly seasons."""

from __future__ import annotations

import logging
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from models.forecast.calendar import HOLIDAY_GROUPS, Calendar
from models.forecast.members import MemberForecast, level_ratio
from models.forecast.series import Daily, Days

if TYPE_CHECKING:
    import pandas as pd

SHORTEST_DAYS = 21
YEARLY_AFTER_DAYS = 500
YEARLY_ORDER = 6
YEARLY_PRIOR_SCALE = 0.005
"""Two years show every season twice, mixed with the trend: a season has to earn its place. In Prophet's scaled units, so
about 4 % of volume per coefficient; the default, 10, is no prior at all.
"""
TREND_DAYS = 14.0
"""The last slope is carried on with exponential damping, for about two weeks' worth in total: undamped trends overshoot."""
POOLED_PRIOR_SCALE = 10.0
NAMED_PRIOR_SCALE = 0.05
"""A single holiday is seen once or twice in two years: its own effect only bends the effect of its group."""


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


def prophet(history: Daily, days: Days, calendar: Calendar, seed: int) -> MemberForecast | None:
    """None below three weeks of history, for a series without any contact, or when Stan finds no optimum.

    Only open days are fitted: a closed day is not a small day. The forecast is made right in the mean by `level_ratio`.
    """
    if (
        not history.y.any()
        or (history.end - history.days[0]).astype(np.int64) < SHORTEST_DAYS
        or len(history.y) < SHORTEST_DAYS // 2
    ):
        return None
    import pandas as pd

    long = bool((history.days[-1] - history.days[0]).astype(np.int64) > YEARLY_AFTER_DAYS)
    everything = np.concatenate([history.days, days])
    holidays = _holiday_frame(everything, len(history.days), calendar)
    model = prophet_class()(
        yearly_seasonality=False,
        weekly_seasonality=True,
        daily_seasonality=False,
        holidays=holidays,
        uncertainty_samples=0,
    )
    if long:
        model.add_seasonality("yearly", period=365.25, fourier_order=YEARLY_ORDER, prior_scale=YEARLY_PRIOR_SCALE)
    model.stan_backend.set_options(newton_fallback=False)
    try:
        model.fit(
            pd.DataFrame({"ds": history.days.astype("datetime64[ns]"), "y": np.log1p(history.y)}),
            seed=seed,
            algorithm="LBFGS",
        )
    except RuntimeError:
        # Stan's LBFGS gave up; Newton would take seconds per series, and the other members are sound.
        return None
    predicted = model.predict(pd.DataFrame({"ds": everything.astype("datetime64[ns]")}))
    past = len(history.days)
    lead = (days - history.days[-1]).astype(np.float64)
    kept = TREND_DAYS * (1 - np.exp(-lead / TREND_DAYS)) / lead
    trend = predicted["trend"].to_numpy()
    log = predicted["yhat"].to_numpy(copy=True)
    log[past:] -= (1 - kept) * (trend[past:] - trend[past - 1])
    fitted = np.maximum(np.expm1(log), 0.0)
    level = level_ratio(history, fitted[:past], calendar.tags(history.days).normal)
    return MemberForecast(level * fitted[past:], "Prophet on daily volume (log)")


def _holiday_frame(days: Days, past: int, calendar: Calendar) -> pd.DataFrame | None:
    """Prophet's holiday table: pooled effect of holidays by group, a small own effect per name, and the events; only what
    occurs in the first `past` days, because nothing can be learned of the rest.
    """
    import pandas as pd

    tags = calendar.tags(days)
    masks: list[tuple[str, Any, float]] = [
        *((label, tags.group == group, POOLED_PRIOR_SCALE) for group, label in enumerate(HOLIDAY_GROUPS)),
        *(
            (f"holiday {name}", np.array([other == name for other in tags.holiday]), NAMED_PRIOR_SCALE)
            for name in sorted({name for name in tags.holiday if name})
        ),
        *((f"event {name}", mask, POOLED_PRIOR_SCALE) for name, mask in sorted(tags.events.items())),
    ]
    frames = [
        pd.DataFrame({"holiday": label, "ds": days[mask].astype("datetime64[ns]"), "prior_scale": prior})
        for label, mask, prior in masks
        if mask[:past].any()
    ]
    return pd.concat(frames, ignore_index=True) if frames else None
