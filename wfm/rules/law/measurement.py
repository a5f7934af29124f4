"""What a law rule finds: how far each thing that it binds is from its limit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from wfm.case import Case
from wfm.law import LawRule
from wfm.plan import Plan
from wfm.violation import Violation


@dataclass(frozen=True)
class Measurement:
    """One thing held against one rule. `margin` is what is left before the limit, in `unit`, and below 0 when it is broken;
    `found` and `limit` are the two figures in words, with their units.
    """

    rule: LawRule
    subject: str
    where: str
    found: str
    limit: str
    margin: float
    unit: str

    @property
    def is_legal(self) -> bool:
        return self.margin >= 0

    def violation(self) -> Violation:
        """The same as a breach."""
        return Violation(
            rule=self.rule.code, subject=self.subject, where=self.where, found=self.found, limit=self.limit
        )


Measure = Callable[[Case, Plan], Iterator[Measurement]]
