"""Rules on shift patterns."""

from __future__ import annotations

from data.ingest.draft import Draft
from data.ingest.parsed import Row
from data.ingest.problems import Problems
from data.ingest.rules.campaigns import minute
from data.ingest.rules.law import cite, for_sites
from data.ingest.rules.rule import rule, tell


@rule("shift_patterns")
def pattern_starts(draft: Draft, problems: Problems) -> None:
    """latest_start is not before earliest_start."""
    for row in draft.rows("shift_patterns"):
        if row.has("earliest_start", "latest_start") and row["latest_start"] < row["earliest_start"]:
            reason = f"before earliest_start {row['earliest_start']:%H:%M}"
            tell(problems, row, "latest_start", reason, "Exchange or correct the two times.")


@rule("plan")
def shift_grid(draft: Draft, problems: Problems) -> None:
    """Starts, steps, presences, breaks and their windows are multiples of interval_minutes."""
    if draft.interval is None:
        return
    durations = {
        "shift_patterns": ("step_minutes", "presence_minutes"),
        "breaks": ("minutes", "earliest_after", "latest_after"),
    }
    for table, columns in durations.items():
        for row in draft.rows(table):
            for column in columns:
                if row.has(column) and row[column] % draft.interval:
                    off_grid(problems, row, column, draft.interval)
    for row in draft.rows("shift_patterns"):
        for column in ("earliest_start", "latest_start"):
            if row.has(column) and minute(row[column]) % draft.interval:
                off_grid(problems, row, column, draft.interval)


def off_grid(problems: Problems, row: Row, column: str, interval: int) -> None:
    """Note a time or duration that is not a multiple of the interval."""
    mend = f"Write a multiple of {interval} minutes, or plan in shorter intervals."
    tell(problems, row, column, f"not a multiple of the interval of {interval} minutes", mend)


@rule("plan", "sites", "shift_patterns", "breaks")
def day_length(draft: Draft, problems: Problems) -> None:
    """Presence less unpaid breaks is more than 0 and at most what the law of every site's country allows per day
    (XX-DAY-MAX); a break at sunset may fall away and counts as work there.
    """
    pauses = draft.grouped("breaks", "pattern")
    laws = for_sites(draft, "DAY-MAX")
    law = min(laws, key=lambda law: int(law.parameters["effective_minutes"]), default=None)
    for row in draft.rows("shift_patterns"):
        own = pauses.get(row.get("pattern") or "", [])
        if not row.has("presence_minutes") or not all(pause.has("minutes", "paid") for pause in own):
            continue
        unpaid = [pause for pause in own if not pause["paid"]]
        if row["presence_minutes"] <= sum(pause["minutes"] for pause in unpaid):
            tell(problems, row, "presence_minutes", "its breaks leave no working time", "Lengthen the shift.")
            continue
        longest = row["presence_minutes"] - sum(pause["minutes"] for pause in unpaid if not pause.get("at_sunset"))
        if law is not None and longest > law.parameters["effective_minutes"]:
            most = law.parameters["effective_minutes"]
            reason = f"{longest} effective minutes, the law allows {most} per day ({cite(law)})"
            tell(problems, row, "presence_minutes", reason, "Shorten the shift, or add an unpaid break.")


@rule("plan", "sites", "contracts", "shift_patterns", "holidays")
def contract_patterns(draft: Draft, problems: Problems) -> None:
    """Every contract has a shift pattern, its own or one for all, on ordinary days and, in a plan that has some, on days of
    fasting.
    """
    patterns = draft.rows("shift_patterns")
    if any("contract" not in row.cells or "season" not in row.cells for row in patterns):
        return
    for season, words in _seasons(draft).items():
        offered = {row["contract"] for row in patterns if row["season"] in (None, season)}
        for row in draft.rows("contracts"):
            if None not in offered and row.has("contract") and row["contract"] not in offered:
                tell(
                    problems, row, "contract", f"no shift pattern is open to it {words}", "Add a row to shift_patterns."
                )


def _seasons(draft: Draft) -> dict[str, str]:
    """Seasons that the plan touches, with words for their days; the own sites fast by the first one's country."""
    country = next((site["country"] for site in draft.rows("sites") if site.has("country")), "")
    fasting = {draft.calendar(country).fasting(day) for day in draft.days}
    words = {"ramadan": "in Ramadan", "outside_ramadan": "outside Ramadan"}
    return {season: text for season, text in words.items() if (season == "ramadan") in fasting}


RULES = (pattern_starts, shift_grid, day_length, contract_patterns)
