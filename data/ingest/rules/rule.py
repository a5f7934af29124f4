"""What a rule across cells is: one function, told to people by its docstring."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass

from data.ingest.draft import Draft
from data.ingest.parsed import Row
from data.ingest.problems import Problems

Check = Callable[[Draft, Problems], None]


@dataclass(frozen=True)
class Rule:
    """`check` runs only when all tables it `needs` could be read completely; `text` is its rule in words."""

    check: Check
    needs: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join((inspect.getdoc(self.check) or "").split())


def rule(*needs: str) -> Callable[[Check], Rule]:
    """Make a function a Rule."""
    return lambda check: Rule(check, needs)


def tell(problems: Problems, row: Row, column: str, reason: str, mend: str) -> None:
    """Note a fault of one cell."""
    problems.add(row.table, row.number, column, row.texts.get(column) or None, reason=reason, mend=mend)
