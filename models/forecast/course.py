"""Last year's course: how the level moved in the same weeks of earlier years, as far as such courses came true in this series.

Members that carry a recent level forward know nothing of the season. Their miss to be expected is regressed, over past
origins of the series itself, on what the level did a year (or years) earlier; the slope leans on 0, no season, so a course
that never repeated changes nothing.
"""

from __future__ import annotations

import numpy as np

from models.forecast.boosting_features import YEAR, Index, Past
from models.forecast.series import Cleaned, Days, Floats

SHORTEST_DAYS = YEAR + 84
STEP_DAYS = 7
SPANS = ((0, 14), (14, 28))
"""Days after an origin over which courses are compared."""
HALF_WIDTH_DAYS = 7
MOST_YEARS = 4
PRIOR_VARIANCE = 0.5
"""Of the slope, around 0; 1 would be a course that repeats itself."""
OVERLAP = 4.0
"""Origins a week apart share most of their days: so many count as one."""
LARGEST_LOG = 1.5
SHORTEST_LEVEL_DAYS = 28
"""A level from fewer days is none to compare with."""


def last_years_course(history: Cleaned, days: Days) -> Floats:
    """What a level carried forward from the end of `history` is to be multiplied by on each of `days`. Shape (days,); ones for
    a history too short to have seen a course come true.
    """
    size = int((history.end - history.days[0]).astype(np.int64)) if len(history.days) else 0
    if size < SHORTEST_DAYS:
        return np.ones(len(days))
    past = Past.of(history)
    moved, before = [], []
    for start, end in SPANS:
        origin = np.arange(size - end, YEAR, -STEP_DAYS)
        moved.append(_moved(past, origin, origin + start, origin + end))
        before.append(_earlier(past, origin, origin + start, origin + end))
    y, x = np.concatenate(moved), np.concatenate(before)
    known = np.isfinite(y) & np.isfinite(x)
    slope = _slope(y[known], x[known])
    if slope <= 0:
        return np.ones(len(days))
    day = (days - past.first).astype(np.int64)
    course = _earlier(past, np.full(len(day), size), day - HALF_WIDTH_DAYS, day + HALF_WIDTH_DAYS + 1)
    return np.asarray(np.exp(slope * np.where(np.isfinite(course), course, 0.0)))


def _slope(y: Floats, x: Floats) -> float:
    """Of y on x through 0, leaning on 0 the more the less was seen; from 0 to 1."""
    squares = float(x @ x)
    if squares <= 0:
        return 0.0
    found = float(x @ y) / squares
    noise = float(((y - found * x) ** 2).mean())
    return float(np.clip(x @ y / (squares + OVERLAP * noise / PRIOR_VARIANCE), 0.0, 1.0))


def _earlier(past: Past, origin: Index, start: Index, end: Index) -> Floats:
    """Mean log move of the level in the same days of earlier years; NaN where none is known. Shape (origins,)."""
    years = np.array(
        [_moved(past, *(at - back * YEAR for at in (origin, start, end))) for back in range(1, MOST_YEARS + 1)]
    )
    known = np.isfinite(years)
    count = known.sum(axis=0)
    total = np.where(known, years, 0.0).sum(axis=0)
    return np.asarray(np.divide(total, count, out=np.full(len(origin), np.nan), where=count > 0))


def _moved(past: Past, origin: Index, start: Index, end: Index) -> Floats:
    """Log of the mean level from `start` to before `end` over the level as known before `origin`; NaN where not known."""
    ratio = past.mean(start, end) / np.where(origin >= SHORTEST_LEVEL_DAYS, past.level(np.maximum(origin, 0)), np.nan)
    return np.clip(np.log(ratio), -LARGEST_LOG, LARGEST_LOG)
