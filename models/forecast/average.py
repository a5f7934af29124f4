"""Member "average": recent weekday shape x recent level x effects of holidays and events."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.forecast.calendar import Calendar, Tags
from models.forecast.members import MemberForecast, level_ratio
from models.forecast.series import Daily, Days, Floats, weekdays

SHAPE_WEEKS = 10
SHAPE_HALF_LIFE_DAYS = 28.0
NEIGHBOUR_DAYS = 28
"""A special day is compared with the normal days of its weekday so many days to either side."""


def average(history: Daily, days: Days, calendar: Calendar, seed: int) -> MemberForecast | None:  # noqa: ARG001 - a Member
    """Needs no minimum of history. The level follows a shift within about two weeks (half-life 14 days)."""
    if not len(history.y):
        return None
    return MemberForecast(
        Effects(history, calendar.tags(history.days)).mean(history, days, calendar.tags(days)), "recent weekday average"
    )


class Effects:
    """Factors of holidays and events, each the ratio of what came to what its weekday usually had around then.

    Shrinkage is by pseudo-days of usual volume: an event leans on "no effect" as if one such day had been seen, a named
    holiday leans on its group (weekday, Saturday, Sunday holidays), and a group on "no effect" with half a day.
    """

    def __init__(self, history: Daily, tags: Tags) -> None:
        self.tags = tags
        expected = _usual_around(history, tags.normal)
        known = expected > 0
        y = history.y
        self.groups = np.ones(3)
        for group in range(3):
            mine = known & (tags.group == group)
            if mine.any():
                self.groups[group] = _ratio(y[mine], expected[mine], 1.0, 0.5)
        self.named: dict[tuple[str, int], float] = {}
        for name, group in {(name, int(group)) for name, group in zip(tags.holiday, tags.group, strict=True) if name}:
            same = np.array([other == name for other in tags.holiday]) & known & (tags.group == group)
            if same.any():
                self.named[name, group] = _ratio(y[same], expected[same], float(self.groups[group]), 1.0)
        self.events = {
            name: _ratio(y[mask & known & ~tags.is_holiday], expected[mask & known & ~tags.is_holiday], 1.0, 1.0)
            for name, mask in tags.events.items()
        }

    def factors(self, tags: Tags) -> Floats:
        """Factor of each day. Shape (days,)."""
        factors = np.ones(len(tags.group))
        for index, (name, group) in enumerate(zip(tags.holiday, tags.group, strict=True)):
            if name is not None:
                factors[index] = self.named.get((name, int(group)), float(self.groups[group]))
        for name, mask in tags.events.items():
            factors = np.where(mask, factors * self.events.get(name, 1.0), factors)
        return np.asarray(factors)

    def mean(self, history: Daily, days: Days, tags: Tags) -> Floats:
        """Mean of the asked days from what `history` (which may be cut shorter than the one learned from) shows last."""
        normal = self.tags.normal[: len(history.days)]
        shape = _weekday_shape(history, normal)
        level = level_ratio(history, shape[weekdays(history.days)], normal)
        return np.asarray(level * shape[weekdays(days)] * self.factors(tags))


def _weekday_shape(history: Daily, normal: NDArray[np.bool_]) -> Floats:
    """Recency-weighted mean of normal days per weekday; a weekday never seen has the mean of all. Shape (7,)."""
    age = (history.end - history.days).astype(np.int64)
    weight = 0.5 ** (age / SHAPE_HALF_LIFE_DAYS) * normal
    if (weight * (age <= SHAPE_WEEKS * 7)).any():
        weight = weight * (age <= SHAPE_WEEKS * 7)
    elif not weight.any():
        weight = 0.5 ** (age / SHAPE_HALF_LIFE_DAYS)
    weekday = weekdays(history.days)
    weights = np.bincount(weekday, weights=weight, minlength=7)
    sums = np.bincount(weekday, weights=weight * history.y, minlength=7)
    everyday = float(sums.sum() / weights.sum())
    return np.asarray(np.divide(sums, weights, out=np.full(7, everyday), where=weights > 0))


def _usual_around(history: Daily, normal: NDArray[np.bool_]) -> Floats:
    """For each special day, the mean of the normal days of its weekday around it; 0 for normal days and where there is
    none. Shape (n,).
    """
    usual = np.zeros(len(history.y))
    weekday = weekdays(history.days)
    for index in np.flatnonzero(~normal):
        distance = np.abs((history.days - history.days[index]).astype(np.int64))
        near = normal & (weekday == weekday[index]) & (distance <= NEIGHBOUR_DAYS)
        if near.any():
            usual[index] = history.y[near].mean()
    return usual


def _ratio(y: Floats, expected: Floats, prior: float, pseudo_days: float) -> float:
    """Total / expected total, leaning on `prior` as if `pseudo_days` mean days had been seen with it; `prior` without days."""
    if not len(expected):
        return prior
    extra = pseudo_days * float(expected.mean())
    return float((y.sum() + prior * extra) / (expected.sum() + extra))
