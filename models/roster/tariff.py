"""What a partner bills for a number of productive hours: the optimiser's own arithmetic, apart from the checker's."""

from __future__ import annotations

from decimal import Decimal

from models.roster.problem import half_up
from wfm.partner import Partner, TierMode


def tariff_cents(partner: Partner, hours: float) -> int:
    """Cents for `hours` bought: the tiers at max(hours, min_billed_hours), rounded half up once."""
    return half_up(_tariff(partner, Decimal(str(max(hours, partner.min_billed_hours)))))


def tariff(partner: Partner, hours: float) -> float:
    """Cents before rounding."""
    return float(_tariff(partner, Decimal(str(max(hours, partner.min_billed_hours)))))


def _tariff(partner: Partner, hours: Decimal) -> Decimal:
    if partner.tier_mode is TierMode.ALL_UNITS:
        reached = [tier for tier in partner.tiers if Decimal(str(tier.from_hours)) <= hours]
        return hours * reached[-1].price_per_hour
    total = Decimal(0)
    upper: list[Decimal | None] = [Decimal(str(tier.from_hours)) for tier in partner.tiers[1:]]
    for tier, until in zip(partner.tiers, [*upper, None], strict=True):
        first = Decimal(str(tier.from_hours))
        if hours > first:
            total += (
                min(hours, until) if until is not None else hours
            ) * tier.price_per_hour - first * tier.price_per_hour
    return total


def chord_cents_per_hour(partner: Partner, most: float) -> float:
    """Average price of the hours between the minimum billing and the most that can be bought: the slope of the chord."""
    extra = most - partner.min_billed_hours
    if extra <= 0:
        return 0.0
    return (tariff_cents(partner, most) - tariff_cents(partner, 0.0)) / extra


def next_hour_cents(partner: Partner, hours: float) -> float:
    """Price of the tier in which the next hour beyond `hours`, or beyond the minimum billing, stands."""
    at = max(hours, partner.min_billed_hours)
    return float([tier.price_per_hour for tier in partner.tiers if tier.from_hours <= at][-1])
