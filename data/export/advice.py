"""advice.csv: who stands by when a feast is not certain, what it would cost, and who is free."""

from __future__ import annotations

from collections.abc import Iterator

from data.export.cells import money, table, text
from wfm.advice import advise
from wfm.case import Case
from wfm.plan import Plan
from wfm.requirement import Requirement

HEADER = ("kind", "day", "subject", "hours", "cost", "currency", "reason")


def advice_csv(case: Case, requirement: Requirement, plan: Plan) -> str:
    """Advice as CSV, by day. `day` is the sites' local day; `cost` comes on top of the plan's, and is empty where there is
    none: `wfm.advice` says what it means for each kind.
    """
    return table(HEADER, _rows(case, requirement, plan))


def _rows(case: Case, requirement: Requirement, plan: Plan) -> Iterator[tuple[str, ...]]:
    for entry in advise(case, requirement, plan):
        yield (
            entry.kind.value,
            entry.day.isoformat(),
            text(entry.subject),
            f"{entry.hours:.10g}",
            "" if entry.cents is None else money(entry.cents),
            case.currency,
            text(entry.reason),
        )
