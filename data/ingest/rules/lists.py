"""Rules on the lists of records that outbound campaigns dial."""

from __future__ import annotations

from data.ingest.draft import Draft
from data.ingest.problems import Problems
from data.ingest.rules.rule import rule, tell


@rule("campaigns", "list_batches")
def lists_of_first_calls(draft: Draft, problems: Problems) -> None:
    """Lists belong to outbound campaigns; one of second calls has none, for it calls the contacts of another campaign."""
    for row in draft.rows("list_batches"):
        campaign = draft.campaigns.get(row.get("campaign") or "")
        if campaign is None or not campaign.has("channel"):
            continue
        if campaign["channel"] != "outbound":
            reason = f"campaign {campaign['campaign']!r} is {campaign['channel']}"
            tell(problems, row, "campaign", reason, "Name an outbound campaign, or remove the row.")
        elif campaign.has("second_call_of"):
            reason = f"campaign {campaign['campaign']!r} makes second calls, whose records come from the first"
            tell(problems, row, "campaign", reason, "Give the list to the first campaign.")


@rule("list_batches")
def list_days(draft: Draft, problems: Problems) -> None:
    """A list is dialled from loaded_on to last_day; refusals and attempts before are earlier than its loading."""
    for row in draft.rows("list_batches"):
        if not row.has("loaded_on"):
            continue
        if row.has("last_day") and row["last_day"] < row["loaded_on"]:
            tell(problems, row, "last_day", f"before loaded_on {row['loaded_on']}", "Correct one of the two days.")
        if row.has("refused_on") and row["refused_on"] >= row["loaded_on"]:
            mend = "Refusals after the loading are in the reach rate of history; give those of earlier calls."
            tell(problems, row, "refused_on", f"not before loaded_on {row['loaded_on']}", mend)
        for day in row.get("attempted_on") or ():
            if day >= row["loaded_on"]:
                mend = "Attempts after the loading belong to history; give those of earlier lists."
                tell(problems, row, "attempted_on", f"{day} is not before loaded_on {row['loaded_on']}", mend)


@rule("list_batches")
def list_counts(draft: Draft, problems: Problems) -> None:
    """Eligible is at most records, refused at most eligible, and refused_on is given with refused and only with it."""
    for row in draft.rows("list_batches"):
        if not row.has("records"):
            continue
        eligible = row["eligible"] if row.has("eligible") else row["records"]
        if eligible > row["records"]:
            tell(problems, row, "eligible", f"more than the {row['records']} records", "Correct one of the two.")
        if (row.get("refused") or 0) > eligible:
            tell(problems, row, "refused", f"more than the {eligible} that may be called", "Correct one of the two.")
        if row.get("refused") and row.empty("refused_on"):
            tell(problems, row, "refused_on", "empty, but needed with refused", "Give the day of the latest refusal.")
        if row.has("refused_on") and not row.get("refused"):
            tell(problems, row, "refused_on", "given without refused", "Give their number, or leave it empty.")


RULES = (lists_of_first_calls, list_days, list_counts)
