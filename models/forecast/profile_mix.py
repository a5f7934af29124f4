"""The shares of slots per weekday as a mixture of candidates, weighed by how well each would have told the last weeks.

Candidates differ in memory and in what they pool (the weekday, its kind of day, all days). Small queues need long memories and
pooling, changing ones short memories; the mixture finds out. It is least squares in units of Poisson noise over non-negative
weights ("stacking", Breiman 1996), leaning on equal weights.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from models.forecast.opening import WEEKS, in_use
from models.forecast.series import Days, Floats, weekdays

CANDIDATES = (
    ("weekday", 20.0), ("weekday", 60.0), ("weekday", 180.0), ("weekday", 400.0),
    ("kind", 20.0), ("kind", 90.0), ("all", 90.0),
)  # fmt: skip
"""What is pooled, and the half-life in days."""
POOLS = {"weekday": np.arange(7), "kind": np.array([0, 0, 0, 0, 0, 1, 2]), "all": np.zeros(7, dtype=np.int64)}
"""Weekdays with the same number are pooled. Kinds: Monday to Friday, Saturday, Sunday."""
CUTS = 8
CUT_STEP_DAYS = 14
HORIZON_DAYS = 28
SHORTEST_DAYS = 28
LEAN = 30.0
"""Precision with which weights lean on equal ones, against unit noise of the counts."""
SMALLEST_VARIANCE = 0.05


def mixed_shares(days: Days, y: Floats, usable: NDArray[np.bool_], end: np.datetime64) -> tuple[Floats, float | None]:
    """Shares per weekday at `end`, rows summing to 1, or to 0 without any volume, shape (7, slots); and the variance of a slot
    beyond Poisson, relative to its squared mean, given the day's total, as such shares missed later days: None when never.

    `y[d, s]`: volumes, NaN where not recorded; `usable[d]`: normal, recorded days.
    """
    cuts = end - np.arange(CUTS + 1) * CUT_STEP_DAYS
    cuts = cuts[(cuts == end) | ((cuts - days[0]).astype(np.int64) >= SHORTEST_DAYS)]
    made = _candidates(days, y, usable, cuts)
    told = []
    for cut, rows in enumerate(_later(days, usable, cuts)):
        if cut and len(rows):
            volume, seen = np.nan_to_num(y[rows]), ~np.isnan(y[rows])
            shares = _normalised(made[:, cut][:, weekdays(days[rows])] * seen)
            told.append((shares * volume.sum(axis=1, keepdims=True), volume))
    weight = _weights(told)
    # The whiff of every candidate decides only for weekdays never worked, of which the favoured ones know nothing.
    return _normalised(np.tensordot(weight + 1e-9, made[:, 0], 1)), _overdispersion(told, weight)


def _candidates(days: Days, y: Floats, usable: NDArray[np.bool_], cuts: Days) -> Floats:
    """Shares as each candidate would have told them at each cut. Shape (candidates, cuts, 7, slots)."""
    seen = (~np.isnan(y)).astype(np.float64)
    volume = np.nan_to_num(y)
    weekday = weekdays(days)
    age = (cuts[:, None] - days).astype(np.int64)
    rows = {
        pool: [np.flatnonzero(group[weekday] == one) for one in range(group.max() + 1)] for pool, group in POOLS.items()
    }
    parts = {pool: [(mine, seen[mine], volume[mine]) for mine in groups] for pool, groups in rows.items()}

    def rates(memory: Floats, pool: str) -> Floats:
        """Mean volume per slot; a slot not recorded on most of the days was closed then, and counts as empty."""
        made = []
        for mine, known, contacts in parts[pool]:
            weight = memory[:, mine]
            total, found = weight.sum(axis=1, keepdims=True), weight @ known
            base = np.where(found >= total / 2, found, total)
            made.append(np.divide(weight @ contacts, base, out=np.zeros_like(base), where=base > 0))
        return np.stack(made, axis=1)[:, POOLS[pool]]

    past = (age > 0) & usable
    recent = (past & (age <= WEEKS * 7)).astype(np.float64)
    recent = np.where(recent.any(axis=1, keepdims=True), recent, past)
    used = in_use(np.stack([recent[:, mine] @ contacts for mine, _, contacts in parts["weekday"]], axis=1))
    for pool in ("kind", "all"):  # a weekday never worked looks like its kind, or like any day
        used = np.where(used.any(axis=2, keepdims=True), used, rates(recent, pool) > 0)
    return np.array(
        [
            _normalised(rates(np.where(past, 0.5 ** (age / half_life), 0.0), pool) * used)
            for pool, half_life in CANDIDATES
        ]
    )


def _later(days: Days, usable: NDArray[np.bool_], cuts: Days) -> list[NDArray[np.int64]]:
    """Rows of the usable days in the horizon after each cut."""
    return [np.flatnonzero(usable & (days >= cut) & (days < cut + HORIZON_DAYS)) for cut in cuts]


def _weights(told: list[tuple[Floats, Floats]]) -> Floats:
    """Weight of each candidate, summing to 1, shape (candidates,). `told`: per cut what each candidate made of later days, given
    their totals, (candidates, days, slots), and what came, (days, slots).
    """
    count = len(CANDIDATES)
    gram, target = np.zeros((count, count)), np.zeros(count)
    misfit, cells = 0.0, 0
    for expected, volume in told:
        mean = expected.mean(axis=0)
        scale = np.where(mean > 0, 1 / np.sqrt(np.maximum(mean, SMALLEST_VARIANCE)), 0.0)
        columns, wanted = (expected * scale).reshape(count, -1), (volume * scale).ravel()
        gram += columns @ columns.T
        target += columns @ wanted
        misfit += float(((wanted - columns.mean(axis=0)) ** 2).sum())
        cells += int((scale > 0).sum())
    if not cells:
        return np.full(count, 1 / count)
    lean = LEAN * max(misfit / cells, 1.0)
    # A heavy row of ones makes the weights sum to nearly 1.
    heavy = 1e3 * float(np.trace(gram)) / count
    root = np.linalg.cholesky(gram + heavy + lean * np.eye(count))
    weight, _ = nnls(root.T, np.linalg.solve(root, target + heavy + lean / count))
    return np.asarray(weight / weight.sum())


def _overdispersion(told: list[tuple[Floats, Floats]], weight: Floats) -> float | None:
    """Moment estimate of phi in Var(y) = m + phi m² around what the mixture made of later days."""
    excess = squares = 0.0
    for expected, volume in told:
        mean = np.tensordot(weight, expected, 1)
        excess += float(((volume - mean) ** 2 - mean).sum())
        squares += float((mean**2).sum())
    return float(np.clip(excess / squares, 0.0, 2.0)) if squares > 0 else None


def _normalised(rates: Floats) -> Floats:
    sums = rates.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(rates, sums, out=np.zeros_like(rates), where=sums > 0))
