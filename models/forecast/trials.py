"""Back-tests inside a history: what members would have forecast of its last weeks, had they known only what came before."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from models.forecast.boosting import Booster, Learner
from models.forecast.members import Member
from models.forecast.series import Daily, Floats
from models.forecast.weights import Trial

TRIALS = 3
TRIAL_DAYS = 28
SHORTEST_DAYS = 42
DEAR = {"Prophet": 2}
"""Members whose fit is dear take part in one trial only, this one, counted from the end."""


def run_trials(
    daily: Daily,
    learner: Learner,
    made: Mapping[str, Floats],
    members: Mapping[str, Member],
    past_booster: Booster | None,
    seed: int,
) -> list[Trial]:
    """One trial of four weeks each over the last twelve, of the members that are in `made`. `past_booster` was fitted before the
    first of them. The effects of the calendar are those learned from all history: they are the same for all members.
    """
    trials = []
    for back in range(TRIALS, 0, -1):
        origin = daily.end - np.timedelta64(back * TRIAL_DAYS, "D")
        known = learner.history.before(origin)
        if not len(known.days) or (origin - known.days[0]).astype(np.int64) < SHORTEST_DAYS:
            continue
        ahead = (daily.days >= origin) & (daily.days < origin + np.timedelta64(TRIAL_DAYS, "D"))
        days = daily.days[ahead]
        if not len(days):
            continue
        factors = learner.effects.factors(days)
        means: dict[str, Floats] = {}
        for name in made:
            if name in members:
                mean = members[name](known, days, seed) if DEAR.get(name, back) == back else None
            else:
                mean = None if past_booster is None else past_booster(Learner(known, learner.effects), days)
            if mean is not None:
                means[name] = mean * factors
        if means:
            trials.append(Trial(daily.y[ahead], means))
    return trials
