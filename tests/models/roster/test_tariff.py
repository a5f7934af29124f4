"""The optimiser's tariff and the bill's: two pieces of code, one figure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.roster import tariff
from wfm import costs
from wfm.partner import Partner, Tier, TierMode

prices = st.integers(0, 5000)
quarters = st.integers(0, 4000).map(lambda quarter: quarter / 4)


@st.composite
def partners(draw):
    starts = [0.0, *sorted(draw(st.sets(quarters.filter(bool), max_size=3)))]
    return partner(draw(st.sampled_from(TierMode)), draw(quarters), [(start, draw(prices)) for start in starts])


def partner(mode, minimum, tiers) -> Partner:
    return Partner(
        id="casa",
        name="Casa",
        city="Casablanca",
        time_zone="Africa/Casablanca",
        seats=10,
        current_seats=10,
        ramp_seats_per_week=0,
        block_seats=1,
        lead_time_days=0,
        min_billed_hours=minimum,
        tier_mode=mode,
        tiers=tuple(Tier(from_hours=start, price_per_hour=price) for start, price in tiers),
        shifts=(),
        certifications=(),
    )


def same(entry: Partner, hours: float) -> bool:
    return tariff.tariff_cents(entry, hours) == costs.tariff_cents(entry, Fraction(Decimal(str(hours))))


@given(partners(), quarters)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_any_partner_and_any_hours(entry, hours):
    assert same(entry, hours)


@pytest.mark.parametrize("mode", TierMode)
@pytest.mark.parametrize("minimum", [0, 40, 100, 120.1])
def test_the_edges_of_tiers_and_of_minimum_billing(mode, minimum):
    entry = partner(mode, minimum, [(0, 1301), (40, 1207), (100.5, 999)])

    for edge in (0, 40, minimum, 100.5):
        assert all(same(entry, max(0, edge + step)) for step in (-0.25, -0.1, 0, 0.1, 0.25))


def test_the_chord_joins_minimum_billing_and_everything():
    entry = partner(TierMode.INCREMENTAL, 10, [(0, 1300), (40, 1200)])

    assert tariff.chord_cents_per_hour(entry, 60) == pytest.approx((30 * 1300 + 20 * 1200) / 50)
    assert tariff.chord_cents_per_hour(entry, 10) == 0
