"""Rules on what is bought: terms, seats, tests, shares."""

from __future__ import annotations

from datetime import date, time

import pytest

from wfm.campaign import Stage
from wfm.partner import BlockShift, Certification
from wfm.plan import Purchase
from wfm.rules import inhouse_test, partner_seats, partner_share, purchase_terms


def block(day=7, **changes):
    values = {"partner": "casa", "campaign": "service", "day": date(2026, 12, day), "shift": "am", "blocks": 1}
    return Purchase.model_validate(values | changes)


def with_partner(case, **changes):
    return case.model_copy(update={"partners": (case.partners[0].model_copy(update=changes),)})


def with_service(case, **changes):
    first, *others = case.campaigns
    return case.model_copy(update={"campaigns": (first.model_copy(update=changes), *others)})


@pytest.fixture
def buy(tiny_plan):
    def make(*purchases):
        return tiny_plan.model_copy(update={"purchases": purchases})

    return make


def found(violations):
    return [violation.found for violation in violations]


def test_a_block_that_is_for_sale(tiny_case, buy):
    assert purchase_terms.check(tiny_case, buy(block())) == []


@pytest.mark.parametrize(
    ("purchase", "fault"),
    [
        (block(campaign="mail"), "not certified for the campaign"),
        (block(12), "ISO weekday 6"),
    ],
)
def test_a_block_that_is_not_for_sale(tiny_case, buy, purchase, fault):
    assert fault in found(purchase_terms.check(tiny_case, buy(purchase)))


def test_the_lead_time_counts_from_the_day_of_planning(tiny_case, buy):
    case = with_partner(tiny_case, lead_time_days=15)

    assert found(purchase_terms.check(case, buy(block(7)))) == ["day 2026-12-07"]
    assert purchase_terms.check(case, buy(block(8))) == []


def test_a_block_needs_one_open_interval(tiny_case, buy):
    weekdays = (1, 2, 3, 4, 5)
    early = BlockShift(id="early", start=time(4), end=time(8), weekdays=weekdays)
    partly = BlockShift(id="partly", start=time(4), end=time(8, 30), weekdays=weekdays)
    case = with_partner(tiny_case, shifts=(early, partly))

    assert found(purchase_terms.check(case, buy(block(shift="early")))) == [
        "a block in which the campaign is closed throughout"
    ]
    assert purchase_terms.check(case, buy(block(shift="partly"))) == []


def test_a_purchase_has_one_row(tiny_case, buy):
    assert found(purchase_terms.check(tiny_case, buy(block(), block()))) == ["2 rows"]


@pytest.mark.parametrize(("blocks", "broken"), [(7, []), (8, ["16 seats"])])
def test_seats_within_the_ramp(tiny_case, buy, blocks, broken):
    """10 seats in use and 5 more a week: 15 in week 0, so 7 blocks of 2."""
    assert found(partner_seats.check(tiny_case, buy(block(blocks=blocks)))) == broken


@pytest.mark.parametrize(("day", "blocks", "broken"), [(14, 10, []), (14, 11, ["22 seats"]), (13, 10, ["20 seats"])])
def test_the_ramp_rises_every_week_up_to_the_seats_there_are(tiny_case, buy, day, blocks, broken):
    case = tiny_case.model_copy(update={"days": 14})

    assert found(partner_seats.check(case, buy(block(day, blocks=blocks)))) == broken


def test_campaigns_and_overlapping_blocks_share_the_seats(tiny_case, buy):
    weekdays = (1, 2, 3, 4, 5)
    shifts = tuple(
        BlockShift(id=name, start=time(start), end=time(end), weekdays=weekdays)
        for name, start, end in (("am", 8, 12), ("mid", 11, 15))
    )
    both = (Certification(campaign="service", productivity=0.9), Certification(campaign="mail", productivity=1))
    case = with_partner(tiny_case, shifts=shifts, certifications=both)

    assert partner_seats.check(case, buy(block(blocks=4), block(shift="mid", campaign="mail", blocks=3))) == []
    assert found(partner_seats.check(case, buy(block(blocks=4), block(shift="mid", campaign="mail", blocks=4)))) == [
        "16 seats",
    ]


def test_blocks_one_after_the_other_use_the_same_seats(tiny_case, buy):
    assert partner_seats.check(tiny_case, buy(block(blocks=7), block(shift="pm", blocks=7))) == []


@pytest.mark.parametrize(("stage", "broken"), [(Stage.TEST, 1), (Stage.PILOT, 0)])
def test_a_test_is_worked_in_house(tiny_case, buy, stage, broken):
    assert len(inhouse_test.check(with_service(tiny_case, stage=stage), buy(block()))) == broken


@pytest.mark.parametrize(
    ("inhouse", "partner", "broken"),
    [
        (0.936, 0.064, []),
        (0.9361, 0.0, ["INHOUSE-SHARE"]),
        (0.0, 0.0641, ["PARTNER-SHARE"]),
    ],
)
def test_shares_of_the_required_work(tiny_case, tiny_requirement, buy, *, inhouse, partner, broken):
    """Service requires 5 x 18 x 2,500 = 225,000; one block does 8 x 2 x 900 = 14,400, which is 6.4 %."""
    case = with_service(tiny_case, min_inhouse_share=inhouse, min_partner_share=partner)
    violations = partner_share.check(case, tiny_requirement, buy(block()))

    assert [violation.rule for violation in violations] == broken
