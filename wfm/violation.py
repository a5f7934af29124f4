"""What a plan breaks."""

from __future__ import annotations

from wfm.document import Document


class Violation(Document):
    """One breach of a hard rule: `rule` is its code, `subject` the agent, partner or campaign, `where` the day or slot in words,
    `found` and `limit` the two figures with their units.
    """

    rule: str
    subject: str
    where: str
    found: str
    limit: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.subject}, {self.where}: {self.found}, limit {self.limit}"
