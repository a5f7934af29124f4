"""What the report says of the law: how a plan keeps it, and what it leaves to people."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from api.figures.text import day, hours, money
from api.figures.view import PlanView
from wfm.advice import Advice, AdviceKind
from wfm.compliance import Evidence

MOST_NAMES = 8
KINDS = {
    AdviceKind.STANDBY_AGENT: "Stand by",
    AdviceKind.STANDBY_PARTNER: "Partner seats still free",
    AdviceKind.PREMIUM_AT_RISK: "Pay at risk",
    AdviceKind.LEAVE_OR_TRAINING: "Leave or training",
}


@dataclass(frozen=True)
class AdviceLine:
    """One advice for all whom it concerns alike; `hours` and `cost` are their sums."""

    day: str
    kind: str
    who: str
    hours: str
    cost: str
    reason: str


def call_sentences(view: PlanView) -> list[str]:
    """Whether outbound calls keep the legal hours, a sentence per country that has such hours and is called."""
    return [
        _calls(entry, view.clock) for entry in view.compliance if entry.code.endswith("-OUT-WINDOW") and entry.checked
    ]


def _calls(entry: Evidence, clock: str) -> str:
    tightest = entry.tightest
    assert tightest is not None, "whatever was checked has a tightest"  # noqa: S101 - tells the type checker
    at = f"{tightest.where} ({clock}, {tightest.subject})"
    checked = f"{entry.checked} {'segment' if entry.checked == 1 else 'segments'} checked"
    if entry.breaches:
        outside = f"{entry.breaches} outbound segments lie outside the legal hours ({checked})"
        return f"{outside}, the worst from {at}: {tightest.found}."
    near = f"{tightest.margin:g} min inside their edge" if tightest.margin else "right at their edge"
    return f"No outbound minute lies outside the legal hours: {checked}, the tightest starts at {at}, {near}."


def tightest(entry: Evidence) -> str:
    """What came nearest to a rule's limit in words, or why nothing was measured."""
    found = entry.tightest
    return entry.note or "" if found is None else f"{found.subject}, {found.where}: {found.found}; limit {found.limit}"


def packs_obeyed(view: PlanView) -> str:
    """Countries and versions of the packs whose rules were applied."""
    packs = dict.fromkeys((entry.code.partition("-")[0], entry.pack_version) for entry in view.compliance)
    return ", ".join(f"{country} {version}" for country, version in packs)


def advice_lines(view: PlanView) -> list[AdviceLine]:
    """Advice by day; the same advice to several people is one line."""
    alike: dict[tuple[date, AdviceKind, str], list[Advice]] = defaultdict(list)
    for entry in view.advice:
        alike[entry.day, entry.kind, entry.reason].append(entry)
    return [
        AdviceLine(
            day=day(on),
            kind=KINDS[kind],
            who=_names([entry.subject for entry in entries]),
            hours=hours(sum(entry.hours for entry in entries), 1),
            cost=_cost([entry.cents for entry in entries], view.case.currency),
            reason=reason,
        )
        for (on, kind, reason), entries in alike.items()
    ]


def _names(subjects: list[str]) -> str:
    more = len(subjects) - MOST_NAMES
    shown = ", ".join(subjects[:MOST_NAMES])
    return f"{shown} and {more} more" if more > 0 else shown


def _cost(cents: list[int | None], currency: str) -> str:
    known = [value for value in cents if value is not None]
    return money(sum(known), currency, 2) if known else "–"
