"""Sunset: when the fast is broken."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache

from astral import Observer
from astral.sun import sunset as astral_sunset


@cache
def sunset(latitude: float, longitude: float, day: date) -> datetime:
    """The instant of sunset (UTC) at a place, degrees north and east, on a day of its own clock.

    Right to about a minute between the polar circles (NOAA's equations, as the library has them).
    """
    at: datetime = astral_sunset(Observer(latitude, longitude), date=day, tzinfo=UTC)
    return at
