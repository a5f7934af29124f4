"""What is expected: the forecast of volumes and handling times on the plan's grid."""

from __future__ import annotations

from datetime import date
from typing import Literal

from wfm.clock import Grid
from wfm.document import Document

QUANTILES = (0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975)
"""Levels of every predictive distribution in the product."""


class CampaignForecast(Document):
    """Forecast of one campaign; volumes are contacts offered (inbound, deferrable) or records loaded (outbound).

    `mean`, `aht_seconds`: one value per slot of the grid; `quantiles`: one tuple per level of QUANTILES, each with one value
    per slot. Closed slots are exactly 0. `days` are the market's calendar days that the grid touches; `day_mean[i]` is the
    sum of the slots of that day and `day_quantiles` has the same shape as `quantiles`, over days. `method` says in words
    how the figures were made. `reach_rate`: outbound right-party contacts per attempt, else None.
    """

    campaign: str
    mean: tuple[float, ...]
    quantiles: tuple[tuple[float, ...], ...]
    aht_seconds: tuple[float, ...]
    days: tuple[date, ...]
    day_mean: tuple[float, ...]
    day_quantiles: tuple[tuple[float, ...], ...]
    reach_rate: float | None
    method: str


class Forecast(Document):
    """Forecast of every campaign of a case."""

    schema_version: Literal[1] = 1
    case_hash: str
    seed: int
    grid: Grid
    campaigns: tuple[CampaignForecast, ...]
