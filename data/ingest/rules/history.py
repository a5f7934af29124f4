"""Rules on contact history; all work on whole columns, only faulty rows are looked at one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from data.ingest.draft import Draft
from data.ingest.history import HistoryPart
from data.ingest.parsed import Row
from data.ingest.problems import Problems
from data.ingest.rules.agents import clock_mend
from data.ingest.rules.rule import rule, tell
from wfm.clock import day_start

NEEDED = {"inbound": ("volume",), "deferrable": ("volume",), "outbound": ("records_loaded", "attempts", "contacts")}
FOREIGN = {"inbound": NEEDED["outbound"], "deferrable": NEEDED["outbound"], "outbound": ("volume",)}
FEWEST_DAYS = 14


def _rows(part: HistoryPart, faulty: NDArray[np.bool_]) -> Iterator[Row]:
    return (part.table.row(place) for place in part.places[faulty].tolist())


@rule("campaigns", "markets", "history")
def history_clock(draft: Draft, problems: Problems) -> None:
    """A wall time without offset occurs exactly once on the market's clock; times in the hour that a clock change repeats
    are written with their offset.
    """
    for part in draft.history:
        codes = part.codes()
        for index in np.flatnonzero(np.isin(codes, list(part.clock_faults))).tolist():
            row = part.table.row(int(part.places[index]))
            fault = part.clock_faults[int(codes[index])]
            tell(problems, row, "interval_start", str(fault), clock_mend(row["interval_start"]))


@rule("plan", "campaigns", "markets", "history")
def history_grid(draft: Draft, problems: Problems) -> None:
    """Intervals start at multiples of interval_minutes after the full UTC hour."""
    for part in draft.history if draft.interval else []:
        for row in _rows(part, part.minutes % (draft.interval or 1) > 0):
            mend = "Sum the history to the plan's intervals, or correct the time."
            tell(problems, row, "interval_start", f"not the start of an interval of {draft.interval} minutes", mend)


@rule("campaigns", "markets", "history")
def history_once(draft: Draft, problems: Problems) -> None:
    """No interval of a campaign is given twice, however its start is written."""
    for part in draft.history:
        _, firsts, which = np.unique(part.minutes, return_index=True, return_inverse=True)
        first = firsts[which]
        again = (first != np.arange(len(first))) & ~np.isnan(part.minutes)
        for index in np.flatnonzero(again).tolist():
            row = part.table.row(int(part.places[index]))
            other = part.table.numbers[part.places[first[index]]]
            mend = "Remove one of the two rows, or add them up."
            tell(problems, row, "interval_start", f"the same interval of the campaign as in row {other}", mend)


@rule("plan", "campaigns", "markets", "history")
def history_past(draft: Draft, problems: Problems) -> None:
    """History ends before as_of (days of the market)."""
    if not draft.plan.has("as_of"):
        return
    as_of = draft.plan["as_of"]
    for part in draft.history:
        limit = day_start(as_of, part.tz).timestamp() / 60
        for row in _rows(part, part.minutes >= limit):
            tell(problems, row, "interval_start", f"not before as_of {as_of}", "Remove the row, or correct as_of.")


@rule("campaigns", "markets", "history")
def history_columns(draft: Draft, problems: Problems) -> None:
    """Inbound and deferrable rows have a volume, outbound rows records_loaded, attempts and contacts; what belongs to the
    other kind is empty or 0.
    """
    for part in draft.history:
        for column in NEEDED.get(part.channel or "", ()):
            for row in _rows(part, part.empty(column)):
                tell(problems, row, column, f"empty, but needed for channel {part.channel}", "Fill it in; none is 0.")
        for column in FOREIGN.get(part.channel or "", ()):
            for row in _rows(part, part.numbers(column) > 0):
                tell(problems, row, column, f"not used for channel {part.channel}", "Leave it empty.")


@rule("campaigns", "markets", "history")
def history_contacts(draft: Draft, problems: Problems) -> None:
    """Outbound contacts are at most the attempts of their interval. (handled may exceed volume: work carried over.)"""
    for part in draft.history:
        for row in _rows(part, part.numbers("contacts") > part.numbers("attempts")):
            tell(problems, row, "contacts", f"more than the {row['attempts']:g} attempts", "Correct one of the two.")


@rule("campaigns", "markets", "history")
def history_span(draft: Draft, problems: Problems) -> None:
    """Every campaign has at least 14 days from its first to its last interval and at least one aht_seconds."""
    for part in draft.history:
        campaign = draft.campaigns[part.campaign]
        minutes = part.minutes[~np.isnan(part.minutes)]
        if len(minutes) < len(part.places):
            continue
        days = _days(minutes, part) if len(minutes) else 0
        if days < FEWEST_DAYS:
            reason = f"its history spans {days} days, at least {FEWEST_DAYS} are needed"
            tell(problems, campaign, "campaign", reason, "Add rows to history.")
        elif part.empty("aht_seconds").all():
            mend = "Fill in aht_seconds in history."
            tell(problems, campaign, "campaign", "its history has no handling time", mend)


def _days(minutes: NDArray[np.float64], part: HistoryPart) -> int:
    """Local days from the first to the last interval, both counted."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    first, last = (
        (epoch + timedelta(minutes=float(edge))).astimezone(part.tz).date() for edge in (minutes.min(), minutes.max())
    )
    return (last - first).days + 1


RULES = (
    history_clock,
    history_grid,
    history_once,
    history_past,
    history_columns,
    history_contacts,
    history_span,
)
