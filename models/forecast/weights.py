"""How much each member counts: by what it would have missed lately, leaning on equal weights while little is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.forecast.series import Floats

POWER = 6.0
"""With evidence without end, a member that misses 10 % more than another would weigh little more than half as much."""
PSEUDO_TRIALS = 2.0
"""Members lean on equal weights as if so many more trials had found no difference: one month's winner is often chance."""
SMALLEST_MISS = 0.005


@dataclass(frozen=True, eq=False)
class Trial:
    """One back-test inside the history: daily volumes that came, shape (days,), and what members would have forecast."""

    actual: Floats
    means: Mapping[str, Floats]

    def misses(self) -> dict[str, float]:
        """Sum of absolute errors / sum of volume, per member."""
        volume = max(float(self.actual.sum()), 1.0)
        return {name: float(np.abs(mean - self.actual).sum()) / volume for name, mean in self.means.items()}

    def log_misses(self, weights: Mapping[str, float]) -> Floats:
        """Log ratios actual / weighted mean of the members that took part. Shape (days,)."""
        total = sum(weights[name] for name in self.means)
        if total <= 0:
            return np.empty(0)
        mean = sum((weights[name] / total * mean for name, mean in self.means.items()), np.zeros(len(self.actual)))
        # Half a contact keeps empty days finite; what it hides is smaller than the Poisson noise of such days.
        return np.asarray(np.log((self.actual + 0.5) / (mean + 0.5)))


@dataclass(frozen=True)
class Weighing:
    """`weights` sum to 1; `misses`: mean daily miss of the members that were tried, as a share of volume."""

    weights: dict[str, float]
    misses: dict[str, float]
    trials: int

    def __str__(self) -> str:
        shares = ", ".join(f"{name} .{round(100 * weight):02d}" for name, weight in self.weights.items())
        if len(self.weights) == 1:
            return f"{next(iter(self.weights))} alone (history too short or flat for the others)"
        if not self.misses:
            return f"{shares}; history too short to weigh them"
        found = ", ".join(f"{name} {100 * miss:.0f} %" for name, miss in self.misses.items())
        times = f"{self.trials} back-test{'s' * (self.trials != 1)}"
        return f"{shares}, because in {times} they missed by {found} of daily volume"


def weigh(members: Sequence[str], trials: Sequence[Trial]) -> Weighing:
    """Weights of `members` from their misses in `trials`, in some of which dearer members may not have taken part.

    A member's weight is (its miss / that of the members of every trial) to the power -POWER x n / (n + PSEUDO_TRIALS), where n
    counts its trials, so one that was never tried counts as middling.
    """
    scored = [(trial.misses(), trial) for trial in trials if trial.actual.any()]
    usual = [name for name in members if all(name in misses for misses, _ in scored)] or list(members)
    logs: dict[str, list[float]] = {name: [] for name in members}
    seen: dict[str, list[float]] = {name: [] for name in members}
    for misses, _ in scored:
        base = float(np.mean([misses[name] for name in usual if name in misses] or [SMALLEST_MISS]))
        for name in members:
            if name in misses:
                seen[name].append(misses[name])
                logs[name].append(float(np.log(max(misses[name], SMALLEST_MISS) / max(base, SMALLEST_MISS))))
    strength = np.array([-POWER * sum(found) / (len(found) + PSEUDO_TRIALS) for found in logs.values()])
    raw = np.exp(strength - strength.max(initial=-np.inf)) if len(strength) else strength
    return Weighing(
        {name: float(weight) for name, weight in zip(members, raw / raw.sum(), strict=True)} if len(raw) else {},
        {name: float(np.mean(found)) for name, found in seen.items() if found},
        len(scored),
    )
