"""Wall times that a chart can carry: plotly.js draws wall time and ignores offsets, so axes get explicit naive walls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from wfm.clock import Grid

SECOND = " (2nd)"
"""Marks a wall time of the hour that occurs twice when a clock goes back, the second time."""


@dataclass(frozen=True, eq=False)
class WallAxis:
    """Where the slots of a grid stand on an axis of wall times; the last item of both lists is the end of the grid.

    `walls`: wall time of every start, `fold` 1 where it occurs the second time. `places` never go back: they are the wall
    times, but an hour that occurs twice is drawn as two halves, one after the other, so that every slot has a place of its
    own. An hour that is skipped is empty.
    """

    walls: list[datetime]
    places: list[datetime]

    @classmethod
    def of(cls, grid: Grid, tz: ZoneInfo) -> WallAxis:
        walls = [grid.instant(slot).astimezone(tz).replace(tzinfo=None) for slot in range(grid.slots + 1)]
        twice: dict[date, list[datetime]] = {}
        for wall in walls:
            if wall.fold:
                twice.setdefault(wall.date(), []).append(wall)
        return cls(walls, [_place(wall, twice.get(wall.date(), []), grid) for wall in walls])

    @property
    def x(self) -> list[str]:
        """Places of the slots as plotly.js reads them."""
        return [place.isoformat(" ", "seconds" if place.second else "minutes") for place in self.places[:-1]]

    @property
    def labels(self) -> list[str]:
        """Wall times of the slots in words, each once."""
        return [f"{wall:%Y-%m-%d} {time_of_day(wall)}" for wall in self.walls[:-1]]

    @property
    def notes(self) -> list[str]:
        """For each slot what `x` does not tell: the true wall time in an hour that occurs twice, else nothing."""
        pairs = zip(self.walls[:-1], self.places[:-1], strict=True)
        return ["" if wall == place and not wall.fold else f" at {time_of_day(wall)}" for wall, place in pairs]


def time_of_day(wall: datetime) -> str:
    return f"{wall:%H:%M}{SECOND if wall.fold else ''}"


def _place(wall: datetime, twice: list[datetime], grid: Grid) -> datetime:
    """`twice`: the wall times that occur twice on that day, in order."""
    if not twice or not twice[0] <= wall <= twice[-1]:
        return wall
    half = len(twice) * grid.interval / 2
    return twice[0].replace(fold=0) + (wall - twice[0]) / 2 + wall.fold * half
