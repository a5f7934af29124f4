"""Tables with typed cells: each distinct text of a column is parsed once, so that long histories read fast."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.ingest.cells import Fault, parse
from data.ingest.personal import column_fault, value_fault
from data.ingest.problems import Problems
from data.ingest.sources import Sheet
from data.ingest.tables import Column, Table
from data.ingest.text import Record

_THOUSANDS = r"[1-9][0-9]{0,2}(,[0-9]{3})+"


@dataclass(frozen=True)
class ParsedColumn:
    """Row i says `texts[codes[i]]`, which means `meanings[codes[i]]`: a value, None for empty, or a Fault."""

    codes: NDArray[np.int64]
    texts: list[str]
    meanings: list[Any]

    @cached_property
    def floats(self) -> NDArray[np.float64]:
        """Numbers of all rows; NaN where empty or faulty. Shape (rows,)."""
        known = [float(v) if isinstance(v, (int, float)) else np.nan for v in self.meanings]
        return np.array(known, dtype=np.float64)[self.codes]

    @cached_property
    def empty(self) -> NDArray[np.bool_]:
        """Where cells are empty, not merely faulty. Shape (rows,)."""
        return np.array([value is None for value in self.meanings], dtype=bool)[self.codes]


@dataclass(frozen=True)
class Row:
    """One row: `cells` lacks the columns whose cell is faulty and holds None for empty ones."""

    table: str
    number: int
    cells: dict[str, Any]
    texts: dict[str, str]

    def __getitem__(self, column: str) -> Any:
        return self.cells[column]

    def get(self, column: str) -> Any:
        """The value; None where empty or faulty."""
        return self.cells.get(column)

    def has(self, *columns: str) -> bool:
        """Whether all these cells are filled and right."""
        return all(self.cells.get(column) is not None for column in columns)

    def empty(self, column: str) -> bool:
        """Whether the cell is empty (and not merely faulty)."""
        return column in self.cells and self.cells[column] is None


@dataclass(frozen=True)
class ParsedTable:
    """`numbers`: row numbers in the file, shape (rows,). `whole`: no row and no required column is missing or torn."""

    table: Table
    numbers: NDArray[np.int64]
    columns: dict[str, ParsedColumn]
    whole: bool

    @cached_property
    def rows(self) -> list[Row]:
        """All rows; for small tables, not for history."""
        return [self.row(place) for place in range(len(self.numbers))]

    def row(self, place: int) -> Row:
        cells, texts = {}, {}
        for name, column in self.columns.items():
            code = column.codes[place]
            texts[name] = column.texts[code]
            if not isinstance(column.meanings[code], Fault):
                cells[name] = column.meanings[code]
        return Row(self.table.name, int(self.numbers[place]), cells, texts)


def parse_table(table: Table, sheet: Sheet, problems: Problems) -> ParsedTable | None:
    """Check header, row lengths and every cell. None when there is no header."""
    filled = np.fromiter(map(any, sheet.records), dtype=bool, count=len(sheet.records))
    places = np.flatnonzero(filled)
    if not len(places):
        if sheet.records or not table.required:
            problems.add(
                table.name, None, None, None, reason="the table has no header", mend=f"Start with: {_header(table)}"
            )
        else:
            problems.add(table.name, None, None, None, reason="the file is empty", mend=f"Start with: {_header(table)}")
        return None
    header_row = int(places[0]) + 1
    header = [name.strip() for name in sheet.records[header_row - 1]]
    records = list(compress(sheet.records[header_row:], filled[header_row:]))
    numbers = places[1:].astype(np.int64) + 1
    if not records and table.required:
        problems.add(
            table.name, None, None, None, reason="the table is empty", mend="Add at least one row below the header."
        )
    records, numbers, torn = _even(table.name, header, records, numbers, problems)
    texts: list[Record] = list(zip(*records, strict=True)) if records else [()] * len(header)
    kept, whole = _header_columns(table, header, header_row, texts, problems)
    columns = {}
    for column in table.columns:
        if column.name in kept:
            parsed = _parse_column(column, texts[kept[column.name]])
            _note_faults(table.name, column, parsed, numbers, problems)
            _check_marks(table.name, column, parsed, numbers, problems, separator=sheet.separator)
            columns[column.name] = parsed
        else:
            columns[column.name] = ParsedColumn(np.zeros(len(numbers), dtype=np.int64), [""], [None])
    return ParsedTable(table, numbers, columns, whole and not torn and (bool(records) or not table.required))


def _header(table: Table) -> str:
    return ",".join(column.name for column in table.columns)


def _even(
    table: str, header: list[str], records: list[Record], numbers: NDArray[np.int64], problems: Problems
) -> tuple[list[Record], NDArray[np.int64], bool]:
    """Only the records as wide as the header; whether others were left out."""
    width = len(header)
    lengths = np.fromiter(map(len, records), dtype=np.int64, count=len(records))
    torn = False
    for place in np.flatnonzero(lengths != width):
        record = records[place]
        if not any(record[width:]) and len(record) > width:
            records[place] = record[:width]
            lengths[place] = width
            continue
        torn = True
        mend = "Give every column a cell; quote a text or number that contains the separator."
        reason = f"the row has {len(record)} cells, the header has {width}"
        problems.add(table, int(numbers[place]), None, None, reason=reason, mend=mend)
    even = lengths == width
    return list(compress(records, even)), numbers[even], torn


def _header_columns(
    table: Table, header: list[str], row: int, texts: list[Record], problems: Problems
) -> tuple[dict[str, int], bool]:
    """Place of each known column, and whether no required one is missing."""
    known = [column.name for column in table.columns]
    kept: dict[str, int] = {}
    for place, name in enumerate(header):
        if name in known and name not in kept:
            kept[name] = place
        elif name in known:
            problems.add(table.name, row, name, None, reason="the column is given twice", mend="Remove one of the two.")
        elif name or any(texts[place]):
            fault = column_fault(name) or Fault("no column of this table has this name", _suggest(name, known))
            problems.add(table.name, row, name, None, reason=fault.reason, mend=fault.mend)
    whole = True
    for column in table.columns:
        if column.required and column.name not in kept:
            whole = False
            problems.add(
                table.name, row, column.name, None, reason="the column is missing", mend=f"Add it: {column.doc}."
            )
    return kept, whole


def _suggest(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name.lower(), known, 1, 0.6)
    return f"Rename it to {close[0]}, or remove it." if close else f"Remove it; known are: {', '.join(known)}."


def _parse_column(column: Column, texts: Record) -> ParsedColumn:
    codes, distinct = pd.factorize(np.array(texts, dtype=object))
    stripped = [text.strip() for text in distinct]
    return ParsedColumn(codes.astype(np.int64), stripped, [_value(column, text) for text in stripped])


def _value(column: Column, text: str) -> Any:
    if text:
        fault = value_fault(text) if column.kind in ("text", "id") else None
        return fault or parse(text, column)
    return Fault("empty", f"Fill it in: {column.doc}.") if column.required else None


def _rows_with(parsed: ParsedColumn, codes: list[int]) -> Iterator[int]:
    return iter(np.flatnonzero(np.isin(parsed.codes, codes)).tolist())


def _note_faults(
    table: str, column: Column, parsed: ParsedColumn, numbers: NDArray[np.int64], problems: Problems
) -> None:
    faulty = [code for code, value in enumerate(parsed.meanings) if isinstance(value, Fault)]
    for place in _rows_with(parsed, faulty):
        code = parsed.codes[place]
        fault = parsed.meanings[code]
        problems.add(table, int(numbers[place]), column.name, parsed.texts[code], reason=fault.reason, mend=fault.mend)


def _check_marks(
    table: str,
    column: Column,
    parsed: ParsedColumn,
    numbers: NDArray[np.int64],
    problems: Problems,
    *,
    separator: str | None,
) -> None:
    """One decimal mark a column; and in a comma-separated file 1,234 is far more likely a thousand than a decimal."""
    if column.kind not in ("number", "money", "share"):
        return
    good = [code for code, value in enumerate(parsed.meanings) if not isinstance(value, Fault)]
    commas = [code for code in good if "," in parsed.texts[code]]
    points = [code for code in good if "." in parsed.texts[code]]
    if commas and points:
        place = next(_rows_with(parsed, commas))
        reason = "decimal points and decimal commas are mixed in this column"
        text = parsed.texts[parsed.codes[place]]
        problems.add(
            table, int(numbers[place]), column.name, text, reason=reason, mend="Use one decimal mark throughout."
        )
    elif commas and separator not in (";", "\t"):
        grouped = [code for code in commas if re.fullmatch(_THOUSANDS, parsed.texts[code])]
        for place in _rows_with(parsed, grouped):
            reason = "may be a thousand or a decimal"
            mend = "Write 1234 or 1.234 with a decimal point."
            problems.add(
                table, int(numbers[place]), column.name, parsed.texts[parsed.codes[place]], reason=reason, mend=mend
            )
