"""Rules on the planner's overrides of forecasts."""

from __future__ import annotations

from datetime import time

from data.ingest.draft import Draft
from data.ingest.problems import Problems
from data.ingest.rules.rule import rule, tell


@rule("overrides")
def override_amount(draft: Draft, problems: Problems) -> None:
    """An override gives either a volume or a percentage."""
    for row in draft.rows("overrides"):
        if row.empty("volume") and row.empty("percent"):
            tell(problems, row, "volume", "neither volume nor percent is given", "Give one of the two.")
        elif row.has("volume", "percent"):
            tell(problems, row, "percent", "given beside a volume", "Leave one of the two empty.")


@rule("plan", "overrides")
def override_span(draft: Draft, problems: Problems) -> None:
    """An override lies within the days planned, ends after it begins, and has both times or neither."""
    for row in draft.rows("overrides"):
        for column in ("first_day", "last_day"):
            if row.has(column) and draft.days and row[column] not in draft.days:
                reason = f"outside the days planned, {draft.days[0]} to {draft.days[-1]}"
                tell(problems, row, column, reason, "Correct the day, or remove the row.")
        if row.has("first_day", "last_day") and row["last_day"] < row["first_day"]:
            tell(problems, row, "last_day", f"before first_day {row['first_day']}", "Exchange or correct the two days.")
        for one, other in (("from_time", "to_time"), ("to_time", "from_time")):
            if row.has(one) and row.empty(other):
                tell(problems, row, other, f"empty beside {one}", "Fill in both times, or neither for whole days.")
        if row.has("from_time", "to_time") and time(0) < row["to_time"] <= row["from_time"]:
            tell(problems, row, "to_time", f"not after {row['from_time']:%H:%M}", "Correct one of the two times.")


@rule("overrides")
def override_reason(draft: Draft, problems: Problems) -> None:
    """The reason of an override says something: three characters at least."""
    for row in draft.rows("overrides"):
        if row.has("reason") and len(row["reason"]) < 3:
            tell(problems, row, "reason", "too short to be understood later", "Say why in a few words.")


RULES = (override_amount, override_span, override_reason)
