"""Keeps the best plan of a search while it goes on: assembled, checked, and handed on with all that led to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from models.roster.watch import Result
from wfm.case import Case
from wfm.check import check_plan
from wfm.checkpoint import Checkpoint, OnCheckpoint
from wfm.plan import Plan
from wfm.progress import Stop

LEAST_SECONDS = 2.0
"""Between two checkpoints of one search; the first plan is kept at once."""

WORTH = 10.0
"""A checkpoint follows so many times what the last one took at the earliest: it costs the search a tenth of its time at most."""


class Keeper:
    """Hands `on_checkpoint` a plan that is better than the last one handed on, as often as that is worth its time."""

    def __init__(
        self,
        case: Case,
        made: Checkpoint,
        assemble: Callable[[Result], Plan],
        on_checkpoint: OnCheckpoint,
        stop: Stop,
    ) -> None:
        self._case, self._made, self._assemble = case, made, assemble
        self._on_checkpoint, self._stop = on_checkpoint, stop
        self._searched_before = made.searched
        self._next = 0.0

    def consider(self, found: Callable[[], Result], cost_cents: int) -> None:
        """An `OnFound`."""
        begun, made = monotonic(), self._made
        if begun < self._next or self._stop() or (made.plan and cost_cents >= made.plan.certificate.cost_cents):
            return
        result = found()
        plan = self._assemble(result)
        assert made.requirement is not None, "a search has a requirement"  # noqa: S101 - an invariant of the chain
        if not check_plan(
            self._case, made.requirement, plan
        ):  # else the end of the search tells; nothing to go back to
            self._made = replace(made, plan=plan, searched=self._searched_before + result.seconds)
            self._on_checkpoint(self._made)
        self._next = monotonic() + max(LEAST_SECONDS, WORTH * (monotonic() - begun))
