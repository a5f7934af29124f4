"""Rules that the table declarations state themselves: keys are unique and references point at something."""

from __future__ import annotations

import numpy as np

from data.ingest.cells import Fault
from data.ingest.draft import Draft
from data.ingest.parsed import ParsedTable
from data.ingest.problems import Problems
from data.ingest.tables import TABLE_BY_NAME


def check_keys(draft: Draft, problems: Problems) -> None:
    """No two rows of a table have the same key. History is left to its own rule: there the instant counts, not the text."""
    for name, parsed in draft.tables.items():
        if parsed is None or name == "history":
            continue
        key = parsed.table.key
        first: dict[tuple[object, ...], int] = {}
        for row in parsed.rows:
            if not all(column in row.cells for column in key):
                continue
            value = tuple(row[column] for column in key)
            if value in first:
                shown = " / ".join(row.texts[column] for column in key)
                mend = "Remove one of the two rows, or correct its key."
                reason = f"the same key as row {first[value]}"
                problems.add(name, row.number, ", ".join(key), shown, reason=reason, mend=mend)
            first.setdefault(value, row.number)


def check_references(draft: Draft, problems: Problems) -> None:
    """Every id that names a row of another table exists there."""
    for parsed in draft.tables.values():
        if parsed is None:
            continue
        for column in parsed.table.columns:
            if column.ref is not None and draft.whole(column.ref):
                _check_column(parsed, column.name, column.ref, draft, problems)


def _check_column(parsed: ParsedTable, column: str, ref: str, draft: Draft, problems: Problems) -> None:
    target = draft.tables[ref]
    key = TABLE_BY_NAME[ref].key[0]
    known = set() if target is None else set(target.columns[key].texts)
    cells = parsed.columns[column]
    unknown = [
        code
        for code, value in enumerate(cells.meanings)
        if value is not None and not isinstance(value, Fault) and value not in known
    ]
    for place in np.flatnonzero(np.isin(cells.codes, unknown)).tolist():
        text = cells.texts[cells.codes[place]]
        reason = f"no such {key} in the table {ref}"
        mend = f"Correct the id, or add it to {ref}."
        problems.add(parsed.table.name, int(parsed.numbers[place]), column, text, reason=reason, mend=mend)
