"""The planner's hand: a volume or a percentage in place of what was forecast, with who and why."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Self

from pydantic import Field, model_validator

from wfm.document import Document


class Override(Document):
    """For one campaign from `first_day` to `last_day`, on the whole of each day or from `from_time` to `to_time` of the
    market's clock (00:00 ends at midnight): `volume` contacts (records) in all, or `percent` more than forecast.

    `author` is a pseudonym, as of agents.
    """

    campaign: str
    first_day: date
    last_day: date
    from_time: time | None = None
    to_time: time | None = None
    volume: Annotated[float, Field(ge=0, le=1e7)] | None = None
    percent: Annotated[float, Field(ge=-100, le=1000)] | None = None
    author: Annotated[str, Field(min_length=1, max_length=64)]
    reason: Annotated[str, Field(min_length=3, max_length=200)]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.volume is None) == (self.percent is None):
            raise ValueError("give either a volume or a percentage")
        if self.last_day < self.first_day:
            raise ValueError("last_day is before first_day")
        if (self.from_time is None) != (self.to_time is None):
            raise ValueError("give both from_time and to_time, or neither for whole days")
        if self.from_time is not None and self.to_time is not None and time(0) < self.to_time <= self.from_time:
            raise ValueError("to_time is not after from_time")
        return self

    def __str__(self) -> str:
        days = f"{self.first_day}" + (f" to {self.last_day}" if self.last_day != self.first_day else "")
        clock = f" {self.from_time:%H:%M}-{self.to_time:%H:%M}" if self.from_time and self.to_time else ""
        what = f"{self.volume:,g} in all" if self.volume is not None else f"{self.percent:+g} %"
        return f"{self.campaign}, {days}{clock}: {what} ({self.author}: {self.reason})"
