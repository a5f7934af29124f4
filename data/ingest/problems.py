"""Collecting every fault of a case, so that all are told at once and a broken file of any size stays readable."""

from __future__ import annotations

import re

from data.ingest.tables import TABLES
from wfm.errors import Problem

LIMIT = 50
"""Faults of one kind listed per column; the rest is counted."""

_ORDER = {table.name: place for place, table in enumerate(TABLES)}
_DETAIL = re.compile(r"'[^']*'|[0-9.:+-]+")
_LONGEST_VALUE = 80


class Problems:
    """Faults of one kind differ only in row, value and the names and figures within their reason."""

    def __init__(self) -> None:
        self._listed: dict[tuple[str, str | None, str], list[Problem]] = {}
        self._total: dict[tuple[str, str | None, str], int] = {}

    def add(
        self, table: str, row: int | None, column: str | None, value: str | None, *, reason: str, mend: str
    ) -> None:
        """Note one fault; see `Problem` for the fields."""
        kind = (table, column, _DETAIL.sub("", reason))
        listed = self._listed.setdefault(kind, [])
        self._total[kind] = self._total.get(kind, 0) + 1
        if len(listed) < LIMIT:
            listed.append(Problem(table, row, column, _short(value), reason, mend))

    def __bool__(self) -> bool:
        return bool(self._listed)

    def listed(self) -> list[Problem]:
        """All faults by table (in the order of the case format) and row."""
        placed: list[tuple[int, float, Problem]] = []
        for kind, group in self._listed.items():
            table, column, _ = kind
            place = _ORDER.get(table, -1)
            placed += [(place, problem.row or 0, problem) for problem in group]
            more = self._total[kind] - len(group)
            if more:
                last = max(problem.row or 0 for problem in group)
                reason = f"… and {more} more of the same kind ({group[-1].reason})"
                placed.append((place, last + 0.5, Problem(table, None, column, None, reason, group[-1].mend)))
        placed.sort(key=lambda item: item[:2])
        return [item[2] for item in placed]


def _short(value: str | None) -> str | None:
    if value is None or len(value) <= _LONGEST_VALUE:
        return value
    return value[: _LONGEST_VALUE - 1] + "…"
