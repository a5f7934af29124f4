"""Reading a contact history that was not made for us: one row per series and interval, refused with every fault listed."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from data.ingest.problems import Problems
from wfm.errors import CaseError, Problem

COLUMNS = ("series", "ds", "y")
MIN_DAYS = 56
"""Days of history below which no weekly pattern can be learnt."""


@dataclass(frozen=True)
class Foreign:
    """`rows` has columns series (text), ds (naive wall time of the market) and y (float), sorted, no interval twice."""

    rows: pd.DataFrame
    interval_minutes: int


def read_foreign(path: Path) -> Foreign:
    """Read a CSV (`,` or `;`) or parquet file with columns `series, ds, y`: name of the queue, local wall time at which
    the interval starts, contacts in it. Raises CaseError with all problems found.
    """
    table = path.name
    raw = _load(path)
    if missing := [column for column in COLUMNS if column not in raw.columns]:
        found = ", ".join(map(str, raw.columns)) or "none"
        raise CaseError(
            [
                Problem(
                    table, 1, column, None, f"column missing (found: {found})", "Name the columns series, ds and y."
                )
                for column in missing
            ]
        )
    if raw.empty:
        raise CaseError([Problem(table, None, None, None, "no rows", "Give at least eight weeks of intervals.")])
    checks = _Checks(table, raw)
    series = raw["series"].astype("string").str.strip()
    checks.note("series", series.isna() | (series == ""), "empty", "Name the queue in every row.")
    ds = _moments(raw["ds"])
    mend = "Write wall time of the market without offset, such as 2011-01-03 08:30."
    checks.note("ds", ds.isna(), "not a local date and time", mend)
    y = pd.to_numeric(raw["y"], errors="coerce").astype("float64")
    finite = pd.Series(np.isfinite(y), index=raw.index)
    checks.note("y", ~finite, "not a number", "Write contacts as a number; drop intervals not recorded.")
    checks.note("y", finite & (y < 0), "negative", "A volume is at least 0: correct or drop the row.")
    rows = pd.DataFrame({"series": series, "ds": ds, "y": y})
    twice = ds.notna() & rows.duplicated(["series", "ds"])
    checks.note("ds", twice, "interval given twice for its series", "Keep one row per series and interval.")
    minutes = _interval(checks, ds)
    known = ds.dropna()
    if len(known) and (known.max() - known.min()).days < MIN_DAYS:
        reason = f"covers {(known.max() - known.min()).days} days"
        checks.whole("ds", reason, f"Give at least {MIN_DAYS} days, so that weeks can be learnt.")
    problems = checks.problems
    if not problems and not (y > 0).any():
        checks.whole("y", "no contacts at all", "Give a history with contacts.")
    if problems:
        raise CaseError(problems.listed())
    return Foreign(rows.sort_values(["series", "ds"], ignore_index=True), minutes)


def _load(path: Path) -> pd.DataFrame:
    """The raw table; every CSV cell as text."""
    try:
        if path.suffix == ".parquet":
            return pd.read_parquet(path)
        with path.open(encoding="utf-8-sig", newline="") as file:
            separator = ";" if file.readline().count(";") > 1 else ","
        return pd.read_csv(path, sep=separator, encoding="utf-8-sig", dtype="string", keep_default_na=False)
    except (OSError, ValueError, csv.Error) as error:
        reason = f"cannot be read: {str(error).splitlines()[0]}"
        raise CaseError(
            [Problem(path.name, None, None, None, reason, "Give a CSV file in UTF-8 or a parquet file.")]
        ) from error


def _moments(raw: pd.Series) -> pd.Series:
    """Naive moments; NaT where the cell is none or carries an offset."""
    if isinstance(raw.dtype, np.dtype) and raw.dtype.kind == "M":
        return raw
    text = raw.astype("string").str.strip().str.replace("T", " ", n=1)
    plain = text.str.fullmatch(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2}(\.0+)?)?")
    return pd.to_datetime(text.where(plain.fillna(value=False)), errors="coerce", format="ISO8601")


class _Checks:
    """Collects the faults of one file."""

    def __init__(self, table: str, raw: pd.DataFrame) -> None:
        self.problems = Problems()
        self._table = table
        self._raw = raw

    def note(self, column: str, bad: pd.Series, reason: str, mend: str) -> None:
        """One problem per bad row; rows are counted as a spreadsheet shows them, the header being row 1."""
        for index in np.flatnonzero(bad.to_numpy(dtype=bool, na_value=False)):
            value = str(self._raw[column].iloc[index])
            self.problems.add(self._table, int(index) + 2, column, value, reason=reason, mend=mend)

    def whole(self, column: str, reason: str, mend: str) -> None:
        """A problem of a column as a whole."""
        self.problems.add(self._table, None, column, None, reason=reason, mend=mend)


def _interval(checks: _Checks, ds: pd.Series) -> int:
    """Minutes of an interval: 15 or 30, read off the minutes past the hour that occur."""
    minutes = ds.dt.minute + ds.dt.second / 60.0
    off = ds.notna() & (minutes % 15 != 0)
    mend = "Add up contacts per half-hour (or quarter-hour) that starts on the half (or quarter)."
    checks.note("ds", off, "not the start of a quarter- or half-hour", mend)
    seen = set(minutes[ds.notna() & ~off])
    if seen == {0.0}:
        checks.whole("ds", "intervals are an hour or longer", "Give intervals of 15 or 30 minutes.")
    return 30 if seen <= {0.0, 30.0} else 15
