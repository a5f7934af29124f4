"""capacity_requests.csv: what to ask of partners, one row per partner, campaign, day and block shift."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from data.export.cells import local, money, table, text, utc
from data.export.roster import DRAFT_VERSION, schedule_id
from wfm.blocks import productive_hours, purchase_times, seats
from wfm.case import Case
from wfm.clock import zone
from wfm.costs import half_up
from wfm.plan import Plan, Purchase

HEADER = (
    "request_id",
    "version",
    "state",
    "partner",
    "city",
    "campaign",
    "day",
    "block_shift",
    "start_local",
    "end_local",
    "time_zone",
    "start_utc",
    "end_utc",
    "blocks",
    "seats",
    "block_seats",
    "tier_mode",
    "min_billed_hours",
    "productive_hours",
    "average_price_per_hour",
    "cost_share",
    "currency",
)


def capacity_requests_csv(case: Case, plan: Plan) -> str:
    """Purchases as CSV, sorted by partner, campaign, day and block shift. One request id per partner and campaign.

    `productive_hours` are billed; `average_price_per_hour` is the partner's whole bill, tiers and minimum billing
    included, per hour bought; `cost_share` is the row's share of that bill, and the shares of a partner sum to it.
    Local times are the partner's; block size, tier mode and minimum billing repeat its terms.
    """
    return table(HEADER, _rows(case, plan))


def _rows(case: Case, plan: Plan) -> Iterator[tuple[str, ...]]:
    bills = {line.subject: line.cents for line in plan.bill.lines if line.kind == "purchase"}
    for partner in sorted(case.partners, key=lambda partner: partner.id):
        own = sorted(
            (purchase for purchase in plan.purchases if purchase.partner == partner.id),
            key=lambda purchase: (purchase.campaign, purchase.day, purchase.shift),
        )
        hours = [productive_hours(case, purchase) for purchase in own]
        bill_cents = bills.get(partner.id, 0)
        average = half_up(bill_cents / sum(hours, Fraction(0))) if own else 0
        for purchase, bought, share in zip(own, hours, _shares(bill_cents, hours), strict=True):
            yield _row(case, plan, purchase, (f"{float(bought):g}", money(average), money(share)))


def _row(case: Case, plan: Plan, purchase: Purchase, amounts: tuple[str, str, str]) -> tuple[str, ...]:
    partner = case.partner_by_id[purchase.partner]
    tz = zone(partner.time_zone)
    start, end = purchase_times(case, purchase)
    return (
        text(f"{schedule_id(plan)}-{partner.id}-{purchase.campaign}"),
        DRAFT_VERSION,
        "draft",
        text(partner.id),
        text(partner.city),
        text(purchase.campaign),
        purchase.day.isoformat(),
        text(purchase.shift),
        local(start, tz),
        local(end, tz),
        partner.time_zone,
        utc(start),
        utc(end),
        str(purchase.blocks),
        str(seats(case, purchase)),
        str(partner.block_seats),
        partner.tier_mode.value,
        f"{partner.min_billed_hours:g}",
        *amounts,
        case.currency,
    )


def _shares(total: int, hours: list[Fraction]) -> list[int]:
    """Whole minor units in proportion to hours that sum to `total`: differences of the rounded running sum."""
    everything = sum(hours, Fraction(0))
    shares, running, given = [], Fraction(0), 0
    for bought in hours:
        running += bought
        upto = half_up(total * running / everything)
        shares.append(upto - given)
        given = upto
    return shares
