"""Series done and time left, in words."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from wfm.progress import OnProgress, Progress


class Meter:
    """Counts series of the stage "forecast"; `clock` gives seconds."""

    def __init__(self, total: int, on_progress: OnProgress, clock: Callable[[], float] = monotonic) -> None:
        self.total = total
        self.done = 0
        self._tell = on_progress
        self._clock = clock
        self._begun = clock()

    def start(self) -> None:
        self._tell(Progress(stage="forecast", fraction=0.0, message=f"0 of {self.total} series"))

    def add(self, count: int) -> None:
        """Time left is that of what is done, scaled: series differ less than machines do."""
        self.done += count
        message = f"{self.done} of {self.total} series"
        if 0 < self.done < self.total:
            left = (self._clock() - self._begun) * (self.total - self.done) / self.done
            message += f", about {duration(left)} left"
        self._tell(Progress(stage="forecast", fraction=self.done / max(self.total, 1), message=message))


def duration(seconds: float) -> str:
    """40 -> "40 s", 100 -> "2 min", 5000 -> "1 h 23 min"."""
    if seconds < 60:
        return f"{max(round(seconds), 1)} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"
