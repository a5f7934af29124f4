"""Rules on campaigns, their law, their opening hours and events."""

from __future__ import annotations

from datetime import date, time

from data.ingest.draft import Draft
from data.ingest.parsed import Row
from data.ingest.problems import Problems
from data.ingest.rules.rule import rule, tell
from wfm.calendar import calendar
from wfm.law import LawRule, country_pack
from wfm.opening import Span, legal_spans
from wfm.plan import IDLE

NEEDED = {
    "inbound": ("service_level", "service_seconds"),
    "outbound": ("legal_basis", "attempt_seconds", "max_attempts"),
    "deferrable": ("deadline_hours",),
}
OWN = NEEDED | {"inbound": (*NEEDED["inbound"], "patience_seconds")}
DAY_MINUTES = 24 * 60


@rule("campaigns")
def channel_columns(draft: Draft, problems: Problems) -> None:
    """Inbound campaigns have service_level and service_seconds (and may have patience_seconds), outbound ones legal_basis,
    attempt_seconds and max_attempts, deferrable ones deadline_hours; each of these columns is empty for other channels.
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


@rule("plan", "markets", "campaigns")
def calling_law(draft: Draft, problems: Problems) -> None:
    """Outbound keeps the calling law of its market as in force during the plan: legal basis (FR-OPTIN) and attempts per
    consumer (FR-OUT-FREQ).
    """
    for row in draft.rows("campaigns"):
        if row.get("channel") != "outbound":
            continue
        opt_in = _laws(draft, row, "OPTIN")
        bases = [basis for basis in opt_in[:1] for basis in basis.parameters["bases"]]
        if opt_in and row.has("legal_basis") and row["legal_basis"] not in bases:
            mend = f"Call only on one of these bases: {', '.join(bases)}."
            tell(problems, row, "legal_basis", f"not legal during the plan ({opt_in[0].source})", mend)
        limits = [law.parameters["max_attempts"] for law in _laws(draft, row, "OUT-FREQ")]
        if limits and row.has("max_attempts") and row["max_attempts"] > min(limits):
            reason = f"the law allows {min(limits)} attempts per consumer"
            tell(problems, row, "max_attempts", reason, f"Write at most {min(limits)}.")


def _laws(draft: Draft, campaign: Row, code: str) -> list[LawRule]:
    """The market's rules of this code in force on the last and the first day of the plan."""
    market = draft.market_of(campaign)
    pack = country_pack(market["country"]) if market is not None and market.has("country") else None
    if pack is None or not draft.days:
        return []
    found = [pack.rule(f"{pack.country}-{code}", day) for day in (draft.days[-1], draft.days[0])]
    return [law for law in found if law is not None]


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


@rule("plan", "markets", "campaigns", "opening_hours")
def outbound_open(draft: Draft, problems: Problems) -> None:
    """The opening hours of an outbound campaign contain a whole interval of legal calling time on at least one day."""
    opened = draft.grouped("opening_hours", "campaign")
    for campaign, row in draft.campaigns.items():
        market = draft.market_of(row)
        if row.get("channel") != "outbound" or market is None or not market.has("country"):
            continue
        hours = opened.get(campaign, [])
        if (
            not hours
            or not draft.interval
            or not draft.days
            or not all(span.has("weekdays", "opens", "closes") for span in hours)
        ):
            continue
        if not any(_callable(day, hours, market["country"], draft.interval) for day in draft.days):
            mend = "Move its opening_hours into the legal calling hours of the market's country."
            tell(problems, row, "campaign", "its opening hours never meet legal calling hours in the plan", mend)


def _callable(day: date, hours: list[Row], country: str, interval: int) -> bool:
    spans = [(row["opens"], row["closes"]) for row in hours if day.isoweekday() in row["weekdays"]]
    return any(_overlap(span, legal) >= interval for span in spans for legal in legal_spans(calendar(country), day))


def _overlap(one: Span, other: Span) -> int:
    """Common minutes of two spans of one day."""
    ends = (minute(one[1]) or DAY_MINUTES, minute(other[1]) or DAY_MINUTES)
    return min(ends) - max(minute(one[0]), minute(other[0]))


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
    campaign_id,
    shares,
    calling_law,
    opening_given,
    opening_spans,
    outbound_open,
    event_days,
)
