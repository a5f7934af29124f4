"""Back-tests inside a history: what members would have forecast of its last weeks, had they known only what came before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.forecast.boosting import Ahead, Learner
from models.forecast.members import Members, ask
from models.forecast.series import Floats
from models.forecast.weights import Trial

TRIALS = 3
TRIAL_DAYS = 28
SHORTEST_DAYS = 42


@dataclass(frozen=True, eq=False)
class Cut:
    """A history cut at a past origin: what was asked then, and `actual`: daily volumes before cleaning that came, (days,)."""

    asked: Ahead
    actual: Floats


def cuts(y: Floats, learner: Learner) -> list[Cut]:
    """One cut for each four weeks of the last twelve that have days, and enough before them.

    `y`: daily volumes before cleaning, shape as the history. The effects of the calendar are those learned from all history:
    they are the same for all members.
    """
    history = learner.history
    found = []
    for back in range(TRIALS, 0, -1):
        origin = history.end - np.timedelta64(back * TRIAL_DAYS, "D")
        known = history.before(origin)
        if not len(known.days) or (origin - known.days[0]).astype(np.int64) < SHORTEST_DAYS:
            continue
        ahead = (history.days >= origin) & (history.days < origin + np.timedelta64(TRIAL_DAYS, "D"))
        if ahead.any():
            asked = Ahead(known, history.days[ahead], learner.factors[ahead], learner.group[ahead])
            found.append(Cut(asked, y[ahead]))
    return found


def run_trial(cut: Cut, members: Members, others: Mapping[str, Floats], seed: int) -> Trial:
    """The trial of `members` and of what `others` made of the days of the cut, before the effects of the calendar."""
    asked = cut.asked
    means = {**ask(members, asked.history, asked.days, seed), **others}
    return Trial(cut.actual, {name: mean * asked.factors for name, mean in means.items() if mean is not None})
