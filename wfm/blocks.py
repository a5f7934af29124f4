"""When the blocks that partners sell take place, and how much they are."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from fractions import Fraction

from wfm.case import Case
from wfm.clock import to_utc, zone
from wfm.partner import BlockShift, Partner
from wfm.plan import Purchase


def block_times(partner: Partner, shift: BlockShift, day: date) -> tuple[datetime, datetime]:
    """Start and end of a block shift on a partner's local day, UTC.

    Raises WallTimeError when the clock skips or repeats one of them that day.
    """
    tz = zone(partner.time_zone)
    end_day = day + timedelta(days=shift.end == time(0))
    return to_utc(datetime.combine(day, shift.start), tz), to_utc(datetime.combine(end_day, shift.end), tz)


def block_shift(case: Case, purchase: Purchase) -> BlockShift | None:
    """The block shift that a purchase names, None when its partner has no such shift."""
    shifts = case.partner_by_id[purchase.partner].shifts
    return next((shift for shift in shifts if shift.id == purchase.shift), None)


def purchase_times(case: Case, purchase: Purchase) -> tuple[datetime, datetime]:
    """Start and end of the seats bought, UTC. The purchase must name a known partner and shift (rule REFERENCE)."""
    shift = block_shift(case, purchase)
    if shift is None:
        raise KeyError(f"partner {purchase.partner} has no block shift {purchase.shift}")
    return block_times(case.partner_by_id[purchase.partner], shift, purchase.day)


def purchase_slots(case: Case, purchase: Purchase) -> tuple[int, int]:
    """First slot of the seats bought and the slot after their last."""
    start, end = purchase_times(case, purchase)
    return case.grid.slot(start), case.grid.slot(end)


def seats(case: Case, purchase: Purchase) -> int:
    """Seats bought: blocks x block_seats."""
    return purchase.blocks * case.partner_by_id[purchase.partner].block_seats


def productive_hours(case: Case, purchase: Purchase) -> Fraction:
    """Productive hours that the partner bills: seats x elapsed hours of the block shift, open or not."""
    start, end = purchase_times(case, purchase)
    return Fraction(seats(case, purchase) * ((end - start) // timedelta(minutes=1)), 60)
