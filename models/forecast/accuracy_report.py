"""What is told about the accuracy of a case's forecasts, as documents."""

from __future__ import annotations

from datetime import date
from typing import Literal

from wfm.document import Document

BANDS = ((0.0, 5.0), (5.0, 20.0), (20.0, 100.0), (100.0, float("inf")))
"""Volume bands: mean forecast of an interval from the first to below the second figure. Small ones cannot be forecast closely."""
PIT_BINS = 10


class BandScore(Document):
    """Intervals whose mean forecast lies in one of BANDS, the `band`-th. Scores as in `CampaignAccuracy`."""

    band: int
    intervals: int
    volume: float
    wape: float | None
    bias: float | None
    coverage_80: float | None
    coverage_95: float | None


class MemberScore(Document):
    """One member alone, over days. `weight` in the forecast made now. `miss`: sum |error| / sum of actuals per condition, in the
    order of `CampaignAccuracy.conditions`; None where nothing came.
    """

    member: str
    weight: float
    day_wape: float | None
    bias: float | None
    miss: tuple[float | None, ...]


class ForecastDay(Document):
    """A day forecast from the origin before it, in the market's calendar: what came, the mean and the 80 % band."""

    day: date
    actual: float
    mean: float
    low: float
    high: float


class Component(Document):
    """One part of what is expected now, in figures; `kind` says which sentence it belongs in. `factor`: 1 is as usual."""

    kind: Literal["level", "trend", "weekday", "calendar"]
    subject: str
    factor: float


class CampaignAccuracy(Document):
    """Forecasts of one campaign from several past origins, each a horizon long, held against what came.

    `wape` = sum |error| / sum of actuals over intervals, `day_wape` over days, `bias` = sum of (forecast - actual) / sum of
    actuals, coverages of the 80 % and 95 % bands rounded outward to whole contacts. `pit_days` and `pit_intervals`: shares of
    actuals by the quantile of the forecast that they hit, in ten equal bins (calibrated: a tenth each); intervals with a mean
    forecast of at least 5. `hours[weekday][hour]`: bias and WAPE of that hour of the market's clock, None where closed.
    `conditions`: what members are compared on (weekdays 1 to 7, weeks ahead, holidays and events).
    """

    campaign: str
    name: str
    unit: Literal["contacts", "records"]
    time_zone: str
    intervals: int
    volume: float
    wape: float | None
    day_wape: float | None
    bias: float | None
    quantile_loss: float | None
    coverage_80: float | None
    coverage_95: float | None
    bands: tuple[BandScore, ...]
    conditions: tuple[str, ...]
    ensemble_miss: tuple[float | None, ...]
    members: tuple[MemberScore, ...]
    pit_days: tuple[float, ...]
    pit_intervals: tuple[float, ...]
    hour_bias: tuple[tuple[float | None, ...], ...]
    hour_wape: tuple[tuple[float | None, ...], ...]
    days: tuple[ForecastDay, ...]
    components: tuple[Component, ...]
    method: str


class AccuracyReport(Document):
    """Accuracy of every campaign of a case. `origins`: first days forecast."""

    schema_version: Literal[1] = 1
    case_name: str
    case_hash: str
    seed: int
    horizon_days: int
    origins: tuple[date, ...]
    campaigns: tuple[CampaignAccuracy, ...]
