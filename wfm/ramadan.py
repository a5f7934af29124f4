"""Ramadan in the roster: which patterns are for it, and when the fast may be broken."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from wfm.case import Case
from wfm.errors import WfmError
from wfm.law import labour_pack
from wfm.shift import Season, ShiftPattern
from wfm.sunset import sunset


def is_fasting(case: Case, day: date) -> bool:
    """Whether a day lies in the month of fasting of the own sites' country."""
    return case.calendar(case.sites[0].country).fasting(day)


def in_season(case: Case, pattern: ShiftPattern, day: date) -> bool:
    """Whether shifts of the pattern may start on a day."""
    return pattern.season is None or is_fasting(case, day) == (pattern.season is Season.RAMADAN)


def iftar_starts(case: Case, day: date) -> list[datetime]:
    """Grid edges (UTC) at which a break at sunset may start on a day, in order; [] where nobody fasts.

    They lie within `around_minutes` (rule RAMADAN) of sunset at the city of the first own site: all own sites share one clock,
    and their sunsets lie a few minutes apart.
    Raises WfmError where the country's pack does not know the city or the rule.
    """
    if not is_fasting(case, day):
        return []
    site = case.sites[0]
    pack = labour_pack(site.country)
    around = timedelta(minutes=pack.require(f"{site.country}-RAMADAN", day).parameters["around_minutes"])
    city = pack.cities.get(site.city)
    if city is None:
        known = ", ".join(pack.cities)
        raise WfmError(
            f"Where {site.city!r} lies is not known, so neither is its sunset. Add it to the pack, or use: {known}."
        )
    at = sunset(city.latitude, city.longitude, day)
    first = case.grid.slot(at - around)
    edges = (case.grid.instant(slot) for slot in range(first, case.grid.slot(at + around) + 1))
    return [edge for edge in edges if at - around <= edge <= at + around]
