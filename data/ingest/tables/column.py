"""What a table of a case is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "text", "id", "int", "number", "money", "share", "date", "time", "datetime", "bool", "choice", "list", "dates"
]


@dataclass(frozen=True)
class Column:
    """One column: its type, unit and rule in words. `choices` for kind "choice"; `minimum`/`maximum` inclusive bounds.

    `ref` names the table whose key column the value must occur in. `pattern`: regular expression that text must match;
    `end_of_day`: a time that may be 24:00, midnight at the end of the day.
    """

    name: str
    kind: Kind
    doc: str
    required: bool = True
    unit: str = ""
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    ref: str | None = None
    example: str = ""
    pattern: str = ""
    end_of_day: bool = False


@dataclass(frozen=True)
class Table:
    """One file `<name>.csv` of a case folder, or one sheet of a case workbook. `key`: columns that make a row unique."""

    name: str
    doc: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    required: bool = True


def column(name: str, kind: Kind, doc: str, **options: object) -> Column:
    return Column(name, kind, doc, **options)  # type: ignore[arg-type]


CURRENCY = "[A-Z]{3}"
COUNTRY = "[A-Z]{2}"
ZONE = "[A-Za-z][A-Za-z0-9_+/-]{0,63}"
