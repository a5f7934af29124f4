"""The compliance report: every rule of law that bound a plan, how often it was applied, and how near the plan came to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from wfm.case import Case
from wfm.document import Document
from wfm.law import CountryPack, LawRule, country_pack
from wfm.plan import Plan
from wfm.requirement import Requirement
from wfm.rules.law import MEASURED, Measurement, measurements

NOTHING_BOUND = "nothing in this plan comes under it"
NOT_MEASURED = "recorded: no measure in this product"
NOTES = {
    "OT-WEEK": "priced in the bill",
    "OT-YEAR": "priced in the bill",
    "OT-PREMIUM": "priced in the bill",
    "HOLIDAY": "bars nothing here; its premium is priced in the bill",
    "CNSS": "part of the loaded cost of agents, which the case states",
    "OUT-REFUSAL": "kept by the dialler: this product holds no customer records",
    "BLOCTEL": "kept by the dialler: this product holds no customer records",
}
"""Why rules of these codes (without country) have nothing measured against them."""


class Tightest(Document):
    """What came nearest to a rule's limit, or went furthest beyond it: `margin`, in `unit`, is then below 0."""

    subject: str
    where: str
    found: str
    limit: str
    margin: float
    unit: str


class Evidence(Document):
    """One rule in force during the plan: how many things were `checked` against it, how many broke it, and the tightest of
    them. `note` says why nothing was checked. The breaches of soft rules (not `hard`) do not make a plan illegal.
    """

    code: str
    title: str
    source: str
    verified: bool
    hard: bool
    valid_from: date
    valid_to: date | None
    pack_version: str
    checked: int
    breaches: int
    tightest: Tightest | None
    note: str | None


def evidence(case: Case, requirement: Requirement, plan: Plan) -> list[Evidence]:
    """Every rule in force on any day of the plan, of every pack that binds its sites or its markets, in the packs' order.

    The plan must satisfy rule REFERENCE and the requirement fit the case, as all do that passed `wfm.check`.
    """
    found: dict[tuple[str, date], list[Measurement]] = defaultdict(list)
    for entry in measurements(case, requirement, plan):
        found[entry.rule.code, entry.rule.valid_from].append(entry)
    return [
        _evidence(pack, rule, found.get((rule.code, rule.valid_from), []))
        for pack in packs_concerned(case)
        for rule in pack.rules
        if rule.is_in_force(max(rule.valid_from, case.first_day)) and rule.valid_from <= case.last_day
    ]


def packs_concerned(case: Case) -> Iterator[CountryPack]:
    """The packs of the countries of a case's sites and markets, each once; countries without one are left out."""
    for country in dict.fromkeys(
        [*(site.country for site in case.sites), *(market.country for market in case.markets)]
    ):
        pack = country_pack(country)
        if pack is not None:
            yield pack


def _evidence(pack: CountryPack, rule: LawRule, found: list[Measurement]) -> Evidence:
    nearest = min(found, key=lambda entry: entry.margin, default=None)
    code = rule.code.removeprefix(f"{pack.country}-")
    note = NOTES.get(code, NOTHING_BOUND if code in MEASURED else NOT_MEASURED)
    return Evidence(
        **rule.model_dump(exclude={"parameters"}),
        pack_version=pack.version,
        checked=len(found),
        breaches=sum(not entry.is_legal for entry in found),
        tightest=None if nearest is None else _tightest(nearest),
        note=None if found else note,
    )


def _tightest(entry: Measurement) -> Tightest:
    return Tightest(
        subject=entry.subject,
        where=entry.where,
        found=entry.found,
        limit=entry.limit,
        margin=entry.margin,
        unit=entry.unit,
    )
