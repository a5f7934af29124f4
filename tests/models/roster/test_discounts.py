"""Discounts earned in the relaxation, on two partners who only differ in what they bill."""

from __future__ import annotations

import numpy as np
import pytest

from models.roster import discounts
from models.roster.compile import compile_problem
from models.roster.discounts import earn_discounts
from models.roster.prices import solve_prices
from models.roster.relaxation import build_relaxation
from models.roster.tariff import tariff
from wfm.partner import Tier, TierMode


def market(case, rebuild, *tariffs):
    """Partners alike, but for (mode, minimum billed, price, discount from hours, price then) of each."""
    partners = [
        case.partners[0].model_dump()
        | {"id": f"p{number}", "current_seats": 20, "tier_mode": mode, "min_billed_hours": minimum}
        | {"tiers": (Tier(from_hours=0, price_per_hour=price), Tier(from_hours=start, price_per_hour=less))}
        for number, (mode, minimum, price, start, less) in enumerate(tariffs)
    ]
    return rebuild(case, partners=partners)


def answers(problem, left=lambda: 60.0):
    """(hours per partner, cents of all tariffs) of the relaxation at the chords and with discounts earned."""
    relaxation = build_relaxation(problem)
    chords = solve_prices(relaxation, tolerance=1e-4, time_limit=60.0, threads=1)
    _, earned = earn_discounts(problem, relaxation, chords, left=left, threads=1)
    offers, partners = problem.offers, problem.case.partners
    for prices in (chords, earned):
        hours = np.bincount(offers.partner, weights=prices.blocks * offers.hours, minlength=len(partners))
        yield hours, sum(tariff(partner, float(of)) for partner, of in zip(partners, hours, strict=True))


@pytest.fixture
def work(require):
    """Nine agents of service in every slot of the partners' shifts: some 300 hours of partners a week."""

    def make(case):
        slots = [48 * day + slot for day in range(5) for slot in (*range(16, 24), *range(26, 34))]
        return require(case, service=[(slot, slot + 1, 9000) for slot in slots])

    return make


@pytest.mark.parametrize("mode", TierMode)
def test_of_two_equal_partners_one_is_held_at_its_minimum(tiny_case, rebuild, work, mode):
    case = market(tiny_case, rebuild, *[(mode, 20, 1300, 200, 900)] * 2)

    (spread, spread_cents), (hours, cents) = answers(compile_problem(case, work(case)))

    assert spread.min() > 50
    assert hours.min() == pytest.approx(20, rel=0.05)
    assert hours.sum() == pytest.approx(spread.sum(), rel=0.02)
    assert cents < 0.95 * spread_cents


def test_a_discount_out_of_reach_leaves_the_dearer_partner_at_its_minimum(tiny_case, rebuild, work):
    # By their chords the first is cheaper: 900 from 600 hours on, which nobody needs.
    never, always = (TierMode.INCREMENTAL, 10, 1300, 500, 200), (TierMode.INCREMENTAL, 10, 1250, 700, 1200)
    case = market(tiny_case, rebuild, never, always)

    (chord_hours, chord_cents), (hours, cents) = answers(compile_problem(case, work(case)))

    assert chord_hours[0] > chord_hours[1]
    assert hours[0] == pytest.approx(10, rel=0.05)
    assert cents < chord_cents


def test_without_time_or_discounts_and_in_large_plans_the_answer_is_that_at_the_chords(
    tiny_case, rebuild, work, monkeypatch
):
    tiered = market(tiny_case, rebuild, *[(TierMode.INCREMENTAL, 20, 1300, 200, 900)] * 2)
    flat = rebuild(
        tiny_case, partners=[tiny_case.partners[0].model_dump() | {"tiers": (Tier(from_hours=0, price_per_hour=1300),)}]
    )

    for case, left, largest in ((tiered, 0.0, 10**9), (flat, 60.0, 10**9), (tiered, 60.0, 0)):
        monkeypatch.setattr(discounts, "LARGEST", largest)
        (before, _), (after, _) = answers(compile_problem(case, work(case)), lambda left=left: left)

        assert before == pytest.approx(after)
