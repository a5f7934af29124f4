"""One series from history to interval distributions: what is scored by the back-test is what is shipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.forecast.average import average
from models.forecast.calendar import Calendar
from models.forecast.members import Member
from models.forecast.profile import WEEKS, learn_profile
from models.forecast.prophet_member import prophet
from models.forecast.series import Daily, Days, DayTable, Floats, Walls, daily_totals, without_freaks
from models.forecast.uncertainty import asked_horizon, past_misses, quantiles

MEMBERS: tuple[Member, ...] = (prophet, average)


@dataclass(frozen=True, eq=False)
class SeriesForecast:
    """`mean` (slots,) and `quantiles` (13, slots) of the asked slots; `days` they touch with `day_mean` (days,) and
    `day_quantiles` (13, days). Closed slots are exactly 0.
    """

    mean: Floats
    quantiles: Floats
    days: Days
    day_mean: Floats
    day_quantiles: Floats
    method: str


def forecast_series(
    history: DayTable,
    walls: Walls,
    is_open: NDArray[np.bool_],
    calendar: Calendar,
    *,
    seed: int,
    shape: DayTable | None = None,
    members: Sequence[Member] = MEMBERS,
) -> SeriesForecast:
    """Forecast the slots that start at `walls` (naive wall time, ascending but for a clock put back) where `is_open`.

    History must hold no rows for closed days. The days' means are the plain average of the members. With `shape`, the
    profile is learned from that table and each day's whole volume is spread over its open slots (records to be dialled);
    without it, closing a slot loses its contacts.
    """
    table = history if shape is None else shape
    tags = calendar.tags(table.days)
    profile = learn_profile(table, tags.is_holiday, ~tags.normal & ~tags.is_holiday)
    if shape is None:
        daily = daily_totals(history, profile.usual(history.days, tags.is_holiday))
    else:
        daily = Daily(history.days[history.recorded], np.nansum(history.y[history.recorded], axis=1), history.end)
    daily = without_freaks(daily, calendar.tags(daily.days).normal)
    days, owner = np.unique(walls.astype("datetime64[D]"), return_inverse=True)
    made = [forecast for member in members if (forecast := member(daily, days, calendar, seed)) is not None]
    level = np.mean([forecast.mean for forecast in made], axis=0) if made else np.zeros(len(days))
    column = (walls - walls.astype("datetime64[D]")).astype("timedelta64[m]").astype(
        np.int64
    ) // history.interval_minutes
    usual = profile.usual(days, calendar.tags(days).is_holiday)[owner, column]
    share = np.where(is_open, usual, 0.0)
    if shape is not None:
        share = _whole_days(share, is_open, owner)
    # Six decimals keep files small; sums are taken of the rounded figures, so they still agree.
    mean = np.round(level[owner] * share, 6)
    misses = past_misses(daily, calendar, asked_horizon(daily, days))
    rng = np.random.default_rng(seed)
    per_slot, per_day = quantiles(mean, owner, misses=misses, overdispersion=profile.overdispersion, rng=rng)
    return SeriesForecast(
        mean=mean,
        quantiles=per_slot,
        days=days,
        day_mean=np.asarray(np.bincount(owner, weights=mean, minlength=len(days)), dtype=np.float64),
        day_quantiles=per_day,
        method=_words([forecast.words for forecast in made], daily, days, calendar),
    )


def _whole_days(share: Floats, is_open: NDArray[np.bool_], owner: NDArray[np.int64]) -> Floats:
    """Shares that sum to 1 over each day that is open at all; even where the profile knows nothing. Shape (slots,)."""
    share = np.where(is_open & (np.bincount(owner, weights=share)[owner] <= 0), 1.0, share)
    sums = np.bincount(owner, weights=share)[owner]
    return np.asarray(np.divide(share, sums, out=np.zeros_like(share), where=sums > 0))


def _words(members: list[str], daily: Daily, days: Days, calendar: Calendar) -> str:
    if not members:
        return "no contacts in history: zero"
    known = " and ".join(members)
    text = f"mean of {known}" if len(members) > 1 else f"{known} alone (history too short or flat for Prophet)"
    everything = np.concatenate([daily.days, days])
    seen = sum(bool(mask.any()) for mask in calendar.event_masks(everything).values())
    holidays = f"holidays of {calendar.country}" if calendar.country else "no holidays"
    events = f"{seen} kind{'s' * (seen != 1)} of event" if seen else "no events"
    return f"{text}; {holidays}, {events}; profile of the last {WEEKS} weeks"
