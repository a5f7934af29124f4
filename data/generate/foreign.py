"""A tidy history that a case can be built around: half-hours or quarter-hours, at least eight weeks of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from data.ingest.tidy import TidyChecks

MIN_DAYS = 56
"""Days of history below which no weekly pattern can be learnt."""


@dataclass(frozen=True)
class Foreign:
    """`rows` has columns series (text), ds (naive wall time of the market) and y (float), sorted, no interval twice."""

    rows: pd.DataFrame
    interval_minutes: int


def read_foreign(path: Path) -> Foreign:
    """Read a file as `data.ingest.tidy.read_tidy` does, but without gaps in `y`, in intervals of 15 or 30 minutes none of
    which comes twice, over at least MIN_DAYS. Raises CaseError with all problems found.
    """
    checks = TidyChecks.of(path, gaps=False)
    checks.note_twice()
    ds = checks.rows["ds"]
    minutes = _interval(checks, ds)
    known = ds.dropna()
    if len(known) and (known.max() - known.min()).days < MIN_DAYS:
        reason = f"covers {(known.max() - known.min()).days} days"
        checks.whole("ds", reason, f"Give at least {MIN_DAYS} days, so that weeks can be learnt.")
    return Foreign(checks.finished(), minutes)


def _interval(checks: TidyChecks, ds: pd.Series) -> int:
    """Minutes of an interval: 15 or 30, read off the minutes past the hour that occur."""
    minutes = ds.dt.minute + ds.dt.second / 60.0
    off = ds.notna() & (minutes % 15 != 0)
    mend = "Add up contacts per half-hour (or quarter-hour) that starts on the half (or quarter)."
    checks.note("ds", off, "not the start of a quarter- or half-hour", mend)
    seen = set(minutes[ds.notna() & ~off])
    if seen == {0.0}:
        checks.whole("ds", "intervals are an hour or longer", "Give intervals of 15 or 30 minutes.")
    return 30 if seen <= {0.0, 30.0} else 15
