"""Progress of a long job in the terminal: bars where somebody watches, one line a stage where a file does."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from wfm.progress import Progress

STAGES = {
    "forecast": "Forecast",
    "requirement": "Requirement",
    "plan": "Rosters and purchases",
    "check": "Check",
    "write": "Write",
}


class ProgressBar:
    """An OnProgress, to be used as a context manager; it may be called from any thread.

    Writes to `console`, which should be standard error, so that standard output holds results alone.
    """

    def __init__(self, console: Console, currency: str) -> None:
        self._console = console
        self._currency = currency
        self._tasks: dict[str, TaskID] = {}
        self._bars = Bars(
            TextColumn("{task.description:<21}"),
            BarColumn(bar_width=24),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[told]}", markup=False),
            console=console,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def __call__(self, progress: Progress) -> None:
        told = describe(progress, self._currency)
        name = STAGES[progress.stage]
        if progress.stage not in self._tasks:
            self._tasks[progress.stage] = self._bars.add_task(name, total=1.0, told=told)
            if not self._console.is_terminal:
                self._console.print(f"{name} …", markup=False, highlight=False)
        self._bars.update(self._tasks[progress.stage], completed=min(progress.fraction, 1.0), told=told)


def describe(progress: Progress, currency: str) -> str:
    """The best cost so far, the proven bound and the gap between them in money once known, else the message."""
    cost, bound = progress.incumbent_cents, progress.bound_cents
    if cost is None:
        return progress.message
    if bound is None:
        return f"cost {amount(cost, currency)}"
    share = 100 * (cost - bound) / cost if cost else 0.0
    return (
        f"cost {amount(cost, currency)}, proven at least {amount(bound, currency)}: "
        f"gap {amount(cost - bound, currency)} ({share:.2f} %)"
    )


def amount(cents: int, currency: str) -> str:
    """1234567 -> "12 345.67 EUR", with plain characters that every terminal has."""
    return f"{cents / 100:,.2f} {currency}".replace(",", " ")
