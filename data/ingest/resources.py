"""What of a case can be changed by itself: a campaign, an agent, … is a row of one table and its own rows of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from data.ingest.cells import Fault, parse
from data.ingest.source_tables import SourceRow, SourceTables
from data.ingest.tables import TABLE_BY_NAME, Table
from wfm.errors import Problem

Item = dict[str, Any]
"""Column to value, empty ones None, and part to a list of such rows without the key column. Whole numbers are int; numbers,
shares and money float; yes and no bool; everything else is text as the case format spells it.
"""


@dataclass(frozen=True)
class Resource:
    """`key` is a column of `table` and of each of `parts`. Without `table` the key is a country of the case: what is known of
    its calendar has no row of its own.
    """

    name: str
    key: str
    table: str | None
    parts: tuple[str, ...] = ()


RESOURCES = (
    Resource("campaigns", "campaign", "campaigns", ("opening_hours", "list_batches", "overrides", "events")),
    Resource("agents", "agent", "agents", ("skills", "absences", "wishes")),
    Resource("contracts", "contract", "contracts"),
    Resource("shift-patterns", "pattern", "shift_patterns", ("breaks",)),
    Resource("partners", "partner", "partners", ("partner_tiers", "partner_campaigns", "partner_shifts")),
    Resource("calendars", "country", None, ("holidays",)),
)


def keys(resource: Resource, tables: SourceTables) -> list[str]:
    """The keys of all items there are, in the order of the table."""
    if resource.table is None:
        named = [row["country"] for table in ("sites", "markets") for row in tables[table]]
        return list(dict.fromkeys(named))
    return [row[resource.key] for row in tables[resource.table]]


def item_of(resource: Resource, tables: SourceTables, key: str) -> Item | None:
    """One item; None when there is none with this key."""
    if key not in keys(resource, tables):
        return None
    item: Item = {resource.key: key}
    if resource.table is not None:
        (row,) = _own(resource, tables[resource.table], key)
        item = _values(TABLE_BY_NAME[resource.table], row)
    for part in resource.parts:
        rows = [_values(TABLE_BY_NAME[part], row) for row in _own(resource, tables[part], key)]
        item[part] = [{name: value for name, value in row.items() if name != resource.key} for row in rows]
    return item


def with_item(resource: Resource, tables: SourceTables, key: str, item: Item | None) -> SourceTables:
    """The tables with an item added, put in the place of another, or with None taken away together with its own rows. Rows keep
    their places, so that what does not change stays as it was.
    """
    changed = dict(tables)
    named = {resource.key: key}
    if resource.table is not None:
        rows = [] if item is None else [_texts({**item, **named}, resource.parts)]
        changed[resource.table] = _replaced(resource, tables[resource.table], key, rows)
    for part in resource.parts:
        rows = [] if item is None else [_texts({**named, **row}) for row in item[part]]
        changed[part] = _replaced(resource, tables[part], key, rows)
    return changed


def place_of(resource: Resource, tables: SourceTables, key: str, fault: Problem) -> list[str] | None:
    """Where in the item a fault of the whole case is, as steps of a JSON pointer; None: elsewhere."""
    if fault.row is None and fault.table in resource.parts:
        return [fault.table]
    if fault.row is None or fault.table not in {resource.table, *resource.parts}:
        return None
    mine = [line for line, row in enumerate(tables[fault.table], start=2) if row.get(resource.key) == key]
    if fault.row not in mine:
        return None
    steps = [] if fault.table == resource.table else [fault.table, str(mine.index(fault.row))]
    known = {column.name for column in TABLE_BY_NAME[fault.table].columns}
    return [*steps, fault.column] if fault.column in known else steps


def _own(resource: Resource, rows: list[SourceRow], key: str) -> list[SourceRow]:
    return [row for row in rows if row.get(resource.key) == key]


def _replaced(resource: Resource, rows: list[SourceRow], key: str, by: list[SourceRow]) -> list[SourceRow]:
    """Those of a key one for one; what is more comes after the last of them, or at the end."""
    made: list[SourceRow] = []
    left, last = list(by), None
    for row in rows:
        if row.get(resource.key) != key:
            made.append(row)
            continue
        if left:
            made.append(left.pop(0))
        last = len(made)
    at = len(made) if last is None else last
    return [*made[:at], *left, *made[at:]]


def _values(table: Table, row: SourceRow) -> Item:
    item: Item = {}
    for column in table.columns:
        text = row.get(column.name)
        if text is None or column.kind not in {"int", "number", "share", "money", "bool"}:
            item[column.name] = text
            continue
        value = parse(text, column)
        assert not isinstance(value, Fault), "only tables without fault are kept"  # noqa: S101 - an invariant of the store
        item[column.name] = float(value) if column.kind == "money" else value
    return item


def _texts(item: Item, without: tuple[str, ...] = ()) -> SourceRow:
    cells = {name: _text(value) for name, value in item.items() if name not in without and value is not None}
    return {name: text for name, text in cells.items() if text}


def _text(value: bool | float | str) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return repr(value).removesuffix(".0")
        case _:
            return str(value)
