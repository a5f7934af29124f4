"""What every member of the ensemble looks like, and how members find the recent level."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from models.forecast.series import Cleaned, Days, Floats

Member = Callable[[Cleaned, Days, int], Floats | None]
"""member(history, days asked, seed): mean volume of each asked day, shape (days,), before the effects of the calendar; None
when the history is too short for it.
"""

LEVEL_WEEKS = 8
LEVEL_HALF_LIFE_DAYS = 14.0


def level_ratio(history: Cleaned, fitted: Floats) -> float:
    """Recent actual / fitted, recency-weighted over normal days: corrects both the bias of a fit on the log scale (the mean
    of a log-normal is above its median) and a level that has moved. 1 when nothing is known.
    """
    age = (history.end - history.days).astype(np.int64)
    weight = 0.5 ** (age / LEVEL_HALF_LIFE_DAYS) * (age <= LEVEL_WEEKS * 7) * history.normal
    expected = float(weight @ fitted)
    return float(weight @ history.y) / expected if expected > 0 else 1.0
