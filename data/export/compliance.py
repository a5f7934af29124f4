"""compliance.csv: every rule of law that bound the plan, how often it was applied, and what came nearest to its limit."""

from __future__ import annotations

from collections.abc import Iterator

from data.export.cells import flag, table, text
from wfm.case import Case
from wfm.compliance import Evidence, evidence
from wfm.plan import Plan
from wfm.requirement import Requirement

HEADER = (
    "code",
    "title",
    "hard",
    "verified",
    "source",
    "valid_from",
    "checked",
    "breaches",
    "tightest_subject",
    "tightest_where",
    "tightest_found",
    "tightest_limit",
    "tightest_margin",
    "margin_unit",
    "note",
)


def compliance_csv(case: Case, requirement: Requirement, plan: Plan) -> str:
    """The compliance report as CSV, in the order of the country packs. `checked` assignments (or weeks, days, runs) were
    measured; `tightest_margin` is what the tightest of them left before the limit, less than 0 for a breach; `note` says why
    nothing was measured.
    """
    return table(HEADER, _rows(evidence(case, requirement, plan)))


def _rows(report: list[Evidence]) -> Iterator[tuple[str, ...]]:
    for rule in report:
        nearest = rule.tightest
        yield (
            text(rule.code),
            text(rule.title),
            flag(rule.hard),
            flag(rule.verified),
            text(rule.source),
            rule.valid_from.isoformat(),
            str(rule.checked),
            str(rule.breaches),
            text(nearest.subject) if nearest else "",
            text(nearest.where) if nearest else "",
            text(nearest.found) if nearest else "",
            text(nearest.limit) if nearest else "",
            f"{nearest.margin:.10g}" if nearest else "",
            nearest.unit if nearest else "",
            text(rule.note or ""),
        )
