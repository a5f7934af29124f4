"""From the bytes of a CSV file to records: encoding, separator, comments, and nothing guessed silently."""

from __future__ import annotations

import csv
import gzip
import io
import re
import unicodedata
import zlib
from pathlib import Path

from data.ingest.problems import Problems
from data.ingest.tables import Table

Record = tuple[str, ...]

LARGEST_BYTES = 500_000_000
"""Per file, unpacked: some twelve million rows of history, and a bound on what a small hostile archive can claim."""

_COMMENT = re.compile(r'^"?[ \t]*#[^\n]*', re.MULTILINE)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SAVE_AS = "Save the file as UTF-8 (spreadsheets call it 'CSV UTF-8')."


def read_text(path: Path, table: str, problems: Problems) -> str | None:
    """The text of a UTF-8 file (plain or `.gz`, with or without BOM) in Unicode form NFC and with line ends as LF."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            raw = file.read(LARGEST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        problems.add(table, None, None, path.name, reason=f"cannot be read: {error}", mend="Write the file again.")
        return None
    if len(raw) > LARGEST_BYTES:
        reason = f"larger than {LARGEST_BYTES // 1_000_000} MB when unpacked"
        problems.add(table, None, None, path.name, reason=reason, mend="Leave out the oldest history.")
        return None
    if raw.startswith(_UTF16):
        problems.add(table, None, None, path.name, reason="the file is UTF-16, not UTF-8", mend=_SAVE_AS)
        return None
    if b"\0" in raw:
        problems.add(
            table, None, None, path.name, reason="the file is binary, not text", mend="Give a CSV file of this name."
        )
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        reason = f"the file is not UTF-8 (byte 0x{raw[error.start]:02x}; perhaps Windows-1252 or Latin-1)"
        problems.add(table, row, None, path.name, reason=reason, mend=_SAVE_AS)
        return None
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")


def split_records(text: str, table: Table, problems: Problems) -> tuple[list[Record], str] | None:
    """All records, comments and blank lines as () so that record i is row i + 1, and the separator;
    None when the text is not CSV.
    """
    text = _COMMENT.sub("", text)
    separator = _separator(text, table)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        return list(map(tuple, reader)), separator  # the garbage collector looks at tuples of text just once
    except csv.Error as error:
        row = _failing_record(text, separator)
        mend = "Close every quotation mark; double those inside a quoted cell."
        problems.add(table.name, row, None, None, reason=f"not readable as CSV: {error}", mend=mend)
        return None


def _separator(text: str, table: Table) -> str:
    """The one of , ; tab that finds most of the table's columns in the header."""
    header = next((line for line in text.split("\n") if line.strip()), "")
    known = {column.name for column in table.columns}
    return max(",;\t", key=lambda mark: len(known & {cell.strip(' "') for cell in header.split(mark)}))


def _failing_record(text: str, separator: str) -> int:
    row = 1
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            row += 1
    except csv.Error:
        return row
    return row
