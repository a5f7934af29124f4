"""A list of records to dial, known by its size alone: no record, name or number is ever held."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from wfm.document import Document


class ListBatch(Document):
    """`records` loaded for an outbound campaign on `loaded_on`, dialled from then until `last_day` at the latest.

    `eligible` of them may be called at all (consent or contract); of these, `refused` refused a call, the latest on
    `refused_on`, and rest as long as the law says. `attempted_on`: days of the attempts made on each record before it was
    loaded, by whichever site or partner; they count against the law's attempts until they are old enough.
    """

    campaign: str
    batch: str
    loaded_on: date
    last_day: date
    records: Annotated[int, Field(ge=1)]
    eligible: Annotated[int, Field(ge=0)]
    refused: Annotated[int, Field(ge=0)] = 0
    refused_on: date | None = None
    attempted_on: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.refused <= self.eligible <= self.records:
            raise ValueError("refused is at most eligible, and eligible at most records")
        if self.refused and self.refused_on is None:
            raise ValueError("refusals need the day of the latest")
        return self
