"""PURCHASE-TERMS: what is bought is for sale: certified, sold on that weekday, after the lead time, of use, and in one row."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from wfm.blocks import block_shift, purchase_slots
from wfm.case import Case
from wfm.opening import open_slots
from wfm.plan import Plan, Purchase
from wfm.violation import Violation

CODE = "PURCHASE-TERMS"


def check(case: Case, plan: Plan) -> list[Violation]:
    bought = {purchase.campaign for purchase in plan.purchases}
    is_open = {campaign.id: open_slots(case, campaign) for campaign in case.campaigns if campaign.id in bought}
    found = []
    for purchase in plan.purchases:
        faults = _faults(case, purchase)
        first, last = purchase_slots(case, purchase)
        if not is_open[purchase.campaign][first:last].any():
            faults.append(("a block in which the campaign is closed throughout", "one open interval at least"))
        found += [_breach(purchase, fault, limit) for fault, limit in faults]
    rows = Counter((entry.partner, entry.campaign, entry.day, entry.shift) for entry in plan.purchases)
    repeated = {key for key, count in rows.items() if count > 1}
    for purchase in plan.purchases:
        key = (purchase.partner, purchase.campaign, purchase.day, purchase.shift)
        if key in repeated:
            repeated.remove(key)
            found.append(_breach(purchase, f"{rows[key]} rows", "1 row for partner, campaign, day and shift"))
    return found


def _breach(purchase: Purchase, found: str, limit: str) -> Violation:
    where = f"{purchase.campaign}, {purchase.day}, {purchase.shift}"
    return Violation(rule=CODE, subject=purchase.partner, where=where, found=found, limit=limit)


def _faults(case: Case, purchase: Purchase) -> list[tuple[str, str]]:
    partner = case.partner_by_id[purchase.partner]
    faults = []
    certified = [entry.campaign for entry in partner.certifications]
    if purchase.campaign not in certified:
        faults.append(("not certified for the campaign", f"certified: {', '.join(certified) or 'none'}"))
    shift = block_shift(case, purchase)
    if shift is not None and purchase.day.isoweekday() not in shift.weekdays:
        weekdays = " ".join(str(day) for day in shift.weekdays)
        faults.append((f"ISO weekday {purchase.day.isoweekday()}", f"sold on {weekdays}"))
    first_day = case.as_of + timedelta(days=partner.lead_time_days)
    if purchase.day < first_day:
        faults.append((f"day {purchase.day}", f"lead time of {partner.lead_time_days} days: {first_day} or later"))
    return faults
