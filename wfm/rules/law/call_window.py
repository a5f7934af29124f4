"""<country>-OUT-WINDOW: no minute of an outbound call outside the legal hours of the consumer's clock, or on a public holiday.

Every minute is judged alone, from its UTC instant and the pack, without `wfm.opening`, which planned the calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from wfm.campaign import Campaign
from wfm.case import Case
from wfm.clock import zone
from wfm.law import LawRule
from wfm.plan import Plan
from wfm.rules.law.calls import calls, outbound
from wfm.rules.law.measurement import Measurement
from wfm.rules.law.presence import MINUTE
from wfm.rules.law.scope import consumer_rule
from wfm.rules.words import wall

CODE = "OUT-WINDOW"
DAY_MINUTES = 1440


def measure(case: Case, plan: Plan) -> Iterator[Measurement]:
    for campaign in outbound(case):
        clock = ConsumerClock(case, campaign)
        for subject, first, last in calls(case, plan, campaign):
            slots = [(slot, found) for slot in range(first, last) if (found := clock.slot(slot)) is not None]
            if slots:
                yield _measurement(case, campaign, subject, slots)


@dataclass(frozen=True)
class SlotFound:
    """What the minutes of one slot are: how many lie outside the legal hours, and how near to their edge the others come."""

    rule: LawRule
    outside: int
    edge: int


def _measurement(case: Case, campaign: Campaign, subject: str, slots: list[tuple[int, SlotFound]]) -> Measurement:
    outside = sum(found.outside for _, found in slots)
    at, found = next(((slot, found) for slot, found in slots if found.outside), slots[0])
    spans = ", ".join(f"{start} to {end}" for start, end in found.rule.parameters["spans"])
    weekdays = " ".join(str(weekday) for weekday in found.rule.parameters["weekdays"])
    return Measurement(
        rule=found.rule,
        subject=subject,
        where=f"{wall(case, at)}, {campaign.id}",
        found=f"calls {outside} min outside the legal hours",
        limit=f"{spans} on ISO weekdays {weekdays} of the consumer's clock, no public holiday",
        margin=-outside if outside else min(found.edge for _, found in slots),
        unit="min",
    )


class ConsumerClock:
    """The law of a campaign's market, minute by minute, on the clock of its consumers."""

    def __init__(self, case: Case, campaign: Campaign) -> None:
        self._case, self._campaign = case, campaign
        self._tz = zone(case.market_by_id[campaign.market].time_zone)
        self._slots: dict[int, SlotFound | None] = {}
        self._days: dict[date, tuple[LawRule | None, list[tuple[int, int]]]] = {}

    def slot(self, slot: int) -> SlotFound | None:
        """What the minutes of a slot are; None where no law binds any of them."""
        if slot not in self._slots:
            self._slots[slot] = self._find(slot)
        return self._slots[slot]

    def _find(self, slot: int) -> SlotFound | None:
        start = self._case.grid.instant(slot)
        law, outside, edge = None, 0, DAY_MINUTES
        for minute in range(self._case.interval_minutes):
            local = (start + minute * MINUTE).astimezone(self._tz)
            rule, spans = self._day(local.date())
            if rule is None:
                continue
            law, at = law or rule, local.hour * 60 + local.minute
            span = next(((first, end) for first, end in spans if first <= at < end), None)
            if span is None:
                outside += 1
            else:
                edge = min(edge, at - span[0], span[1] - at - 1)
        return SlotFound(law, outside, edge) if law else None

    def _day(self, day: date) -> tuple[LawRule | None, list[tuple[int, int]]]:
        """The rule of a local day, and its legal spans in minutes after midnight."""
        if day not in self._days:
            rule = consumer_rule(self._case, self._campaign, CODE, day)
            country = self._case.market_by_id[self._campaign.market].country
            legal = (
                rule is not None
                and day.isoweekday() in rule.parameters["weekdays"]
                and not self._case.calendar(country).is_holiday(day)
            )
            spans = rule.parameters["spans"] if rule and legal else []
            self._days[day] = rule, [(_minute(start), _minute(end) or DAY_MINUTES) for start, end in spans]
        return self._days[day]


def _minute(text: str) -> int:
    at = time.fromisoformat(text)
    return at.hour * 60 + at.minute
