"""Rules on outbound campaigns: the law on calls, and second calls."""

from __future__ import annotations

from datetime import date

from data.ingest.draft import Draft
from data.ingest.parsed import Row
from data.ingest.problems import Problems
from data.ingest.rules.campaigns import DAY_MINUTES, minute
from data.ingest.rules.law import cite, in_force
from data.ingest.rules.rule import rule, tell
from wfm.calendar import Calendar
from wfm.law import LawRule
from wfm.opening import Span, legal_spans


@rule("plan", "markets", "campaigns")
def legal_basis(draft: Draft, problems: Problems) -> None:
    """Outbound campaigns have a legal_basis, and one that their market's law (XX-OPTIN) allows on every day of the plan."""
    for row in draft.rows("campaigns"):
        if row.get("channel") != "outbound":
            continue
        laws = _laws(draft, row, "OPTIN")
        for law in laws:
            bases = law.parameters["bases"]
            mend = f"Call only on one of these bases: {', '.join(bases)}."
            if row.empty("legal_basis"):
                reason = f"empty, and from {law.valid_from} on calls need a legal basis ({cite(law)})"
                tell(problems, row, "legal_basis", reason, mend)
            elif row.has("legal_basis") and row["legal_basis"] not in bases:
                tell(problems, row, "legal_basis", f"not legal from {law.valid_from} on ({cite(law)})", mend)
        if not laws and row.empty("legal_basis"):
            tell(problems, row, "legal_basis", "empty, but needed for channel outbound", "Fill it in.")


@rule("plan", "markets", "campaigns")
def attempts(draft: Draft, problems: Problems) -> None:
    """max_attempts is at most what the market's law allows per consumer (XX-OUT-FREQ)."""
    for row in draft.rows("campaigns"):
        if row.get("channel") != "outbound" or not row.has("max_attempts"):
            continue
        laws = _laws(draft, row, "OUT-FREQ")
        law = min(laws, key=lambda law: int(law.parameters["max_attempts"]), default=None)
        if law is not None and row["max_attempts"] > law.parameters["max_attempts"]:
            most = law.parameters["max_attempts"]
            reason = f"the law allows {most} attempts per consumer ({cite(law)})"
            tell(problems, row, "max_attempts", reason, f"Write at most {most}.")


def _laws(draft: Draft, campaign: Row, code: str) -> list[LawRule]:
    """The rules of the campaign's market that hold during the plan."""
    market = draft.market_of(campaign)
    return in_force(draft, market["country"], code) if market is not None and market.has("country") else []


@rule("plan", "markets", "campaigns", "opening_hours", "holidays")
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
        holidays = draft.calendar(market["country"])
        if not any(_callable(day, hours, holidays, draft.interval) for day in draft.days):
            mend = "Move its opening_hours into the legal calling hours of the market's country."
            tell(problems, row, "campaign", "its opening hours never meet legal calling hours in the plan", mend)


def _callable(day: date, hours: list[Row], holidays: Calendar, interval: int) -> bool:
    spans = [(row["opens"], row["closes"]) for row in hours if day.isoweekday() in row["weekdays"]]
    return any(_overlap(span, legal) >= interval for span in spans for legal in legal_spans(holidays, day))


def _overlap(one: Span, other: Span) -> int:
    """Common minutes of two spans of one day."""
    ends = (minute(one[1]) or DAY_MINUTES, minute(other[1]) or DAY_MINUTES)
    return min(ends) - max(minute(one[0]), minute(other[0]))


@rule("campaigns")
def second_calls(draft: Draft, problems: Problems) -> None:
    """second_call_of and second_call_share stand together. Second calls are an outbound campaign of their own that follows
    another outbound campaign of the same market, which is not itself one of second calls.
    """
    for row in draft.rows("campaigns"):
        if row.has("second_call_share") and row.empty("second_call_of"):
            mend = "Name the campaign whose contacts are called again, or leave it empty."
            tell(problems, row, "second_call_share", "a share without second_call_of", mend)
        if not row.has("second_call_of"):
            continue
        if row.empty("second_call_share"):
            mend = "Fill in the share of the contacts that are called again."
            tell(problems, row, "second_call_share", "empty, but needed with second_call_of", mend)
        first = draft.campaigns.get(row["second_call_of"])
        fault = None if first is None else _not_followed(row, first)
        if fault is not None:
            tell(problems, row, "second_call_of", fault, "Name another outbound campaign of the same market.")


def _not_followed(row: Row, first: Row) -> str | None:
    """Why a campaign cannot make the second calls of another, None when it can."""
    if first is row:
        return "a campaign does not follow itself"
    for campaign in (row, first):
        if campaign.has("channel") and campaign["channel"] != "outbound":
            return f"campaign {campaign['campaign']!r} is {campaign['channel']}, second calls are outbound"
    if row.has("market") and first.has("market") and row["market"] != first["market"]:
        return f"a campaign of the market {first['market']!r}"
    if first.has("second_call_of"):
        return f"itself second calls, of {first['second_call_of']!r}"
    return None


RULES = (legal_basis, attempts, outbound_open, second_calls)
