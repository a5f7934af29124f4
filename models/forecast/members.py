"""What every member of the ensemble looks like, and what they learn about special days in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.forecast.calendar import Calendar
from models.forecast.series import Daily, Days, Floats


@dataclass(frozen=True, eq=False)
class MemberForecast:
    """Mean volume of each asked day, shape (days,), and how it was made, in words."""

    mean: Floats
    words: str


Member = Callable[[Daily, Days, Calendar, int], MemberForecast | None]
"""member(history, days asked, calendar, seed): None when the history is too short for it."""

LEVEL_WEEKS = 8
LEVEL_HALF_LIFE_DAYS = 14.0


def level_ratio(history: Daily, fitted: Floats, normal: NDArray[np.bool_]) -> float:
    """Recent actual / fitted, recency-weighted over normal days: corrects both the bias of a fit on the log scale (the mean
    of a log-normal is above its median) and a level that has moved. 1 when nothing is known.
    """
    age = (history.end - history.days).astype(np.int64)
    weight = 0.5 ** (age / LEVEL_HALF_LIFE_DAYS) * (age <= LEVEL_WEEKS * 7) * normal
    expected = float(weight @ fitted)
    return float(weight @ history.y) / expected if expected > 0 else 1.0
