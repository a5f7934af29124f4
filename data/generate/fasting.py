"""What Ramadan changes for a generated case: whether its plan touches it, and how late the fast is broken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from data.generate.case_folder import Row
from wfm.calendar import calendar
from wfm.clock import zone
from wfm.law import labour_pack
from wfm.sunset import sunset

GRID_MINUTES = 30


@dataclass(frozen=True)
class Iftar:
    """The break at sunset: by `latest` (minutes of the site's day) it can start on every day of fasting planned, and it
    lasts `minutes`.
    """

    latest: int
    minutes: int


def iftar(site: Row, days: list[date]) -> Iftar | None:
    """The break at sunset at a site on the days of fasting among `days`; None when there are none."""
    country = str(site["country"])
    fasting = [day for day in days if calendar(country).fasting(day)]
    if not fasting:
        return None
    pack = labour_pack(country)
    law = pack.require(f"{country}-RAMADAN", fasting[0]).parameters
    city, tz = pack.cities[str(site["city"])], zone(str(site["time_zone"]))
    starts = []
    for day in fasting:
        earliest = sunset(city.latitude, city.longitude, day) - timedelta(minutes=law["around_minutes"])
        wall = earliest.astimezone(tz)
        minute = wall.hour * 60 + wall.minute + (wall.second > 0 or wall.microsecond > 0)
        starts.append(-(-minute // GRID_MINUTES) * GRID_MINUTES)
    return Iftar(latest=max(starts), minutes=law["iftar_minutes"])
