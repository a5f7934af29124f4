"""How a day's volume spreads over its slots, by type of day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.forecast.profile_mix import mixed_shares
from models.forecast.series import Days, DayTable, Floats, weekdays

WEEKS = 10
HALF_LIFE_DAYS = 35.0
"""Of the recent days from which the noise between slots is measured."""
HOLIDAY_WEEKS = 110
"""Holidays are few: their profile is learned from all of them in about two years."""
HOLIDAY = 7
"""Day type of public holidays; 0 to 6 are the weekdays."""
SUNDAYS = 2.0
"""Their shares lean on those of Sundays as if that were so many days more."""


@dataclass(frozen=True, eq=False)
class Profile:
    """`shares[t, s]`: share of the volume of a day of type t in slot s, rows sum to 1 (or 0: never any volume).
    `overdispersion`: variance of a slot beyond Poisson, relative to its squared mean, given the day's total.
    """

    shares: Floats
    overdispersion: float

    def usual(self, days: Days, holiday: NDArray[np.bool_]) -> Floats:
        """Shares of each day. Shape (days, slots)."""
        return np.asarray(self.shares[day_types(days, holiday)])


def day_types(days: Days, holiday: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.where(holiday, HOLIDAY, weekdays(days))


def learn_profile(table: DayTable, holiday: NDArray[np.bool_], event: NDArray[np.bool_]) -> Profile:
    """Profile from the end of a history. `holiday`, `event`: which of its days are; event days are left out of weekdays
    because a mailing shifts the hours of calls too.
    """
    days = table.days
    age = (table.end - days).astype(np.int64)
    weight = 0.5 ** (age / HALF_LIFE_DAYS) * table.recorded
    recent = np.where((age <= WEEKS * 7) & ~holiday & ~event, weight, 0.0)
    if not recent.any():
        recent = np.where(~holiday, weight, 0.0)
    holidays = np.where(table.recorded & holiday & (age <= HOLIDAY_WEEKS * 7), 1.0, 0.0)
    shares, missed = np.zeros((8, table.y.shape[1])), None
    if table.recorded.any():
        shares[:7], missed = mixed_shares(days, table.y, table.recorded & ~holiday & ~event, table.end)
        if not shares.any():
            shares[:7], missed = mixed_shares(days, table.y, table.recorded, table.end)
    shares[HOLIDAY] = _lean(table.y, holidays, shares[6])
    return Profile(shares, _overdispersion(table, shares, recent, weekdays(days)) if missed is None else missed)


def _rates(y: Floats, weight: Floats) -> Floats:
    """Mean volume per slot; a slot not recorded on most of the days was closed then, and counts as empty. Shape (slots,)."""
    seen = ~np.isnan(y)
    total = weight.sum()
    if total <= 0:
        return np.zeros(y.shape[1])
    seen_weight = weight @ seen
    base = np.where(seen_weight >= total / 2, seen_weight, total)
    return np.asarray((weight @ np.where(seen, y, 0.0)) / base)


def _lean(y: Floats, weight: Floats, sunday: Floats) -> Floats:
    """Shares of holidays: their own, leaning on those of Sundays in proportion to how few holidays there were."""
    own, days = _rates(y, weight), weight.sum()
    if not own.any():
        return sunday
    own_share = own / own.sum()
    # Only slots in use on holidays: leaning must not open an afternoon.
    mixed = days * own_share + SUNDAYS * np.where(own_share > 0, sunday, 0.0)
    return np.asarray(mixed / mixed.sum())


def _overdispersion(table: DayTable, shares: Floats, recent: Floats, weekday: NDArray[np.int64]) -> float:
    """Moment estimate of phi in Var(y) = m + phi m² around m = day total x share, over the recent normal days."""
    rows = np.flatnonzero(recent > 0)
    y = np.nan_to_num(table.y[rows])
    expected = y.sum(axis=1, keepdims=True) * shares[weekday[rows]]
    squares = float((expected**2).sum())
    if squares <= 0:
        return 0.0
    excess = float(((y - expected) ** 2 - expected).sum())
    return float(np.clip(excess / squares, 0.0, 2.0))
