"""Expected demand of a line: weekday, half-hour, season, trend, holidays, events. No randomness here."""

from __future__ import annotations

from datetime import date, time, timedelta

import numpy as np

from data.generate.lines import ATTEMPT_SECONDS, EVENTS, MAX_ATTEMPTS, MAX_OCCUPANCY, REACH, Line
from data.generate.load import Floats, attempts_per_record, handling_hours, inbound_agents
from wfm.calendar import calendar
from wfm.opening import legal_spans

INTERVAL_MINUTES = 30
SLOTS = 48
"""Half-hours of a market day; no line is open in the small hours in which clocks change."""
WEEKDAY_FACTOR = (1.16, 1.06, 0.98, 0.95, 0.88, 0.30, 0.0)
EVENT_FADE = (1.0, 1.0, 0.8, 0.6, 0.4)
LOADS = ((20, 0.7), (28, 0.3))
"""Outbound: slots in which records are loaded (10:00 and 14:00), with their share of the day."""


def expected(line: Line, days: list[date], origin: date) -> Floats:
    """Expected volume per half-hour of the market's wall time, for a line of one contact (or record) on an ordinary open
    day at `origin`, from which the trend runs. Shape (len(days), 48); exactly 0 where closed.
    """
    return np.array([_level(line, day, origin) * _profile(line, day) for day in days])


def open_slots(line: Line, day: date) -> list[int]:
    """Half-hours in which the line is worked on a day, by its opening hours, holidays and calling law."""
    if calendar("FR").is_holiday(day) and not line.open_on_holidays:
        return []
    slots: list[int] = []
    for weekdays, opens, closes in line.opening:
        first, _, last = weekdays.partition("-")
        if int(first) <= day.isoweekday() <= int(last or first):
            slots += range(_slot(opens), _slot(closes))
    if line.channel == "outbound":
        legal = [(_slot(f"{start:%H:%M}"), _slot(f"{end:%H:%M}")) for start, end in legal_spans(calendar("FR"), day)]
        slots = [slot for slot in slots if any(first <= slot < last for first, last in legal)]
    return slots


def required_hours(line: Line, volume: Floats) -> float:
    """Productive hours that expected volumes, shape (days, 48), need by the rules of thumb of `load`."""
    if line.channel == "inbound":
        agents = inbound_agents(volume, line.aht, INTERVAL_MINUTES, MAX_OCCUPANCY)
        return float(agents.sum()) * INTERVAL_MINUTES / 60.0
    contacts = float(volume.sum())
    if line.channel == "deferrable":
        return handling_hours(contacts, line.aht, MAX_OCCUPANCY)
    attempts = contacts * attempts_per_record(REACH, MAX_ATTEMPTS)
    dialling = handling_hours(attempts, ATTEMPT_SECONDS, MAX_OCCUPANCY)
    return dialling + handling_hours(attempts * REACH, line.aht, MAX_OCCUPANCY)


def _slot(wall: str) -> int:
    clock = time.fromisoformat(wall)
    return clock.hour * 2 + clock.minute // 30


def _level(line: Line, day: date, origin: date) -> float:
    """Expected volume of a whole day, 1 being an ordinary open day."""
    years = (day - origin).days / 365.25
    angle = 2.0 * np.pi * (day.timetuple().tm_yday - 15) / 365.25
    level = (1.0 + line.trend * years) * (1.0 + line.season * (np.cos(angle) + 0.4 * np.cos(2.0 * angle)))
    if line.channel == "outbound":
        level *= 1.0 if day.month != 8 else 0.6  # few answer in August, so fewer records are loaded
    else:
        level *= WEEKDAY_FACTOR[day.weekday()]
        if calendar("FR").is_holiday(day):
            level *= 0.35
        elif calendar("FR").is_holiday(day - timedelta(days=1)) and day.isoweekday() <= 5:
            level *= 1.15
    if (day.month, day.day) >= (12, 24) or (day.month, day.day) <= (1, 2):
        level *= 0.75
    for campaign, _, starts, extra in EVENTS:
        if campaign == line.id:
            since = [(day - date.fromisoformat(start)).days for start in starts]
            level *= 1.0 + extra * sum(EVENT_FADE[age] for age in since if 0 <= age < len(EVENT_FADE))
    return float(level)


def _profile(line: Line, day: date) -> Floats:
    """Shares of the half-hours in the day; sums to 1, or to 0 on a closed day. Shape (48,)."""
    slots = open_slots(line, day)
    shape = np.zeros(SLOTS)
    if not slots:
        return shape
    if line.channel == "outbound":
        for slot, share in LOADS:
            shape[slot] = share
        return shape
    hour = np.array(slots) / 2.0 + 0.25
    shape[slots] = 0.25 + np.exp(-(((hour - 10.5) / 1.6) ** 2)) + 0.8 * np.exp(-(((hour - 15.25) / 2.0) ** 2))
    if line.channel == "deferrable":
        shape[slots[0]] *= 4.0  # what came in overnight is counted when the line opens
    shape /= shape.sum()
    return shape
