"""Rules on the breaks of shift patterns."""

from __future__ import annotations

from itertools import pairwise

from data.ingest.draft import Draft
from data.ingest.parsed import Row
from data.ingest.problems import Problems
from data.ingest.rules.law import cite, for_sites
from data.ingest.rules.rule import rule, tell
from wfm.law import LawRule, country_pack

OFFSETS = ("earliest_after", "latest_after")


@rule("shift_patterns", "breaks")
def break_windows(draft: Draft, problems: Problems) -> None:
    """A break has earliest_after and latest_after, the second not before the first, unless it is at sunset; it ends within
    the shift, and before the next break of the pattern may start.
    """
    patterns = draft.by_key("shift_patterns", "pattern")
    for pattern, rows in draft.grouped("breaks", "pattern").items():
        fixed = [row for row in rows if "at_sunset" in row.cells and not row["at_sunset"]]
        for row in fixed:
            for column in OFFSETS:
                if row.empty(column):
                    mend = "Fill it in, or write yes in at_sunset."
                    tell(problems, row, column, "empty, but needed for a break that is not at sunset", mend)
        breaks = [row for row in fixed if row.has("minutes", *OFFSETS)]
        for row in breaks:
            if row["latest_after"] < row["earliest_after"]:
                reason = f"before earliest_after {row['earliest_after']}"
                tell(problems, row, "latest_after", reason, "Exchange or correct the two.")
            presence = patterns[pattern].get("presence_minutes") if pattern in patterns else None
            if presence is not None and row["latest_after"] + row["minutes"] > presence:
                reason = f"the break may end after the shift, which lasts {presence} minutes"
                tell(problems, row, "latest_after", reason, "Let it start earlier, or lengthen the shift.")
        breaks.sort(key=lambda row: row["earliest_after"])
        for row, later in pairwise(breaks):
            if row["latest_after"] + row["minutes"] > later["earliest_after"]:
                reason = f"may start before the break of row {row.number} has ended"
                tell(problems, later, "earliest_after", reason, "Let windows of one pattern follow one another.")


@rule("plan", "sites", "breaks")
def sunset_breaks(draft: Draft, problems: Problems) -> None:
    """A break at sunset is the only one of its pattern and has no earliest_after and latest_after (empty or 0). The country
    of the first site has a rule for it (XX-RAMADAN) on every day of the plan, and its pack knows where the city lies.
    """
    at_sunset = [row for row in draft.rows("breaks") if row.get("at_sunset")]
    grouped = draft.grouped("breaks", "pattern")
    for row in at_sunset:
        others = [other for other in grouped.get(row.get("pattern") or "", []) if other is not row]
        if others:
            reason = f"not the only break of its pattern: there is that of row {others[0].number}"
            tell(problems, row, "at_sunset", reason, "Keep one of the two, or write no.")
        for column in OFFSETS:
            if row.get(column):
                reason = "not used for a break at sunset, which starts by the sun"
                tell(problems, row, column, reason, "Leave it empty, or write no in at_sunset.")
    site = next(iter(draft.rows("sites")), None)
    pack = country_pack(site["country"]) if site is not None and site.has("country") else None
    if not at_sunset or site is None or pack is None or not for_sites(draft, "DAY-MAX"):
        return
    if site.has("city") and site["city"] not in pack.cities:
        mend = f"Use one of {', '.join(pack.cities)}, or write no in at_sunset of every break."
        tell(problems, site, "city", "where it lies is not known, but breaks at sunset need it", mend)
    lawless = [day for day in draft.days if pack.rule(f"{pack.country}-RAMADAN", day) is None]
    for row in at_sunset if lawless else []:
        reason = f"no rule {pack.country}-RAMADAN says how near to sunset it is on {lawless[0]}"
        tell(problems, row, "at_sunset", reason, "Write no.")


@rule("plan", "sites", "shift_patterns", "breaks")
def legal_breaks(draft: Draft, problems: Problems) -> None:
    """A pattern of more effective minutes than the law of a site's country allows without a break (XX-BREAK) has breaks, paid
    or not, of the legal length in all; patterns of season ramadan of that in Ramadan. Elsewhere a break at sunset does not
    count, because on ordinary days it falls away.
    """
    grouped = draft.grouped("breaks", "pattern")
    laws = for_sites(draft, "BREAK")
    for row in draft.rows("shift_patterns"):
        pauses = grouped.get(row.get("pattern") or "", [])
        torn = any(not pause.has("minutes", "paid") or "at_sunset" not in pause.cells for pause in pauses)
        if torn or not row.has("presence_minutes") or "season" not in row.cells:
            continue
        ramadan = row["season"] == "ramadan"
        faults = [text for law in laws if (text := _too_short(law, row, pauses, ramadan=ramadan))]
        if faults:
            mend = "Add or lengthen breaks in the table breaks, or shorten the shift."
            tell(problems, row, "presence_minutes", faults[0], mend)


def _too_short(law: LawRule, row: Row, pauses: list[Row], *, ramadan: bool) -> str | None:
    """What the law misses in a pattern's breaks, None when they do."""
    taken = [pause for pause in pauses if ramadan or not pause["at_sunset"]]
    effective = row["presence_minutes"] - sum(pause["minutes"] for pause in taken if not pause["paid"])
    rest = sum(pause["minutes"] for pause in taken)
    need = law.parameters["ramadan_minutes" if ramadan else "minutes"]
    if effective <= law.parameters["after_minutes"] or rest >= need:
        return None
    when = "in Ramadan" if ramadan else "on ordinary days"
    return f"{effective} effective minutes need breaks of {need} in all {when}, it has {rest} ({cite(law)})"


RULES = (break_windows, sunset_breaks, legal_breaks)
