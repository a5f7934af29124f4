"""Progress of a long job as data: the terminal, the API and the page show the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from wfm.document import Document


class Progress(Document):
    """`fraction` of `stage` done, 0 to 1; incumbent cost and proven bound in minor units once known."""

    stage: Literal["forecast", "requirement", "plan", "check", "write"]
    fraction: float
    message: str
    incumbent_cents: int | None = None
    bound_cents: int | None = None


OnProgress = Callable[[Progress], None]
Stop = Callable[[], bool]


def silent(progress: Progress) -> None:
    """An OnProgress that shows nothing."""


def never() -> bool:
    """A Stop that never asks to stop."""
    return False
