"""So many requests a second for each caller, and no more: one who loops does not keep the others waiting."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

PER_SECOND = 100.0
BURST_SECONDS = 5.0
"""A caller that was silent may send this many seconds' worth at once."""
MOST_CALLERS = 10_000
"""Those seen last are remembered; whoever was silent longest is forgotten, and so begins anew."""


class RateLimit:
    """A bucket of tokens for each name, filled at `per_second` up to `burst`. For one thread: that of the event loop."""

    def __init__(self, per_second: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def seconds_to_wait(self, name: str) -> float:
        """Take a token and return 0; without one, tell in how many seconds there will be one."""
        now = self._clock()
        tokens, at = self._buckets.pop(name, (self._burst, now))
        tokens = min(self._burst, tokens + (now - at) * self._per_second)
        enough = tokens >= 1
        self._buckets[name] = (tokens - 1 if enough else tokens, now)
        if len(self._buckets) > MOST_CALLERS:
            self._buckets.popitem(last=False)
        return 0.0 if enough else (1 - tokens) / self._per_second
