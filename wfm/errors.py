"""Every error the product raises on purpose.

    WfmError
    ├── StaleTimeZoneDataError   the tz database is older than the law in force
    ├── WallTimeError       a wall time that does not exist, or exists twice, in its zone
    ├── CaseError           the case cannot be planned; carries every problem found
    └── PlanError           a stored plan cannot be read

A rule that a plan breaks is not an error but a `Violation` (see `wfm.rules`): it is listed, never raised.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass


class WfmError(Exception):
    """Base of all errors raised on purpose: the message says what, where, why and how to mend."""


class StaleTimeZoneDataError(WfmError):
    """The installed tz database does not know Morocco's law of 2026-09-20."""


class WallTimeError(WfmError):
    """A wall time is ambiguous or does not exist in its zone."""


class PlanError(WfmError):
    """A stored plan is missing, damaged or of an unknown schema version."""


@dataclass(frozen=True)
class Problem:
    """One fault in the input. `row` is the line number a spreadsheet shows (the header is row 1); None: whole table."""

    table: str
    row: int | None
    column: str | None
    value: str | None
    reason: str
    mend: str

    def __str__(self) -> str:
        where = self.table
        if self.row is not None:
            where += f", row {self.row}"
        if self.column is not None:
            where += f", column {self.column}"
        shown = "" if self.value is None else f" ({self.value!r})"
        return f"{where}{shown}: {self.reason}. {self.mend}"

    def to_dict(self) -> dict[str, str | int | None]:
        return asdict(self)


class CaseError(WfmError):
    """The case is refused; `problems` holds every fault found, never just the first."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        lines = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"{len(problems)} problem(s) in the case:\n{lines}")
