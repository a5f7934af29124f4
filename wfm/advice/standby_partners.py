"""What partners could still sell on a day on which a feast may fall or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from wfm.advice.advice import Advice, AdviceKind
from wfm.advice.risk import RiskDay, days_at_risk
from wfm.blocks import block_times, productive_hours, purchase_slots, seats
from wfm.campaign import Stage
from wfm.case import Case
from wfm.costs import tariff_cents
from wfm.errors import WallTimeError
from wfm.opening import open_slots
from wfm.partner import BlockShift, Partner
from wfm.plan import Plan
from wfm.worktime import week_of

Bools = NDArray[np.bool_]


def standby_partners(case: Case, plan: Plan) -> Iterator[Advice]:
    """For every day at risk, the seats of each partner that are free throughout a block shift which is sold that day, not too
    late to order, and in which a campaign that the partner may work is open: one row per partner and block shift.

    `hours` are productive hours of whole blocks; `cents` is what they would add to the partner's bill, by its tariff and
    minimum billing. Each row stands alone: shifts that overlap share their seats, and campaigns their shares of own work.
    """
    risks: dict[date, RiskDay] = {}
    for risk in days_at_risk(case):
        risks.setdefault(risk.day, risk)
    if not risks:
        return
    is_open = {campaign.id: open_slots(case, campaign) for campaign in case.campaigns}
    for risk in risks.values():
        for partner in case.partners:
            for shift in partner.shifts:
                advice = _spare(case, plan, partner, shift, risk, is_open)
                if advice is not None:
                    yield advice


def _spare(
    case: Case, plan: Plan, partner: Partner, shift: BlockShift, risk: RiskDay, is_open: dict[str, Bools]
) -> Advice | None:
    if risk.day < case.as_of + timedelta(days=partner.lead_time_days) or risk.day.isoweekday() not in shift.weekdays:
        return None
    try:
        start, end = block_times(partner, shift, risk.day)
    except WallTimeError:  # the clock skips or repeats an end of the block: it cannot be bought
        return None
    first, last = case.grid.slot(start), case.grid.slot(end)
    campaigns = [
        entry.campaign
        for entry in partner.certifications
        if case.campaign_by_id[entry.campaign].stage is not Stage.TEST and is_open[entry.campaign][first:last].any()
    ]
    blocks = (partner.seats_in_week(week_of(case, risk.day)) - _in_use(case, plan, partner, first, last)) // (
        partner.block_seats
    )
    if not campaigns or blocks <= 0 or last > case.grid.slots:
        return None
    spare = blocks * partner.block_seats
    hours = Fraction(spare * ((end - start) // timedelta(minutes=1)), 60)
    bought = sum(
        (productive_hours(case, purchase) for purchase in plan.purchases if purchase.partner == partner.id),
        Fraction(0),
    )
    return Advice(
        kind=AdviceKind.STANDBY_PARTNER,
        day=risk.day,
        subject=partner.id,
        hours=float(hours),
        cents=tariff_cents(partner, bought + hours) - tariff_cents(partner, bought),
        reason=f"{risk.why}. {spare} seats are free in block shift {shift.id} for {', '.join(campaigns)}.",
    )


def _in_use(case: Case, plan: Plan, partner: Partner, first: int, last: int) -> int:
    """Most seats of a partner that are bought at any moment of [first, last)."""
    used = np.zeros(case.grid.slots, dtype=np.int64)
    for purchase in plan.purchases:
        if purchase.partner == partner.id:
            start, end = purchase_slots(case, purchase)
            used[start:end] += seats(case, purchase)
    return int(used[first:last].max(initial=0))
