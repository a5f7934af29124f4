"""What differs between two plans of one case: money by kind, shifts and purchases. A small change should give a small one."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Literal

from wfm.clock import Grid
from wfm.document import Document
from wfm.plan import Plan, Shift


class KindChange(Document):
    """Lines of the bill of one kind together, minor units."""

    kind: str
    before_cents: int
    after_cents: int


class ShiftChange(Document):
    """One agent's day that is not as it was. Instants are UTC. `other work`: the same times, spent on other activities."""

    agent: str
    day: date
    change: Literal["added", "removed", "moved", "other work"]
    before_start: datetime | None
    before_end: datetime | None
    after_start: datetime | None
    after_end: datetime | None


class PurchaseChange(Document):
    """Blocks bought of one partner for one campaign, day and block shift."""

    partner: str
    campaign: str
    day: date
    shift: str
    before_blocks: int
    after_blocks: int


class Comparison(Document):
    """Everything that differs; `kept_shifts` are in both, to the minute and activity."""

    currency: str
    before_cents: int
    after_cents: int
    kinds: tuple[KindChange, ...]
    kept_shifts: int
    shifts: tuple[ShiftChange, ...]
    purchases: tuple[PurchaseChange, ...]


def compare(before: Plan, after: Plan) -> Comparison:
    """Both plans must be of one case: the same agents, partners, grid and currency."""
    return Comparison(
        currency=after.bill.currency,
        before_cents=before.bill.total_cents,
        after_cents=after.bill.total_cents,
        kinds=_kinds(before, after),
        kept_shifts=len(set(before.shifts) & set(after.shifts)),
        shifts=_shifts(before, after),
        purchases=_purchases(before, after),
    )


def _kinds(before: Plan, after: Plan) -> tuple[KindChange, ...]:
    sums: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for plan, cents in zip((before, after), sums, strict=True):
        for line in plan.bill.lines:
            cents[line.kind] += line.cents
    return tuple(
        KindChange(kind=kind, before_cents=sums[0][kind], after_cents=sums[1][kind])
        for kind in sorted({*sums[0], *sums[1]})
    )


def _shifts(before: Plan, after: Plan) -> tuple[ShiftChange, ...]:
    old, new = ({(shift.agent, shift.day): shift for shift in plan.shifts} for plan in (before, after))
    return tuple(
        _shift(after.grid, place, old.get(place), new.get(place))
        for place in sorted({*old, *new})
        if old.get(place) != new.get(place)
    )


def _shift(grid: Grid, place: tuple[str, date], old: Shift | None, new: Shift | None) -> ShiftChange:
    if old is None or new is None:
        change: Literal["added", "removed", "moved", "other work"] = "added" if old is None else "removed"
    else:
        same = (old.first_slot, old.last_slot) == (new.first_slot, new.last_slot)
        change = "other work" if same else "moved"
    return ShiftChange(
        agent=place[0],
        day=place[1],
        change=change,
        before_start=grid.instant(old.first_slot) if old else None,
        before_end=grid.instant(old.last_slot) if old else None,
        after_start=grid.instant(new.first_slot) if new else None,
        after_end=grid.instant(new.last_slot) if new else None,
    )


def _purchases(before: Plan, after: Plan) -> tuple[PurchaseChange, ...]:
    old, new = (
        {(bought.partner, bought.campaign, bought.day, bought.shift): bought.blocks for bought in plan.purchases}
        for plan in (before, after)
    )
    return tuple(
        PurchaseChange(
            partner=place[0], campaign=place[1], day=place[2], shift=place[3], before_blocks=old.get(place, 0),
            after_blocks=new.get(place, 0),
        )
        for place in sorted({*old, *new})
        if old.get(place) != new.get(place)
    )  # fmt: skip
