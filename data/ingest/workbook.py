"""From a workbook to the same records as CSV files give, every cell written out as canonical text."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from data.ingest.problems import Problems
from data.ingest.text import Record


def read_workbook(path: Path, problems: Problems) -> dict[str, list[Record]]:
    """Sheet name to records; record i is row i + 1 of the sheet, blank and comment rows are ()."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(path)
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (CalamineError, OSError) as error:
        mend = "Save it as .xlsx without a password; if it was copied or sent, do that again: it may be cut short."
        problems.add("case", None, None, path.name, reason=f"not a readable workbook: {error}", mend=mend)
        return {}
    return {name: [_record(row) for row in rows] for name, rows in sheets.items()}


def _record(row: list[Any]) -> Record:
    cells = tuple(_cell(value) for value in row)
    return () if cells and cells[0].lstrip().startswith("#") else cells


def _cell(value: Any) -> str:
    """Text of one cell. Spreadsheets keep times as fractions of a day, so they are rounded to the second."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        value = (value + timedelta(milliseconds=500)).replace(microsecond=0)
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    return str(value)
