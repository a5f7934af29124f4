"""Writing a case folder: one CSV file per table of `data.ingest.tables`, byte for byte the same for the same rows."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from pathlib import Path

import pandas as pd

from data.ingest.tables import HISTORY, TABLES, Table

Row = Mapping[str, object]
Tables = Mapping[str, Sequence[Row]]


def write_case(out: Path, tables: Tables, history: pd.DataFrame) -> None:
    """Write `tables` (table name to rows, each a mapping from column to value) and `history` (columns of the history
    table) to the folder `out`, which is made if need be; tables of an earlier case in it are replaced.

    History is written as `history.csv.gz` with no time stamp inside. Optional tables without rows are left out.
    Raises KeyError for a table or column that the format does not have.
    """
    names = {table.name for table in TABLES} - {HISTORY.name}
    if unknown := set(tables) - names:
        raise KeyError(f"Not tables of the case format: {sorted(unknown)}")
    out.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        (out / f"{table.name}.csv").unlink(missing_ok=True)
        rows = tables.get(table.name, ())
        if table is not HISTORY and (rows or table.required):
            (out / f"{table.name}.csv").write_bytes(_csv(table, rows).encode())
    columns = [column.name for column in HISTORY.columns]
    text = history.reindex(columns=columns).to_csv(index=False, lineterminator="\n", float_format="%.10g")
    (out / "history.csv.gz").write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def _csv(table: Table, rows: Sequence[Row]) -> str:
    """The table as CSV text with a header."""
    columns = [column.name for column in table.columns]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        if unknown := set(row) - set(columns):
            raise KeyError(f"Table {table.name} has no columns {sorted(unknown)}")
        writer.writerow([_text(row.get(column)) for column in columns])
    return buffer.getvalue()


def _text(value: object) -> str:
    """A value as the format spells it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat(timespec="minutes")
        case time():
            return f"{value:%H:%M}"
        case float():
            return f"{value:.10g}"
        case _:
            return str(value)
