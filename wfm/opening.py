"""When a campaign may be worked: its opening hours, public holidays, and the law on outbound calls."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from wfm.calendar import Calendar
from wfm.campaign import Campaign, Channel, OpeningHours
from wfm.case import Case
from wfm.clock import Grid, zone
from wfm.law import country_pack

Span = tuple[time, time]


def open_slots(case: Case, campaign: Campaign) -> NDArray[np.bool_]:
    """Mask over the plan's grid: True where the campaign may be worked. Shape (slots,)."""
    hours = [hours for hours in case.opening_hours if hours.campaign == campaign.id]
    market = case.market_by_id[campaign.market]
    return open_mask(case.grid, campaign, hours, case.calendar(market.country), zone(market.time_zone))


def open_mask(
    grid: Grid, campaign: Campaign, hours: list[OpeningHours], holidays: Calendar, tz: ZoneInfo
) -> NDArray[np.bool_]:
    """Mask over any grid: a slot counts as open only if all of it lies inside one opening span on one local day and, for
    outbound, inside one legal span as well. Shape (slots,).
    """
    by_weekday: dict[int, list[Span]] = {}
    for entry in hours:
        by_weekday.setdefault(entry.weekday, []).append((entry.opens, entry.closes))
    mask = np.zeros(grid.slots, dtype=bool)
    for slot, wall in enumerate(grid.walls(tz)):
        day = wall.date()
        if not _inside(wall, grid.interval, by_weekday.get(day.isoweekday(), [])):
            continue
        if campaign.channel is Channel.OUTBOUND:
            mask[slot] = _inside(wall, grid.interval, legal_spans(holidays, day))
        else:
            mask[slot] = campaign.open_on_holidays or not holidays.is_holiday(day)
    return mask


@cache
def legal_spans(holidays: Calendar, day: date) -> list[Span]:
    """Spans of the consumer's clock in which outbound calls are legal on a day in the country of `holidays`; the whole day
    where no law is known.
    """
    pack = country_pack(holidays.country)
    rule = pack.rule(f"{holidays.country}-OUT-WINDOW", day) if pack else None
    if rule is None:
        return [(time(0), time(0))]
    if day.isoweekday() not in rule.parameters["weekdays"] or holidays.is_holiday(day):
        return []
    return [(time.fromisoformat(start), time.fromisoformat(end)) for start, end in rule.parameters["spans"]]


def _inside(wall: datetime, length: timedelta, spans: list[Span]) -> bool:
    """Whether [wall, wall + length) lies inside one span; a span that closes at 00:00 ends at midnight."""
    for opens, closes in spans:
        start = datetime.combine(wall.date(), opens)
        end = datetime.combine(wall.date() + timedelta(days=closes == time(0)), closes)
        if start <= wall and wall + length <= end:
            return True
    return False
