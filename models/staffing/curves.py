"""What every further agent brings, as straight pieces for an optimiser: contacts lost, and contacts answered in time.

Both are expectations over the forecast's rates, per campaign and interval, at whole numbers of agents; between them agents
are shared in time, so the pieces are exact everywhere. Lost contacts are convex in agents. Answered contacts are S-shaped:
concave above a service level of about 65 %, and below that no line through two points may be trusted, so pieces begin there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.staffing.erlang import performance

Floats = NDArray[np.float64]

FLOOR = 0.65
"""Service level from which on answered contacts are concave in agents (highest inflection found in 800 cases: 63 %)."""

_NEGLIGIBLE = 1e-9  # of the contacts: more agents than bring this many are not worth a piece


@dataclass(frozen=True, eq=False)
class Curve:
    """A piecewise linear function of agents. `agents` int64 and `values` float64, shape (n,), n >= 1, agents ascending.

    Left of the first agent the function is not defined by the pieces, right of the last it is constant.
    """

    agents: NDArray[np.int64]
    values: Floats

    @property
    def slopes(self) -> Floats:
        """Change per agent of each piece. Shape (n-1,)."""
        return np.asarray(np.diff(self.values) / np.diff(self.agents))

    def at(self, agents: ArrayLike) -> Floats:
        """Value at fractional agents; constant beyond both ends."""
        return np.asarray(np.interp(np.asarray(agents, dtype=np.float64), self.agents, self.values))

    def cuts(self) -> tuple[Floats, Floats]:
        """Slopes and intercepts of the pieces, shape (n-1,): a convex curve is the largest of intercept + slope x agents, a
        concave one the least.
        """
        return self.slopes, np.asarray(self.values[:-1] - self.slopes * self.agents[:-1])

    def thinned(self, tolerance: float) -> Curve:
        """Fewer pieces, none further than `tolerance` from this curve: for a convex curve never below it, for a concave one
        never above it, so nothing is promised that does not hold.
        """
        kept, first = [0], 0
        for last in range(2, len(self.agents)):
            inner = slice(first + 1, last)
            share = (self.agents[inner] - self.agents[first]) / (self.agents[last] - self.agents[first])
            chord = self.values[first] + share * (self.values[last] - self.values[first])
            if np.abs(chord - self.values[inner]).max() > tolerance:
                first = last - 1
                kept.append(first)
        if len(self.agents) > 1:
            kept.append(len(self.agents) - 1)
        return Curve(self.agents[kept], self.values[kept])


def lost_contacts(
    volume: float, loads: Floats, aht_seconds: float, patience_seconds: float, *, cost: float = 1.0
) -> Curve:
    """Expected cost of contacts lost in an interval as agents rise from 0: `cost` per contact, convex, falling.

    `volume`: expected contacts; `loads` (scenarios,): erlangs, equally probable. A busy scenario has more contacts to lose:
    h(n) = volume x E[load x P(abandon | n, load)] / E[load]. Infinite patience: what exceeds the agents' capacity for ever,
    max(0, 1 - n / load), is lost. The curve ends where further agents hardly save anything more.
    """
    if volume <= 0 or loads.max(initial=0.0) <= 0:
        return Curve(np.zeros(1, dtype=np.int64), np.zeros(1))
    agents = np.arange(_enough(loads) + 1)
    if patience_seconds == math.inf:
        share = np.maximum(0.0, 1.0 - agents[:, None] / np.where(loads > 0, loads, 1.0))
    else:
        share = performance(agents[:, None], loads, aht_seconds, 0.0, patience_seconds).abandonment
    values = cost * volume * _mean(share, loads)
    return _until(agents, values, values <= values[-1] + _NEGLIGIBLE * cost * volume)


def answered_contacts(
    volume: float,
    loads: Floats,
    aht_seconds: float,
    target_seconds: float,
    patience_seconds: float,
    *,
    floor: float = FLOOR,
) -> Curve:
    """Expected contacts answered within the target as agents rise, from the fewest that reach service level `floor`: concave.

    As in `lost_contacts`; contacts answered over `volume` is the service level (answered within target / offered). Where the
    curve's last inflection lies above `floor`, which uncertain rates may cause, it begins there instead.
    """
    if volume <= 0 or loads.max(initial=0.0) <= 0:
        return Curve(np.zeros(1, dtype=np.int64), np.zeros(1))
    agents = np.arange(_enough(loads) + 1)
    level = _mean(
        performance(agents[:, None], loads, aht_seconds, target_seconds, patience_seconds).service_level, loads
    )
    first = int(np.argmax(level >= floor))
    rising = np.flatnonzero(np.diff(level, 2) > _NEGLIGIBLE)
    if len(rising):
        first = max(first, int(rising[-1]) + 1)
    return _until(agents[first:], volume * level[first:], level[first:] >= level[-1] - _NEGLIGIBLE)


def _mean(share: Floats, loads: Floats) -> Floats:
    """Contacts' mean over scenarios: `share` (agents, scenarios) weighted by the loads."""
    return np.asarray((share * loads).sum(axis=1) / loads.sum())


def _enough(loads: Floats) -> int:
    """Agents at which practically nobody waits, whatever the target."""
    most = float(loads.max())
    return math.ceil(most + 8.0 * math.sqrt(most)) + 12


def _until(agents: NDArray[np.int64], values: Floats, done: NDArray[np.bool_]) -> Curve:
    """The curve up to the first point from which on it is `done`."""
    end = int(np.argmax(done)) + 1
    return Curve(agents[:end], values[:end])
