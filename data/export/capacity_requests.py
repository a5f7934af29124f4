"""What to ask of each partner, and capacity_requests.csv: one row per partner, campaign, day and block shift."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import groupby

from data.export.cells import local, money, table, text, utc
from data.export.roster import DRAFT_VERSION, schedule_id
from wfm.blocks import productive_hours, purchase_times, seats
from wfm.case import Case
from wfm.clock import zone
from wfm.costs import half_up
from wfm.document import Document
from wfm.partner import TierMode
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


class RequestedShift(Document):
    """Seats wanted in one block shift. Instants are UTC; `cost_cents` is its share of the partner's bill."""

    day: date
    shift: str
    start: datetime
    end: datetime
    blocks: int
    seats: int
    productive_hours: float
    cost_cents: int


class CapacityRequest(Document):
    """All that a plan asks of one partner for one campaign, and nothing of anybody else: what the partner may see.

    `reference` names the request in every plan of the same case. `average_price_cents` is the partner's whole bill, tiers
    and minimum billing included, per hour bought of it.
    """

    reference: str
    version: str
    state: str
    partner: str
    city: str
    time_zone: str
    campaign: str
    block_seats: int
    tier_mode: TierMode
    min_billed_hours: float
    average_price_cents: int
    currency: str
    shifts: tuple[RequestedShift, ...]


def capacity_requests(case: Case, plan: Plan, *, version: str = DRAFT_VERSION) -> list[CapacityRequest]:
    """One request per partner and campaign, sorted by them; the shifts by day and block shift. `version` is the plan's."""
    return [
        request
        for partner in sorted(case.partner_by_id)
        for request in _of_partner(case, plan, partner, version=version)
    ]


def capacity_requests_csv(case: Case, plan: Plan, *, version: str = DRAFT_VERSION) -> str:
    """Purchases as CSV, sorted by partner, campaign, day and block shift. One request id per partner and campaign.

    `productive_hours` are billed; `average_price_per_hour` is the partner's whole bill, tiers and minimum billing
    included, per hour bought; `cost_share` is the row's share of that bill, and the shares of a partner sum to it.
    Local times are the partner's; block size, tier mode and minimum billing repeat its terms.
    """
    return requests_csv(capacity_requests(case, plan, version=version))


def requests_csv(requests: Iterable[CapacityRequest]) -> str:
    """Requests as the table above."""
    return table(HEADER, (_row(request, shift) for request in requests for shift in request.shifts))


def _of_partner(case: Case, plan: Plan, partner_id: str, *, version: str) -> Iterator[CapacityRequest]:
    partner = case.partner_by_id[partner_id]
    own = sorted(
        (purchase for purchase in plan.purchases if purchase.partner == partner_id),
        key=lambda purchase: (purchase.campaign, purchase.day, purchase.shift),
    )
    if not own:
        return
    hours = [productive_hours(case, purchase) for purchase in own]
    bill_cents = sum(line.cents for line in plan.bill.lines if (line.kind, line.subject) == ("purchase", partner_id))
    shares = _shares(bill_cents, hours)
    rows = zip(own, (_shift(case, *row) for row in zip(own, hours, shares, strict=True)), strict=True)
    for campaign, of_campaign in groupby(rows, key=lambda row: row[0].campaign):
        yield CapacityRequest(
            reference=f"{schedule_id(plan)}-{partner.id}-{campaign}",
            version=version,
            state="draft",
            partner=partner.id,
            city=partner.city,
            time_zone=partner.time_zone,
            campaign=campaign,
            block_seats=partner.block_seats,
            tier_mode=partner.tier_mode,
            min_billed_hours=partner.min_billed_hours,
            average_price_cents=half_up(bill_cents / sum(hours, Fraction(0))),
            currency=case.currency,
            shifts=tuple(shift for _, shift in of_campaign),
        )


def _shift(case: Case, purchase: Purchase, bought: Fraction, share_cents: int) -> RequestedShift:
    start, end = purchase_times(case, purchase)
    return RequestedShift(
        day=purchase.day,
        shift=purchase.shift,
        start=start.astimezone(UTC),
        end=end.astimezone(UTC),
        blocks=purchase.blocks,
        seats=seats(case, purchase),
        productive_hours=float(bought),
        cost_cents=share_cents,
    )


def _row(request: CapacityRequest, shift: RequestedShift) -> tuple[str, ...]:
    tz = zone(request.time_zone)
    return (
        text(request.reference),
        request.version,
        request.state,
        text(request.partner),
        text(request.city),
        text(request.campaign),
        shift.day.isoformat(),
        text(shift.shift),
        local(shift.start, tz),
        local(shift.end, tz),
        request.time_zone,
        utc(shift.start),
        utc(shift.end),
        str(shift.blocks),
        str(shift.seats),
        str(request.block_seats),
        request.tier_mode.value,
        f"{request.min_billed_hours:g}",
        f"{shift.productive_hours:g}",
        money(request.average_price_cents),
        money(shift.cost_cents),
        request.currency,
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
