"""How long a part of the engine may go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isinf

from wfm.progress import Stop, never


@dataclass(frozen=True)
class Budget:
    """`left()` seconds of wall time, infinite where only counts limit (then the same seed gives the same plan); `stop` asks to
    end sooner.
    """

    left: Callable[[], float] = lambda: inf
    stop: Stop = never

    @property
    def over(self) -> bool:
        return self.left() <= 0 or self.stop()

    def share(self, seconds: float) -> float:
        """Seconds for one solver call that should take at most `seconds`: without a clock, no limit at all."""
        left = self.left()
        return inf if isinf(left) else max(0.01, min(seconds, left))


UNLIMITED = Budget()
"""For runs that count rounds."""
