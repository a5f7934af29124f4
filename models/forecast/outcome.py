"""A forecast held against what came: of the models alone, and as the planner left it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from models.forecast.metrics import Tally, ratio, tally
from models.forecast.series import Floats
from wfm.case import Case
from wfm.clock import Grid, zone
from wfm.demand import CampaignForecast, Forecast
from wfm.document import Document
from wfm.history import CampaignHistory


class Outcome(Document):
    """One campaign over the intervals of the plan that have come. `who`: "models", or "planner" for the forecast with lists
    and overrides. `wape` = sum |error| / sum of actuals over intervals, `day_wape` over days, `bias` = sum of (forecast -
    actual) / sum of actuals; coverages are shares of intervals inside the 80 % and 95 % bands. None: nothing came.
    """

    campaign: str
    who: Literal["models", "planner"]
    intervals: int
    actual: float
    forecast: float
    wape: float | None
    day_wape: float | None
    bias: float | None
    coverage_80: float | None
    coverage_95: float | None


def outcomes(
    case: Case, modelled: Forecast, final: Forecast, histories: Mapping[str, CampaignHistory]
) -> list[Outcome]:
    """Every campaign of which any interval of the plan is recorded in `histories`, those of a later case."""
    found: list[Outcome] = []
    for campaign in case.campaigns:
        history = histories.get(campaign.id)
        if history is None:
            continue
        slots, actual = _came(modelled.grid, history)
        if not len(slots):
            continue
        tz = zone(case.market_by_id[campaign.market].time_zone)
        days = np.array([modelled.grid.instant(int(slot)).astimezone(tz).toordinal() for slot in slots])
        owner = np.unique(days, return_inverse=True)[1]
        pairs: tuple[tuple[Literal["models", "planner"], Forecast], ...] = (("models", modelled), ("planner", final))
        for who, forecast in pairs:
            entry = next(entry for entry in forecast.campaigns if entry.campaign == campaign.id)
            found.append(_outcome(entry, who, slots, actual, owner))
    return found


def _came(grid: Grid, history: CampaignHistory) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], Floats]:
    """Recorded slots of a grid and what came in them. Both shapes (n,)."""
    slot = (history.start_minute - int(grid.start.timestamp()) // 60) // grid.interval_minutes
    keep = (slot >= 0) & (slot < grid.slots) & ~np.isnan(history.volume)
    slots = np.unique(slot[keep])
    volume = np.bincount(np.searchsorted(slots, slot[keep]), weights=history.volume[keep], minlength=len(slots))
    return slots, volume.astype(np.float64)


def _outcome(
    entry: CampaignForecast,
    who: Literal["models", "planner"],
    slots: np.ndarray[tuple[int], np.dtype[np.int64]],
    actual: Floats,
    owner: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> Outcome:
    mean, quantiles = np.array(entry.mean)[slots], np.array(entry.quantiles)[:, slots]
    sums: Tally = tally(actual, mean, quantiles, owner, seasonal_difference=0.0, cpu_seconds=0.0)
    return Outcome(
        campaign=entry.campaign,
        who=who,
        intervals=len(slots),
        actual=float(actual.sum()),
        forecast=float(mean.sum()),
        wape=ratio(sums.absolute, sums.volume),
        day_wape=ratio(sums.day_absolute, sums.volume),
        bias=ratio(sums.error, sums.volume),
        coverage_80=ratio(sums.inside_80, sums.intervals),
        coverage_95=ratio(sums.inside_95, sums.intervals),
    )
