"""The shapes a shift may take."""

from __future__ import annotations

from datetime import time
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from wfm.document import Document


class Break(Document):
    """A break inside a shift; it starts `earliest_after` to `latest_after` minutes after the shift's start, on the grid.
    Windows of one pattern do not overlap: break k ends before break k + 1 may start.

    `at_sunset` (the iftar break; the only break of its pattern): it starts on the grid as near to sunset as the law's
    `around_minutes` say instead, and falls away when the shift is not at work then; the two offsets are 0.
    """

    name: str
    minutes: Annotated[int, Field(gt=0)]
    paid: bool
    earliest_after: Annotated[int, Field(ge=0)]
    latest_after: Annotated[int, Field(ge=0)]
    at_sunset: bool = False


class Season(StrEnum):
    """When in the year a pattern may be used."""

    RAMADAN = "ramadan"
    OUTSIDE_RAMADAN = "outside_ramadan"


class ShiftPattern(Document):
    """A family of shifts: it starts at earliest_start, then every `step_minutes` up to latest_start (wall time of the
    site), lasts `presence_minutes` from start to end, breaks included. `contract` None: open to every contract;
    `season` None: all the year round.
    """

    id: str
    contract: str | None
    earliest_start: time
    latest_start: time
    step_minutes: Annotated[int, Field(gt=0)]
    presence_minutes: Annotated[int, Field(gt=0)]
    breaks: tuple[Break, ...]
    season: Season | None = None

    @property
    def effective_minutes(self) -> int:
        """Working time in the sense of the law and of pay: presence less unpaid breaks (all of them taken)."""
        return self.presence_minutes - sum(pause.minutes for pause in self.breaks if not pause.paid)
