"""From documents to arrays."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np

from models.roster.offers import compile_offers
from models.roster.options import compile_options
from models.roster.problem import NO_CAP, Ints, Problem, cents_per_milli_slot
from models.roster.staff import compile_staff
from models.roster.undone import joined, pieces_of
from wfm.case import Case
from wfm.opening import open_slots
from wfm.requirement import Requirement


def compile_problem(case: Case, requirement: Requirement) -> Problem:
    """Turn documents into arrays; the documents were validated when they were read."""
    mask = np.array([open_slots(case, campaign) for campaign in case.campaigns])
    by_campaign = {entry.campaign: entry for entry in requirement.campaigns}
    entries = [by_campaign[campaign.id] for campaign in case.campaigns]
    shortage_rate = np.array([campaign.shortage_cost_per_hour for campaign in case.campaigns], dtype=np.int64)
    price = cents_per_milli_slot(shortage_rate, case.interval_minutes)
    pieces = [pieces_of(entry, float(cents)) for entry, cents in zip(entries, price, strict=True)]
    options = compile_options(case)
    most, least = _partner_work(case, [entry.work for entry in entries])
    return Problem(
        case=case,
        slots=case.grid.slots,
        days=case.days,
        weeks=case.weeks,
        slot_minutes=case.interval_minutes,
        open=mask,
        options=options,
        staff=compile_staff(case, options, mask),
        offers=compile_offers(case, mask),
        items=tuple(items for items, _ in pieces),
        undone=joined([undone for _, undone in pieces]),
        shortage_rate=shortage_rate,
        max_heads=np.array([campaign.max_agents or NO_CAP for campaign in case.campaigns], dtype=np.int64),
        partner_work_cap=most,
        partner_work_floor=least,
    )


def _partner_work(case: Case, work: list[int]) -> tuple[Ints, Ints]:
    """Most and least work, milli agent-slots, that partners may and must do of every campaign; shares count as written."""
    shares = [
        (1 - Decimal(str(campaign.min_inhouse_share)), Decimal(str(campaign.min_partner_share)))
        for campaign in case.campaigns
    ]
    most = [(total * share).to_integral_value(ROUND_FLOOR) for (share, _), total in zip(shares, work, strict=True)]
    least = [(total * share).to_integral_value(ROUND_CEILING) for (_, share), total in zip(shares, work, strict=True)]
    return np.array(most, dtype=np.int64), np.array(least, dtype=np.int64)
