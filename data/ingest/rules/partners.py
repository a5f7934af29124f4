"""Rules on partners, their prices, windows and certified campaigns."""

from __future__ import annotations

from itertools import pairwise

from data.ingest.draft import Draft
from data.ingest.problems import Problems
from data.ingest.rules.campaigns import DAY_MINUTES, minute
from data.ingest.rules.rule import rule, tell
from data.ingest.rules.shifts import off_grid


@rule("partners", "partner_tiers")
def partner_prices(draft: Draft, problems: Problems) -> None:
    """Every partner has a price: at least one row in partner_tiers."""
    priced = draft.grouped("partner_tiers", "partner")
    for row in draft.rows("partners"):
        if row.has("partner") and row["partner"] not in priced:
            mend = "Add a row to partner_tiers with from_hours 0."
            tell(problems, row, "partner", "the partner has no price", mend)


@rule("partner_tiers")
def tier_bounds(draft: Draft, problems: Problems) -> None:
    """The first tier of a partner starts at 0 hours and the following rows start at ever more hours."""
    for rows in draft.grouped("partner_tiers", "partner").values():
        if not all(row.has("from_hours") for row in rows):
            continue
        if rows[0]["from_hours"] != 0:
            mend = "Let the first tier start at 0."
            tell(problems, rows[0], "from_hours", "the partner's first tier does not start at 0 hours", mend)
        for row, later in pairwise(rows):
            if later["from_hours"] < row["from_hours"]:
                reason = f"tier bounds out of order: below {row['from_hours']:g} of row {row.number}"
                tell(problems, later, "from_hours", reason, "List tiers by rising from_hours.")


@rule("partners")
def partner_seats(draft: Draft, problems: Problems) -> None:
    """current_seats and block_seats are at most seats."""
    for row in draft.rows("partners"):
        for column in ("current_seats", "block_seats"):
            if row.has("seats", column) and row[column] > row["seats"]:
                tell(problems, row, column, f"more than the {row['seats']} seats there are", "Correct one of the two.")


@rule("partners", "partner_shifts")
def partner_windows(draft: Draft, problems: Problems) -> None:
    """Every partner sells at least one window: a row in partner_shifts."""
    selling = draft.grouped("partner_shifts", "partner")
    for row in draft.rows("partners"):
        if row.has("partner") and row["partner"] not in selling:
            tell(problems, row, "partner", "the partner sells no shifts", "Add a row to partner_shifts.")


@rule("plan", "partner_shifts")
def window_times(draft: Draft, problems: Problems) -> None:
    """A window ends after it starts, on the same day (00:00 or 24:00 ends at midnight), both at multiples of
    interval_minutes.
    """
    for row in draft.rows("partner_shifts"):
        if row.has("start", "end") and (minute(row["end"]) or DAY_MINUTES) <= minute(row["start"]):
            mend = "Split a window past midnight into two, one ending at 24:00."
            tell(problems, row, "end", f"not after it starts at {row['start']:%H:%M}", mend)
        for column in ("start", "end"):
            if draft.interval and row.has(column) and minute(row[column]) % draft.interval:
                off_grid(problems, row, column, draft.interval)


@rule("campaigns", "partner_campaigns")
def partner_share_possible(draft: Draft, problems: Problems) -> None:
    """A campaign with a min_partner_share above 0 has a partner certified for it."""
    certified = draft.grouped("partner_campaigns", "campaign")
    for row in draft.rows("campaigns"):
        if row.has("campaign") and (row.get("min_partner_share") or 0) > 0 and row["campaign"] not in certified:
            mend = "Certify a partner in partner_campaigns, or write 0."
            tell(problems, row, "min_partner_share", "no partner is certified for the campaign", mend)


RULES = (
    partner_prices,
    tier_bounds,
    partner_seats,
    partner_windows,
    window_times,
    partner_share_possible,
)
