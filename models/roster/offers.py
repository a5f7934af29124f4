"""Every block that partners sell, as arrays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import numpy as np

from models.roster.problem import Bools, Offers, half_up
from wfm.blocks import block_times
from wfm.case import Case
from wfm.errors import WallTimeError
from wfm.partner import Partner
from wfm.requirement import MILLI


def compile_offers(case: Case, mask: Bools) -> Offers:
    """All offers inside the plan and its lead times; `mask` has shape (campaigns, slots), True where open."""
    campaign_of = {campaign.id: row for row, campaign in enumerate(case.campaigns)}
    rows: list[tuple[int, ...]] = []
    hours: list[float] = []
    for number, partner in enumerate(case.partners):
        for day, position, first, last in _block_shifts(case, partner):
            most = partner.seats_in_week(day // 7) // partner.block_seats
            for certified in partner.certifications:
                campaign = campaign_of[certified.campaign]
                # With the whole work kept in-house nothing may be bought, not even for a share of 0 hours.
                if most == 0 or not mask[campaign, first:last].any() or case.campaigns[campaign].min_inhouse_share >= 1:
                    continue
                effect = half_up(MILLI * Decimal(str(certified.productivity))) * partner.block_seats
                rows.append((number, campaign, day, position, first, last, most, partner.block_seats, effect))
                hours.append(partner.block_seats * (last - first) * case.interval_minutes / 60)
    table = np.array(rows, dtype=np.int64).reshape(-1, 9)
    partner_, campaign_, day_, shift, first_, last_, most_, seats, effects = (np.ascontiguousarray(c) for c in table.T)
    return Offers(
        partner=partner_,
        campaign=campaign_,
        day=day_,
        shift=shift,
        first=first_,
        last=last_,
        most=most_,
        hours=np.array(hours),
        seats=seats,
        effect=effects,
        work=np.array(
            [mask[q, a:b].sum() * e for q, a, b, e in zip(campaign_, first_, last_, effects, strict=True)],
            dtype=np.int64,
        ),
        seat_cap=np.array(
            [[partner.seats_in_week(day // 7) for day in range(case.days)] for partner in case.partners], dtype=np.int64
        ).reshape(-1, case.days),
    )


def _block_shifts(case: Case, partner: Partner) -> Iterator[tuple[int, int, int, int]]:
    """(day, position, first slot, slot after the last) of every block shift that can be bought; days on which the clock skips
    or repeats one of its edges are left out.
    """
    grid = case.grid
    for day in range(case.days):
        date = case.first_day + timedelta(days=day)
        if date < case.as_of + timedelta(days=partner.lead_time_days):
            continue
        for position, shift in enumerate(partner.shifts):
            if date.isoweekday() not in shift.weekdays:
                continue
            try:
                start, end = block_times(partner, shift, date)
            except WallTimeError:
                continue
            first, last = grid.slot(start), grid.slot(end)
            if grid.is_aligned(start) and grid.is_aligned(end) and 0 <= first < last <= grid.slots:
                yield day, position, first, last
