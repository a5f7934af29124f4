"""The tables of a case as they were sent, but for its history: what a planner changes afterwards, a row at a time."""

from __future__ import annotations

from datetime import time

from data.ingest.draft import Draft
from data.ingest.sources import Sheet
from data.ingest.tables import HISTORY, TABLE_BY_NAME, TABLES
from wfm.override import Override

SourceRow = dict[str, str]
"""Column to text, without empty cells."""
SourceTables = dict[str, list[SourceRow]]
"""Table to rows, in file order; an optional table that is absent has none."""


def source_tables(draft: Draft) -> SourceTables:
    """The texts of a draft, with decimal points."""
    decimals = {
        table.name: {column.name for column in table.columns if column.kind in {"number", "money", "share"}}
        for table in TABLES
    }
    return {
        table.name: [
            {
                name: text.replace(",", ".") if name in decimals[table.name] else text
                for name, text in row.texts.items()
                if text
            }
            for row in draft.rows(table.name)
        ]
        for table in TABLES
        if table is not HISTORY
    }


def sheet(name: str, rows: list[SourceRow]) -> Sheet:
    """A table as if it had been read: row i of `rows` is line i + 2."""
    columns = [column.name for column in TABLE_BY_NAME[name].columns]
    records = [tuple(row.get(column, "") for column in columns) for row in rows]
    return Sheet([tuple(columns), *records], None)


def with_overrides(tables: SourceTables, overrides: tuple[Override, ...]) -> SourceTables:
    """The same tables with other overrides."""
    rows = []
    for override in overrides:
        cells = {name: value for name, value in override.model_dump().items() if value is not None}
        rows.append({name: _text(value) for name, value in cells.items()})
    return tables | {"overrides": rows}


def _text(value: object) -> str:
    return f"{value:%H:%M}" if isinstance(value, time) else repr(value) if isinstance(value, float) else str(value)
