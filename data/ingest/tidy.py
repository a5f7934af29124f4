"""Reading a tidy contact history, `series, ds, y`, that was not made for us: refused with every fault listed."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd

from data.ingest.problems import Problems
from wfm.errors import CaseError, Problem

COLUMNS = ("series", "ds", "y")
GRID_MINUTES = 5
PUT_BACK_BEFORE_HOUR = 4
"""Clocks are put back on a Sunday night: an interval may then come twice."""


def read_tidy(path: Path) -> pd.DataFrame:
    """Read a CSV (`,` or `;`) or parquet file with columns `series, ds, y`: name of the queue, local wall time (or day) at
    which the interval starts, contacts in it. Intervals of any length that divides the day; a row without `y` was not
    recorded and is left out.

    Returns columns series (text), ds (naive wall time) and y (float), sorted. Raises CaseError with all problems found.
    """
    checks = TidyChecks.of(path, gaps=True)
    ds = checks.rows["ds"]
    minutes = ds.dt.minute + ds.dt.second / 60.0
    mend = f"Start intervals on multiples of {GRID_MINUTES} minutes."
    checks.note("ds", ds.notna() & (minutes % GRID_MINUTES != 0), "not the start of an interval", mend)
    night = (ds.dt.day_of_week == 6) & (ds.dt.hour < PUT_BACK_BEFORE_HOUR)
    checks.note_twice(allowed=night)
    return checks.finished()


class TidyChecks:
    """The `rows` of a file, in its order, and the faults found so far."""

    def __init__(self, table: str, raw: pd.DataFrame, rows: pd.DataFrame) -> None:
        self.problems = Problems()
        self.rows = rows
        self._table = table
        self._raw = raw

    @classmethod
    def of(cls, path: Path, *, gaps: bool) -> TidyChecks:
        """Read the file and check each cell by itself; with `gaps` an empty `y` is none. Raises CaseError without columns or
        rows.
        """
        raw = _load(path)
        if missing := [column for column in COLUMNS if column not in raw.columns]:
            found = ", ".join(map(str, raw.columns)) or "none"
            reason, mend = f"column missing (found: {found})", "Name the columns series, ds and y."
            raise CaseError([Problem(path.name, 1, column, None, reason, mend) for column in missing])
        if raw.empty:
            raise CaseError(
                [Problem(path.name, None, None, None, "no rows", "Give at least eight weeks of intervals.")]
            )
        series = raw["series"].astype("string").str.strip()
        y = pd.to_numeric(raw["y"], errors="coerce").astype("float64")
        made = cls(path.name, raw, pd.DataFrame({"series": series, "ds": _moments(raw["ds"]), "y": y}))
        made.note("series", series.isna() | (series == ""), "empty", "Name the queue in every row.")
        mend = "Write wall time of the market without offset, such as 2011-01-03 08:30."
        made.note("ds", made.rows["ds"].isna(), "not a local date and time", mend)
        finite = pd.Series(np.isfinite(y), index=raw.index)
        empty = raw["y"].isna() | raw["y"].astype("string").str.strip().isin(["", "NA", "NaN", "nan"])
        unusable = ~finite & ~empty if gaps else ~finite
        made.note("y", unusable, "not a number", "Write contacts as a number; drop intervals not recorded.")
        made.note("y", finite & (y < 0), "negative", "A volume is at least 0: correct or drop the row.")
        return made

    def note(self, column: str, bad: pd.Series, reason: str, mend: str) -> None:
        """One problem per bad row; rows are counted as a spreadsheet shows them, the header being row 1."""
        for index in np.flatnonzero(bad.to_numpy(dtype=bool, na_value=False)):
            value = str(self._raw[column].iloc[index])
            self.problems.add(self._table, int(index) + 2, column, value, reason=reason, mend=mend)

    def note_twice(self, allowed: pd.Series | None = None) -> None:
        """Intervals given twice for their series, but for those `allowed` to be."""
        twice = self.rows["ds"].notna() & self.rows.duplicated(["series", "ds"])
        if allowed is not None:
            twice &= ~allowed
        self.note("ds", twice, "interval given twice for its series", "Keep one row per series and interval.")

    def whole(self, column: str, reason: str, mend: str) -> None:
        """A problem of a column as a whole."""
        self.problems.add(self._table, None, column, None, reason=reason, mend=mend)

    def finished(self) -> pd.DataFrame:
        """The rows that have contacts counted, sorted. Raises CaseError when anything was found, or no contact at all."""
        if not self.problems and not (self.rows["y"] > 0).any():
            self.whole("y", "no contacts at all", "Give a history with contacts.")
        if self.problems:
            raise CaseError(self.problems.listed())
        return self.rows.dropna(subset="y").sort_values(["series", "ds"], ignore_index=True)


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
    plain = text.str.fullmatch(r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(:\d{2}(\.0+)?)?)?")
    return pd.to_datetime(text.where(plain.fillna(value=False)), errors="coerce", format="ISO8601")
