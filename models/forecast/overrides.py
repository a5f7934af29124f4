"""The planner's hand on a forecast: its volumes are spread anew, and quantiles follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

import numpy as np
from numpy.typing import NDArray

from models.forecast.series import Floats
from wfm.campaign import Campaign
from wfm.case import Case
from wfm.clock import zone
from wfm.demand import QUANTILES, CampaignForecast
from wfm.errors import WfmError
from wfm.opening import open_slots
from wfm.override import Override


def overridden(
    case: Case, campaign: Campaign, forecast: CampaignForecast, overrides: Sequence[Override]
) -> CampaignForecast:
    """`forecast` with the campaign's `overrides`, in their order.

    A percentage scales every slot of the span; a volume scales the span to that total, or is spread evenly over its open slots
    where nothing was forecast (there: Poisson quantiles). Scaling every possible outcome by one factor scales its quantiles by
    the same, so quantiles of slots are scaled with their mean; those of a day with the day's mean, as if the whole day were as
    uncertain as before. Closed slots stay 0. Raises WfmError when a span has no open slot, or when the forecast lacks days of
    the plan.
    """
    mine = [override for override in overrides if override.campaign == campaign.id]
    if not mine:
        return forecast
    walls = case.grid.walls(zone(case.market_by_id[campaign.market].time_zone))
    is_open = open_slots(case, campaign)
    days, clocks = [wall.date() for wall in walls], [wall.time() for wall in walls]
    mean, quantiles = np.array(forecast.mean), np.array(forecast.quantiles)
    for override in mine:
        span = np.array([_covers(override, day, clock) for day, clock in zip(days, clocks, strict=True)]) & is_open
        if not span.any():
            raise WfmError(
                f"The override of {override} touches no interval in which the campaign is open during the plan. Correct its "
                "days or times, or remove it."
            )
        _apply(override, span, mean, quantiles)
    if lacking := sorted(set(days) - set(forecast.days)):
        known = f"{min(forecast.days)} to {max(forecast.days)}" if forecast.days else "no day"
        raise WfmError(
            f"The forecast of campaign {campaign.id!r} knows {known}, but the plan needs {lacking[0]} to {lacking[-1]} of "
            f"{campaign.market} too, so its overrides cannot be laid over it: forecast the case anew."
        )
    owner = np.array([forecast.days.index(day) for day in days])
    mean = np.round(mean, 6)
    day_mean = np.bincount(owner, weights=mean, minlength=len(forecast.days)).astype(np.float64)
    before = np.array(forecast.day_mean)
    factor = np.divide(day_mean, before, out=np.zeros_like(before), where=before > 0)
    day_quantiles = np.array(forecast.day_quantiles) * factor
    fresh = (before <= 0) & (day_mean > 0)
    day_quantiles[:, fresh] = _poisson(day_mean[fresh])
    return forecast.model_copy(
        update={
            "mean": tuple(mean.tolist()),
            "quantiles": tuple(tuple(row) for row in np.round(quantiles, 6).tolist()),
            "day_mean": tuple(day_mean.tolist()),
            "day_quantiles": tuple(tuple(row) for row in np.round(day_quantiles, 6).tolist()),
            "method": f"{forecast.method}; overridden: {'; '.join(str(override) for override in mine)}",
        }
    )


def _covers(override: Override, day: date, clock: time) -> bool:
    if not override.first_day <= day <= override.last_day:
        return False
    if override.from_time is None or override.to_time is None:
        return True
    return override.from_time <= clock and (clock < override.to_time or override.to_time == time(0))


def _apply(override: Override, span: NDArray[np.bool_], mean: Floats, quantiles: Floats) -> None:
    total = float(mean[span].sum())
    if override.volume is not None and total <= 0:
        mean[span] = override.volume / span.sum()
        quantiles[:, span] = _poisson(mean[span])
        return
    factor = 1 + override.percent / 100 if override.percent is not None else (override.volume or 0.0) / total
    mean[span] *= factor
    quantiles[:, span] *= factor


def _poisson(mean: Floats) -> Floats:
    """Quantiles of Poisson counts. Shape (13, n)."""
    from scipy.stats import poisson

    return np.asarray(poisson.ppf(np.array(QUANTILES)[:, None], mean), dtype=np.float64)
