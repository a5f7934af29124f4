"""Member "boosting": one gradient-boosted model for all series of a batch, on what each day was relative to its series' level.

The objective is Poisson, so it forecasts means; a small queue counts for as much as its counts can tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.forecast.boosting_features import Index, Past
from models.forecast.one_thread import one_thread
from models.forecast.series import Cleaned, Days, Floats

SHORTEST_DAYS = 56
FIRST_ORIGIN_DAYS = 42
ORIGIN_STEP_DAYS = 14
HORIZON_DAYS = 28
LEADS = 28
"""Longer horizons are learned on as many leads, spread evenly."""
MOST_ROWS = 60_000
BINS = 64
EDGE_ROWS = 8192
"""Rows that tell the edges of bins well enough."""
SMALLEST_BASELINE = 0.2
LARGEST_RATIO = 5.0
SPREAD = 0.03
"""Squared relative spread of a day beyond Poisson: above some 30 contacts a day, more of them tell little more."""
TREES: dict[str, Any] = {
    "loss": "poisson",
    "learning_rate": 0.05,
    "max_iter": 120,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 200,
    "l2_regularization": 20.0,
    "early_stopping": False,
}


@dataclass(frozen=True, eq=False)
class Learner:
    """A series as boosting sees it: cleaned history up to some origin, with the factors of the calendar that were taken out of
    it and the group of holiday of each of its days (`Tags.group`). Shapes (n,).
    """

    history: Cleaned
    factors: Floats
    group: Index

    def before(self, day: np.datetime64) -> Learner:
        """What was known at the start of `day`."""
        keep = self.history.days < day
        return Learner(self.history.before(day), self.factors[keep], self.group[keep])


@dataclass(frozen=True, eq=False)
class Ahead:
    """What is asked of boosting: from what is known of a series, its `days` to come, with the `factors` and the `group` of
    holiday that the calendar gives them. Shapes (days,).
    """

    history: Cleaned
    days: Days
    factors: Floats
    group: Index


@dataclass(frozen=True, eq=False)
class Booster:
    """A fitted model. Its `columns` are the features that were ever known; `edges[k]` cuts the k-th of them into bins."""

    model: Any
    columns: Index
    edges: list[Floats]

    def __call__(self, asked: Sequence[Ahead]) -> list[Floats | None]:
        """Mean volume of the days of each, before the effects of the calendar, shape (days,); None for a series too short. All
        are asked together, because a call costs more than its rows.
        """
        told = {place: _look(ahead) for place, ahead in enumerate(asked) if _long_enough(ahead.history)}
        made: list[Floats | None] = [None] * len(asked)
        if told:
            rows = np.concatenate([features for _, features in told.values()])
            with one_thread("openmp"):
                ratio = self.model.predict(_binned(rows[:, self.columns], self.edges))
            ends = np.cumsum([len(baseline) for baseline, _ in told.values()])[:-1]
            for (place, (baseline, _)), mine in zip(told.items(), np.split(ratio, ends), strict=True):
                made[place] = baseline * mine
        return made


def fit_booster(learners: Sequence[Learner], horizon_days: int = HORIZON_DAYS, seed: int = 0) -> Booster | None:
    """Fit to all series at once, on forecasts as they would have been made every two weeks. None when none is long enough.

    One thread, so that the sums, and with them the trees, are the same on any machine load.
    """
    from sklearn import ensemble

    usable = [learner for learner in learners if _long_enough(learner.history)]
    if not usable:
        return None
    leads = np.unique(np.linspace(0, max(horizon_days, LEADS) - 1, LEADS).astype(np.int64))
    pairs = [_pairs(_span(learner.history), leads) for learner in usable]
    kept = min(1.0, MOST_ROWS / max(sum(len(origin) for origin, _ in pairs), 1))
    rng = np.random.default_rng(seed)
    made = []
    for learner, (origin, day) in zip(usable, pairs, strict=True):
        chosen = np.flatnonzero(rng.random(len(origin)) < kept)
        made.append(_rows(learner, origin[chosen], day[chosen]))
    features, baseline, ratio = (np.concatenate(part) for part in zip(*made, strict=True))
    if not ratio.any():
        return None
    columns = np.flatnonzero(~np.isnan(features).all(axis=0))
    edges = [_edges(features[:: max(len(features) // EDGE_ROWS, 1), column]) for column in columns]
    weight = 1 / (1 / baseline + SPREAD)
    make: Any = ensemble.HistGradientBoostingRegressor
    model = make(**TREES, random_state=seed)
    with one_thread("openmp"):
        model.fit(_binned(features[:, columns], edges), ratio, sample_weight=weight / weight.mean())
    return Booster(model, columns, edges)


def _look(ahead: Ahead) -> tuple[Floats, Floats]:
    """Baseline, (days,), and features, (days, features), of days ahead."""
    past = Past.of(ahead.history)
    day = (ahead.days - past.first).astype(np.int64)
    origin = np.full(len(day), past.size)
    return past.baseline(origin, day), past.features(origin, day, ahead.days, ahead.group, ahead.factors)


def _edges(values: Floats) -> Floats:
    """Quantiles that cut a feature into BINS. scikit-learn would find weighted ones, which takes longer than the trees."""
    known = values[~np.isnan(values)]
    return np.unique(np.quantile(known, np.arange(1, BINS) / BINS)) if len(known) else known


def _binned(features: Floats, edges: list[Floats]) -> Floats:
    """The bin of each value; NaN stays NaN. Shape as `features`."""
    bins = np.column_stack([np.searchsorted(edge, features[:, column]) for column, edge in enumerate(edges)])
    return np.where(np.isnan(features), np.nan, bins.astype(np.float64))


def _long_enough(history: Cleaned) -> bool:
    return bool(len(history.days)) and _span(history) >= SHORTEST_DAYS


def _span(history: Cleaned) -> int:
    """Days from the first to the end."""
    return int((history.end - history.days[0]).astype(np.int64))


def _pairs(size: int, leads: Index) -> tuple[Index, Index]:
    """Every past origin with every day it looks at, both counted from the first day of a history of `size` days."""
    origins = np.arange(size - 1, FIRST_ORIGIN_DAYS - 1, -ORIGIN_STEP_DAYS)
    return np.repeat(origins, len(leads)), (origins[:, None] + leads).ravel()


def _rows(learner: Learner, origin: Index, day: Index) -> tuple[Floats, Floats, Floats]:
    """Features, baseline and actual / baseline for pairs of past origin and day, as far as the day was recorded."""
    history = learner.history
    past = Past.of(history)
    where = np.full(past.size, -1)
    where[(history.days - past.first).astype(np.int64)] = np.arange(len(history.days))
    known = day < past.size
    known[known] = where[day[known]] >= 0
    origin, day = origin[known], day[known]
    found = where[day]
    baseline = past.baseline(origin, day)
    features = past.features(origin, day, history.days[found], learner.group[found], learner.factors[found])
    enough = baseline >= SMALLEST_BASELINE
    ratio = np.clip(history.y[found] / np.maximum(baseline, SMALLEST_BASELINE), 0.0, LARGEST_RATIO)
    return features[enough], baseline[enough], ratio[enough]
