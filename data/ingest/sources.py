"""Which files or sheets a case consists of."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from data.ingest.problems import Problems
from data.ingest.tables import TABLE_BY_NAME, TABLES
from data.ingest.text import Record, read_text, split_records
from data.ingest.workbook import read_workbook


@dataclass(frozen=True)
class Sheet:
    """The records of one table; record i is row i + 1, blank lines and comments are ()."""

    records: list[Record]
    separator: str | None
    """None for a workbook."""


def read_sheets(path: Path, problems: Problems) -> dict[str, Sheet | None]:
    """The tables found in a folder of CSV files or an `.xlsx` workbook, None where one cannot be read. Missing and
    misspelt tables are noted.
    """
    if path.is_dir():
        return _folder(path, problems)
    if path.is_file() and path.suffix.lower() == ".xlsx":
        return _book(path, problems)
    reason = "neither a folder nor an .xlsx workbook" if path.exists() else "does not exist"
    mend = "Give the folder with the case's CSV files, or one .xlsx workbook with a sheet per table."
    problems.add("case", None, None, path.name, reason=reason, mend=mend)
    return {}


def _folder(path: Path, problems: Problems) -> dict[str, Sheet | None]:
    files = sorted(file for file in path.iterdir() if file.is_file())
    stems = {file.name: file.name.removesuffix(".gz").removesuffix(".csv") for file in files if _is_csv(file)}
    _check_names(stems.values(), stems.values(), ".csv", problems)
    sheets: dict[str, Sheet | None] = {}
    for name, stem in stems.items():
        if stem not in TABLE_BY_NAME:
            continue
        if stem in sheets:
            problems.add(stem, None, None, name, reason="the table is given twice", mend="Keep one of its files.")
            continue
        text = read_text(path / name, stem, problems)
        split = None if text is None else split_records(text, TABLE_BY_NAME[stem], problems)
        sheets[stem] = None if split is None else Sheet(*split)
    return sheets


def _book(path: Path, problems: Problems) -> dict[str, Sheet | None]:
    before = bool(problems)
    book = read_workbook(path, problems)
    if not book and bool(problems) != before:
        return {}
    _check_names(book, book, "", problems)
    return {name: Sheet(records, None) for name, records in book.items() if name in TABLE_BY_NAME}


def _is_csv(file: Path) -> bool:
    return file.name.lower().endswith(".csv") or file.name == "history.csv.gz"


def _check_names(found: Iterable[str], suspects: Iterable[str], suffix: str, problems: Problems) -> None:
    present = set(found)
    for name in suspects:
        stem = name.lower().removesuffix(".csv")
        close = [stem] if stem in TABLE_BY_NAME else difflib.get_close_matches(stem, TABLE_BY_NAME, 1, 0.8)
        if name not in TABLE_BY_NAME and close:
            mend = f"Rename it to {close[0]}{suffix}, or remove it."
            problems.add(close[0], None, None, name, reason="no table of the case has this name", mend=mend)
    for table in TABLES:
        if table.required and table.name not in present:
            mend = f"Add {table.name}{suffix}; docs/data-contract.md says what belongs in it."
            problems.add(table.name, None, None, None, reason="the table is missing", mend=mend)
