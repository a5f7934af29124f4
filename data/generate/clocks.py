"""The customers' clock and the agents', side by side."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from wfm.clock import PARIS, RABAT, zone


def minutes_ahead(day: date) -> int:
    """Minutes by which the clock of Paris is ahead of that of Rabat at noon of a day."""
    noon = datetime.combine(day, time(12))
    paris, rabat = (noon.replace(tzinfo=zone(name)).utcoffset() or timedelta() for name in (PARIS, RABAT))
    return int((paris - rabat).total_seconds()) // 60
