"""Back-tests inside a history: what members would have forecast of its last weeks, had they known only what came before."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from models.forecast.boosting import Booster, Learner
from models.forecast.members import Member
from models.forecast.series import Floats
from models.forecast.weights import Trial

TRIALS = 3
TRIAL_DAYS = 28
SHORTEST_DAYS = 42


def run_trials(
    y: Floats,
    learner: Learner,
    made: Mapping[str, Floats],
    members: Mapping[str, Member],
    past_booster: Booster | None,
    seed: int,
) -> list[Trial]:
    """One trial of four weeks each over the last twelve, of the members that are in `made`.

    `y`: daily volumes before cleaning, shape as the history. `past_booster` was fitted before the first trial. The effects of
    the calendar are those learned from all history: they are the same for all members.
    """
    history = learner.history
    trials = []
    for back in range(TRIALS, 0, -1):
        origin = history.end - np.timedelta64(back * TRIAL_DAYS, "D")
        past = learner.before(origin)
        known = past.history
        if not len(known.days) or (origin - known.days[0]).astype(np.int64) < SHORTEST_DAYS:
            continue
        ahead = (history.days >= origin) & (history.days < origin + np.timedelta64(TRIAL_DAYS, "D"))
        days = history.days[ahead]
        if not len(days):
            continue
        factors = learner.factors[ahead]
        means: dict[str, Floats] = {}
        for name in made:
            if name in members:
                mean = members[name](known, days, seed)
            else:
                mean = None if past_booster is None else past_booster(known, days, factors, learner.group[ahead])
            if mean is not None:
                means[name] = mean * factors
        if means:
            trials.append(Trial(y[ahead], means))
    return trials
