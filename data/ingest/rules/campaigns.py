"""Rules on campaigns, their opening hours and events."""

from __future__ import annotations

from datetime import time

from data.ingest.draft import Draft
from data.ingest.parsed import Row
from data.ingest.problems import Problems
from data.ingest.rules.rule import rule, tell
from wfm.plan import IDLE

NEEDED = {
    "inbound": ("service_level", "service_seconds"),
    "outbound": ("attempt_seconds", "max_attempts"),
    "deferrable": ("deadline_hours",),
}
CALLBACKS = ("callback_of", "callback_seconds", "callback_share")
OWN = NEEDED | {
    "deferrable": (*NEEDED["deferrable"], *CALLBACKS, "blended_with"),
    "inbound": (
        *NEEDED["inbound"],
        "patience_seconds",
        "met_on_days",
        "target_period",
        "concurrency",
        "lost_contact_cost",
    ),
    "outbound": (*NEEDED["outbound"], "legal_basis", "second_call_of", "second_call_share", "eligible_share"),
}
DAY_MINUTES = 24 * 60


@rule("campaigns")
def channel_columns(draft: Draft, problems: Problems) -> None:
    """Inbound campaigns have service_level and service_seconds (and may have patience_seconds, met_on_days, target_period,
    concurrency and lost_contact_cost), outbound ones attempt_seconds, max_attempts and a legal basis (and may make second
    calls and have an eligible_share), deferrable ones deadline_hours (and may make callbacks or be blended_with
    an inbound campaign); each of these columns is empty for other channels.
    """
    for row in draft.rows("campaigns"):
        if not row.has("channel"):
            continue
        channel = row["channel"]
        for column in NEEDED[channel]:
            if row.empty(column):
                tell(problems, row, column, f"empty, but needed for channel {channel}", "Fill it in.")
        for column in sorted({name for names in OWN.values() for name in names} - set(OWN[channel])):
            if row.has(column):
                tell(problems, row, column, f"not used for channel {channel}", "Leave it empty.")


@rule("campaigns")
def lost_contacts(draft: Draft, problems: Problems) -> None:
    """lost_contact_cost needs patience_seconds: where nobody hangs up, no contact is lost."""
    for row in draft.rows("campaigns"):
        if row.has("lost_contact_cost") and row.empty("patience_seconds"):
            mend = "Fill in patience_seconds, or leave lost_contact_cost empty."
            tell(problems, row, "lost_contact_cost", "a price of lost contacts, but nobody hangs up", mend)


@rule("campaigns")
def callbacks(draft: Draft, problems: Problems) -> None:
    """callback_of, callback_seconds and callback_share stand together; callback_of names an inbound campaign of the same
    market, and no other campaign makes its callbacks.
    """
    taken: dict[str, int] = {}
    for row in draft.rows("campaigns"):
        if any(row.has(column) for column in CALLBACKS):
            for column in CALLBACKS:
                if row.empty(column):
                    tell(problems, row, column, "empty, but needed for callbacks", "Fill it in.")
        called = draft.campaigns.get(row["callback_of"]) if row.has("callback_of") else None
        if called is None:
            continue
        fault = _not_called(draft, row, called)
        if row["callback_of"] in taken:
            fault = f"its callbacks are made in row {taken[row['callback_of']]} already"
        taken.setdefault(row["callback_of"], row.number)
        if fault is not None:
            tell(problems, row, "callback_of", fault, "Name another inbound campaign of the same market.")


def _not_called(draft: Draft, row: Row, called: Row) -> str | None:
    """Why a campaign cannot call back the callers of another, None when it can."""
    if called.has("channel") and called["channel"] != "inbound":
        return f"campaign {called['campaign']!r} is {called['channel']}, callers wait in inbound ones"
    one, other = draft.market_of(row), draft.market_of(called)
    if one is not None and other is not None and one is not other:
        return f"a campaign of the market {called['market']!r}"
    return None


@rule("campaigns")
def blending(draft: Draft, problems: Problems) -> None:
    """blended_with names an inbound campaign whose agents handle one contact at a time, which has no lost_contact_cost and whose
    callers are not called back; a campaign of callbacks is blended with none.
    """
    called = {row["callback_of"] for row in draft.rows("campaigns") if row.has("callback_of")}
    for row in draft.rows("campaigns"):
        lender = draft.campaigns.get(row["blended_with"]) if row.has("blended_with") else None
        if lender is None or row.get("channel") != "deferrable":
            continue
        if row.has("callback_of"):
            mend = "Leave one of the two columns empty."
            tell(problems, row, "blended_with", "callbacks are not worked in the idle time of others", mend)
            continue
        fault = _not_blended(lender, called)
        if fault is not None:
            tell(problems, row, "blended_with", fault, "Name another inbound campaign, or leave it empty.")


def _not_blended(lender: Row, called: set[str]) -> str | None:
    """Why nothing may be worked in the idle time of a campaign's agents, None when it may."""
    name = lender["campaign"]
    if lender.has("channel") and lender["channel"] != "inbound":
        return f"campaign {name!r} is {lender['channel']}, only agents of inbound ones wait for contacts"
    if lender.has("concurrency") and lender["concurrency"] > 1:
        return f"agents of campaign {name!r} handle {lender['concurrency']} contacts at once"
    if lender.has("lost_contact_cost"):
        return f"campaign {name!r} has a lost_contact_cost, which is reckoned for agents who are free"
    if name in called:
        return f"callers of campaign {name!r} are called back, reckoned for agents who are free"
    return None


@rule("campaigns")
def campaign_id(draft: Draft, problems: Problems) -> None:
    """No campaign is called `idle`: rosters use that word for paid time without work."""
    for row in draft.rows("campaigns"):
        if row.get("campaign") == IDLE:
            tell(problems, row, "campaign", "the id 'idle' has a meaning of its own in rosters", "Choose another id.")


@rule("campaigns")
def shares(draft: Draft, problems: Problems) -> None:
    """min_inhouse_share + min_partner_share is at most 1; a campaign in stage test has min_inhouse_share 1."""
    for row in draft.rows("campaigns"):
        if row.get("stage") == "test" and row.has("min_inhouse_share") and row["min_inhouse_share"] != 1:
            mend = "Write 1: a test is worked in-house only."
            tell(problems, row, "min_inhouse_share", "not 1 although the stage is test", mend)
        elif row.has("min_inhouse_share", "min_partner_share"):
            total = row["min_inhouse_share"] + row["min_partner_share"]
            if total > 1 + 1e-9:
                mend = "Lower one of the two shares."
                tell(problems, row, "min_partner_share", f"with min_inhouse_share it makes {total:g}, over 1", mend)


@rule("campaigns", "opening_hours")
def opening_given(draft: Draft, problems: Problems) -> None:
    """Every campaign has opening hours."""
    opened = draft.grouped("opening_hours", "campaign")
    for campaign, row in draft.campaigns.items():
        if campaign not in opened:
            tell(problems, row, "campaign", "the campaign has no opening hours", "Add a row to opening_hours.")


@rule("opening_hours")
def opening_spans(draft: Draft, problems: Problems) -> None:
    """A campaign closes after it opens, on the same day (00:00 or 24:00 closes at midnight), and its spans of one weekday
    do not overlap.
    """
    for rows in draft.grouped("opening_hours", "campaign").values():
        taken: list[tuple[int, int, int, int]] = []
        for row in rows:
            if not row.has("weekdays", "opens", "closes"):
                continue
            opens, closes = minute(row["opens"]), minute(row["closes"]) or DAY_MINUTES
            if closes <= opens:
                mend = "Split hours past midnight into two rows, one ending at 24:00."
                tell(problems, row, "closes", f"not after it opens at {row['opens']:%H:%M}", mend)
                continue
            for weekday in row["weekdays"]:
                other = next((n for d, a, b, n in taken if d == weekday and a < closes and opens < b), None)
                if other is not None:
                    reason = f"overlaps the hours of row {other} on weekday {weekday}"
                    tell(problems, row, "opens", reason, "Let the hours of one day follow one another.")
                    break
            taken += [(weekday, opens, closes, row.number) for weekday in row["weekdays"]]


def minute(clock: time) -> int:
    """Minutes since midnight."""
    return clock.hour * 60 + clock.minute


@rule("events")
def event_days(draft: Draft, problems: Problems) -> None:
    """An event's last_day is not before its first_day."""
    for row in draft.rows("events"):
        if row.has("first_day", "last_day") and row["last_day"] < row["first_day"]:
            tell(problems, row, "last_day", f"before first_day {row['first_day']}", "Exchange or correct the two days.")


RULES = (
    channel_columns,
    lost_contacts,
    callbacks,
    blending,
    campaign_id,
    shares,
    opening_given,
    opening_spans,
    event_days,
)
