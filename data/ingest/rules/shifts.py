"""Rules on shift patterns and their breaks."""

from __future__ import annotations

from itertools import pairwise

from data.ingest.draft import Draft
from data.ingest.parsed import Row
from data.ingest.problems import Problems
from data.ingest.rules.campaigns import minute
from data.ingest.rules.rule import rule, tell
from wfm.law import country_pack


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


@rule("shift_patterns", "breaks")
def break_windows(draft: Draft, problems: Problems) -> None:
    """A break's latest_after is not before its earliest_after, it ends within the shift, and it ends before the next break
    of the pattern may start.
    """
    patterns = draft.by_key("shift_patterns", "pattern")
    for pattern, rows in draft.grouped("breaks", "pattern").items():
        breaks = [row for row in rows if row.has("minutes", "earliest_after", "latest_after")]
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


@rule("plan", "sites", "shift_patterns", "breaks")
def day_length(draft: Draft, problems: Problems) -> None:
    """Presence less unpaid breaks is more than 0 and at most what the law of every site's country allows per day."""
    unpaid = draft.grouped("breaks", "pattern")
    limit = _day_limit(draft)
    for row in draft.rows("shift_patterns"):
        pauses = unpaid.get(row.get("pattern") or "", [])
        if not row.has("presence_minutes") or not all(
            "paid" in pause.cells and pause.has("minutes") for pause in pauses
        ):
            continue
        effective = row["presence_minutes"] - sum(pause["minutes"] for pause in pauses if not pause["paid"])
        if effective <= 0:
            tell(problems, row, "presence_minutes", "its breaks leave no working time", "Lengthen the shift.")
        elif limit is not None and effective > limit:
            reason = f"{effective} effective minutes, the law allows {limit} per day"
            tell(problems, row, "presence_minutes", reason, "Shorten the shift, or add an unpaid break.")


def _day_limit(draft: Draft) -> int | None:
    """Smallest legal daily maximum of the sites' countries on first_day, effective minutes."""
    limits: list[int] = []
    for site in draft.rows("sites"):
        pack = country_pack(site["country"]) if site.has("country") else None
        law = pack.rule(f"{pack.country}-DAY-MAX", draft.days[0]) if pack and draft.days else None
        if law is not None:
            limits.append(int(law.parameters["effective_minutes"]))
    return min(limits, default=None)


@rule("contracts", "shift_patterns")
def contract_patterns(draft: Draft, problems: Problems) -> None:
    """Every contract has a shift pattern, its own or one for all."""
    patterns = draft.rows("shift_patterns")
    if any("contract" not in row.cells or row["contract"] is None for row in patterns):
        return
    offered = {row["contract"] for row in patterns}
    for row in draft.rows("contracts"):
        if row.has("contract") and row["contract"] not in offered:
            tell(problems, row, "contract", "no shift pattern is open to it", "Add a row to shift_patterns.")


RULES = (pattern_starts, shift_grid, break_windows, day_length, contract_patterns)
