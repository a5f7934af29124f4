"""The law that binds a draft: rules in force on any day of its plan."""

from __future__ import annotations

from data.ingest.draft import Draft
from wfm.law import LawRule, country_pack


def in_force(draft: Draft, country: str, code: str) -> list[LawRule]:
    """A country's rules `<country>-<code>` that hold on at least one day of the plan, in order of time."""
    pack = country_pack(country)
    if pack is None or not draft.days:
        return []
    found = {law.valid_from: law for day in draft.days if (law := pack.rule(f"{country}-{code}", day)) is not None}
    return list(found.values())


def for_sites(draft: Draft, code: str) -> list[LawRule]:
    """The same of all countries of own sites."""
    countries = dict.fromkeys(site["country"] for site in draft.rows("sites") if site.has("country"))
    return [law for country in countries for law in in_force(draft, country, code)]


def cite(law: LawRule) -> str:
    """Code and source of a rule, for people."""
    return f"{law.code}: {law.source}"
