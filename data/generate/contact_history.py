"""Random contact histories around expected demand: gamma day levels, Poisson counts, binomial reach."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from data.generate.demand import SLOTS, expected, open_slots
from data.generate.lines import MAX_ATTEMPTS, REACH, Line
from data.generate.load import attempts_per_record
from wfm.clock import PARIS, zone

COMMON_CV = 0.03
"""What moves all lines on a day (weather, news)."""
ABANDONED = 0.04
HANDLING_CV = 0.7


def draw(line: Line, base: float, days: list[date], seed: tuple[int, int]) -> pd.DataFrame:
    """One row per open half-hour of the last `history_weeks` of `days`, in the columns of the history table; `base` is the
    expected volume of an ordinary open day at the first of the days.
    """
    rng = np.random.default_rng(seed)
    # Every line draws the same common factor: it depends on the case's seed alone.
    common = _gamma(np.random.default_rng(seed[0]), COMMON_CV, len(days))
    level = base * common * _gamma(rng, line.day_cv, len(days))
    mean = expected(line, days, days[0]) * level[:, None]
    start = days[-1] + timedelta(days=1) - timedelta(weeks=line.history_weeks)
    frames = []
    for index, day in enumerate(days):
        slots = open_slots(line, day)
        if slots and day >= start:
            columns = (
                _outbound(rng, mean[index], slots)
                if line.channel == "outbound"
                else _arrivals(rng, line, mean[index], slots)
            )
            years = (day - days[0]).days / 365.25
            columns["aht_seconds"] = _aht(rng, line.aht * (1.0 + line.aht_drift * years), columns["handled"])
            columns["interval_start"] = _instants(day, slots)
            frames.append(pd.DataFrame(columns))
    history = pd.concat(frames, ignore_index=True)
    history.insert(0, "campaign", line.id)
    return history


def _gamma(rng: np.random.Generator, cv: float, size: int) -> np.ndarray:
    """Factors with mean 1 and the given coefficient of variation."""
    return rng.gamma(1.0 / cv**2, cv**2, size)


def _arrivals(rng: np.random.Generator, line: Line, mean: np.ndarray, slots: list[int]) -> dict[str, object]:
    """Inbound and deferrable: offered and handled; callers hang up a little more in busy half-hours."""
    offered = rng.poisson(mean[slots])
    lost = ABANDONED if line.channel == "inbound" else 0.0
    busy = mean[slots] / max(float(mean.max()), 1e-9)
    handled = offered - rng.binomial(offered, lost * (0.5 + busy))
    return {"volume": offered, "handled": handled}


def _outbound(rng: np.random.Generator, mean: np.ndarray, slots: list[int]) -> dict[str, object]:
    """Records are loaded in tens, dialled through the day, and answered best in the evening."""
    records = np.zeros(SLOTS, dtype=np.int64)
    loaded = np.flatnonzero(mean)
    records[loaded] = 10 * rng.poisson(mean[loaded] / 10.0)
    pace = rng.dirichlet(np.full(len(slots), 60.0))
    attempts = rng.poisson(records.sum() * attempts_per_record(REACH, MAX_ATTEMPTS) * pace)
    evening = np.where(np.array(slots) >= 35, 1.15, 0.93)
    contacts = rng.binomial(attempts, REACH * evening)
    return {"handled": contacts, "records_loaded": records[slots], "attempts": attempts, "contacts": contacts}


def _aht(rng: np.random.Generator, mean: float, handled: object) -> np.ndarray:
    """Mean handling time of each half-hour in whole seconds; NaN where nothing was handled."""
    count = np.asarray(handled)
    drawn = rng.normal(mean, mean * HANDLING_CV / np.sqrt(np.maximum(count, 1)))
    return np.where(count > 0, np.round(np.clip(drawn, 0.3 * mean, 3.0 * mean)), np.nan)


def _instants(day: date, slots: list[int]) -> list[str]:
    """ISO 8601 with the offset of Paris, of half-hours of a day."""
    midnight = datetime.combine(day, datetime.min.time())
    walls = [midnight + timedelta(minutes=30 * slot) for slot in slots]
    return [wall.replace(tzinfo=zone(PARIS)).isoformat(timespec="minutes") for wall in walls]
