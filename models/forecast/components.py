"""What a forecast is made of, in figures that a page can put into words."""

from __future__ import annotations

import numpy as np

from models.forecast.accuracy_report import Component
from models.forecast.calendar import Calendar
from models.forecast.ensemble import SeriesForecast
from models.forecast.series import weekdays

NOTABLE = 0.1
"""Days on which the calendar moves the volume by at least this share are named."""
MOST_DAYS = 12


def components(made: SeriesForecast, calendar: Calendar) -> tuple[Component, ...]:
    """The level now (mean volume per open day), its trend within the horizon (last week / first week), each weekday's usual
    volume against the mean of the days worked, and the days that the calendar moves furthest, with the holiday or event.

    All but the calendar are of days with its effects divided out.
    """
    usual = np.divide(made.day_mean, made.factors, out=np.zeros_like(made.day_mean), where=made.factors > 0)
    worked = usual > 0
    if not worked.any():
        return ()
    found = [Component(kind="level", subject="", factor=float(usual[worked].mean()))]
    first, last = usual[:7][worked[:7]], usual[-7:][worked[-7:]]
    if len(first) and len(last):
        found.append(Component(kind="trend", subject="", factor=float(last.mean() / first.mean())))
    weekday = weekdays(made.days)
    for day in range(7):
        mine = worked & (weekday == day)
        if mine.any():
            factor = float(usual[mine].mean() / usual[worked].mean())
            found.append(Component(kind="weekday", subject=str(day + 1), factor=factor))
    notable = np.flatnonzero(worked & (np.abs(made.factors - 1) >= NOTABLE))
    furthest = sorted(notable.tolist(), key=lambda place: -abs(float(np.log(made.factors[place]))))[:MOST_DAYS]
    holidays, events = calendar.holidays(made.days), calendar.event_masks(made.days)
    names = [
        " + ".join(filter(None, [holiday, *(name for name, mask in events.items() if mask[place])]))
        for place, holiday in enumerate(holidays)
    ]
    found += [
        Component(
            kind="calendar",
            subject=f"{made.days[place]} {names[place]}".strip(),
            factor=round(float(made.factors[place]), 3),
        )
        for place in sorted(furthest)
    ]
    return tuple(found)
