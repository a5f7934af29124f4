"""The one place that makes zones and grids.

Zones come from the pinned `tzdata` package, never from the system, whose data may be older than Morocco's change of
2026-09-20. Instants are UTC; durations are elapsed time; a `Grid` numbers the intervals ("slots") of a plan from 0.
"""

from __future__ import annotations

import importlib.metadata
import importlib.resources
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from wfm.document import Document
from wfm.errors import StaleTimeZoneDataError, WallTimeError, WfmError

__all__ = ["PARIS", "RABAT", "UTC", "Grid", "check_tzdata", "day_starts", "is_zone", "to_utc", "tzdata_version", "zone"]

PARIS, RABAT = "Europe/Paris", "Africa/Casablanca"
"""Names of the two clocks that generated cases and examples use; no other module spells a zone's name (a test holds it)."""


def tzdata_version() -> str:
    """Version of the tz database in use, such as "2026.6"."""
    return importlib.metadata.version("tzdata")


@cache
def zone(name: str) -> ZoneInfo:
    """The zone called `name`, read from the pinned tz database.

    Raises WfmError when the database has no such zone.
    """
    resource = importlib.resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    try:
        with resource.open("rb") as file:
            return ZoneInfo.from_file(file, key=name)
    except (OSError, ValueError, ZoneInfoNotFoundError) as error:  # OSError: any odd path, such as a name too long
        raise WfmError(
            f"Unknown time zone {name!r}. Use a name of the IANA tz database, such as Europe/Paris."
        ) from error


def is_zone(name: str) -> bool:
    """Whether the pinned tz database knows `name`."""
    try:
        zone(name)
    except WfmError:
        return False
    return True


def check_tzdata() -> None:
    """Refuse to run on data that still puts Morocco at UTC+1 after 2026-09-20 (domain facts, section 4)."""
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC).astimezone(zone(RABAT))
    if noon.utcoffset() != timedelta(0):
        raise StaleTimeZoneDataError(
            f"The tz database {tzdata_version()} is older than Morocco's change of 2026-09-20: every roster would be "
            "one hour late. Install tzdata 2026.3 or newer."
        )


def to_utc(wall: datetime, tz: ZoneInfo) -> datetime:
    """The instant of a naive wall time in `tz`.

    Raises WallTimeError when the wall time is skipped or occurs twice there, because guessing would move work by an
    hour; give such times with their offset instead.
    """
    first, second = (wall.replace(tzinfo=tz, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(tz).replace(tzinfo=None) != wall:
        raise WallTimeError(f"{wall:%Y-%m-%d %H:%M} does not exist in {tz.key}: the clock jumps over it")
    if first != second:
        raise WallTimeError(f"{wall:%Y-%m-%d %H:%M} occurs twice in {tz.key}: write it with its UTC offset")
    return first


def day_start(day: date, tz: ZoneInfo) -> datetime:
    """The first instant of a local calendar day, in UTC. A skipped midnight starts the day at the first instant after."""
    return datetime.combine(day, time(0), tzinfo=tz).astimezone(UTC)


def day_starts(first_day: date, days: int, tz: ZoneInfo) -> list[datetime]:
    """The first instants of `days` + 1 consecutive local days, in UTC: day d lasts from item d to item d + 1."""
    return [day_start(first_day + timedelta(days=offset), tz) for offset in range(days + 1)]


class Grid(Document):
    """Equal intervals from `start` (UTC): slot i is [start + i * interval, start + (i + 1) * interval)."""

    start: datetime
    interval_minutes: int
    slots: int

    @classmethod
    def of_days(cls, first_day: date, days: int, interval_minutes: int, tz: ZoneInfo) -> Grid:
        """The grid that covers whole local days of `tz`, whether they have 23, 24 or 25 hours."""
        starts = day_starts(first_day, days, tz)
        minutes = int((starts[-1] - starts[0]).total_seconds()) // 60
        return cls(start=starts[0], interval_minutes=interval_minutes, slots=minutes // interval_minutes)

    @property
    def interval(self) -> timedelta:
        return timedelta(minutes=self.interval_minutes)

    def instant(self, slot: int) -> datetime:
        """Start of a slot, UTC; `slots` itself gives the end of the grid."""
        return self.start + slot * self.interval

    def slot(self, instant: datetime) -> int:
        """The slot that contains the instant; may lie outside [0, slots)."""
        return (instant - self.start) // self.interval

    def is_aligned(self, instant: datetime) -> bool:
        """Whether the instant is the edge of a slot."""
        return (instant - self.start) % self.interval == timedelta(0)

    def walls(self, tz: ZoneInfo) -> list[datetime]:
        """Wall time (naive) of every slot's start in `tz`."""
        return [self.instant(slot).astimezone(tz).replace(tzinfo=None) for slot in range(self.slots)]

    def day_first_slots(self, first_day: date, days: int, tz: ZoneInfo) -> NDArray[np.int64]:
        """First slot of `days` + 1 consecutive local days, clipped to the grid. Shape (days + 1,)."""
        slots = [self.slot(start) for start in day_starts(first_day, days, tz)]
        return np.clip(np.array(slots, dtype=np.int64), 0, self.slots)
