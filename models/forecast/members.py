"""What every member of the ensemble looks like, and how members find the recent level."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from models.forecast.course import last_years_course
from models.forecast.series import Cleaned, Days, Floats

Member = Callable[[Cleaned, Days, int], Floats | None]
"""member(history, days asked, seed): mean volume of each asked day, shape (days,), before the effects of the calendar; None
when the history is too short for it.
"""

Members = Mapping[str, Member]
"""By name."""
SEASONLESS = ("average", "smoothing")
"""Members that carry a recent level forward; last year's course is laid over what they say."""


def ask(members: Members, history: Cleaned, days: Days, seed: int) -> dict[str, Floats | None]:
    """What each member says of the days, before the effects of the calendar."""
    course = last_years_course(history, days)
    told = {name: member(history, days, seed) for name, member in members.items()}
    return {name: mean * course if name in SEASONLESS and mean is not None else mean for name, mean in told.items()}


LEVEL_WEEKS = 8
LEVEL_HALF_LIFE_DAYS = 14.0
JUMP_WEEKS = 2
JUMP_HALF_LIFE_DAYS = 5.0
JUMP_FROM, JUMP_SURE = 0.15, 0.35
"""Log ratio of the two from which a jump is suspected, and at which it is taken for one."""


def level_ratio(history: Cleaned, fitted: Floats) -> float:
    """Recent actual / fitted, recency-weighted over normal days: corrects both the bias of a fit on the log scale (the mean
    of a log-normal is above its median) and a level that has moved. 1 when nothing is known.

    Where the last week or so tells another story than the last month, a jump, it is believed.
    """
    age = (history.end - history.days).astype(np.int64)

    def ratio(half_life: float, weeks: int) -> float:
        weight = 0.5 ** (age / half_life) * (age <= weeks * 7) * history.normal
        expected = float(weight @ fitted)
        return float(weight @ history.y) / expected if expected > 0 else 1.0

    steady, quick = ratio(LEVEL_HALF_LIFE_DAYS, LEVEL_WEEKS), ratio(JUMP_HALF_LIFE_DAYS, JUMP_WEEKS)
    if min(steady, quick) <= 0:
        return steady
    jump = np.log(quick / steady)
    return float(steady * np.exp(jump * np.clip((abs(jump) - JUMP_FROM) / (JUMP_SURE - JUMP_FROM), 0.0, 1.0)))
