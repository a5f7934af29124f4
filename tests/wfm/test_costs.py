"""Every line of the bill, by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

import pytest

from wfm.agent import Absence, AbsenceKind, Wish, WishKind
from wfm.case import Case
from wfm.costs import bill, exact, half_up, tariff_cents
from wfm.partner import Tier, TierMode
from wfm.plan import Purchase
from wfm.requirement import LossTable, Requirement

LUNCH = ("break:lunch", 2)


def cents(costs, kind):
    return {line.subject: line.cents for line in costs.lines if line.kind == kind}


def day_shift(make_shift, agent, day, start=8):
    return make_shift(agent, day, start, ("service", 6), LUNCH, ("service", 8))


def wish(kind, cost=100, at=None, day=date(2026, 12, 7)):
    return Wish(agent="A1", day=day, kind=kind, time=at, cost=cost)


def leave(first, last, *, whole_day=True, kind=AbsenceKind.PAID_LEAVE):
    start = datetime(2026, 12, first, tzinfo=UTC)
    return Absence(
        agent="A1",
        start=start,
        end=datetime(2026, 12, last, tzinfo=UTC) + timedelta(days=1),
        kind=kind,
        whole_day=whole_day,
    )


@pytest.mark.parametrize(
    ("amount", "rounded"), [(Fraction(5, 2), 3), (Fraction(-5, 2), -2), (Fraction(7, 3), 2), (Fraction(8, 3), 3)]
)
def test_amounts_are_rounded_half_up(amount, rounded):
    assert half_up(amount) == rounded


def test_parameters_count_as_written():
    assert exact(0.1) == Fraction(1, 10)
    assert exact(1e-05) == Fraction(1, 100_000)


def test_the_whole_bill_of_the_tiny_plan(tiny_case, tiny_requirement, tiny_plan):
    costs = tiny_plan.bill

    assert cents(costs, "wages") == {"A1": 17_500, "A2": 17_500, "A3": 18_200}
    assert cents(costs, "overtime") == {}
    assert cents(costs, "purchase") == {"casa": 13_000}
    # Service wants 2,500 a slot for 18 slots a day. A2 alone 08-09 and 12-15, A1 and A2 09-11, A1 alone 11-12, nobody
    # 15-17: 900 x (2 + 2 + 6) + 1,800 x 4 = 16,200 a day. Monday 08-12 has 1,800 more, of which 09-11 can use 700.
    missing = 5 * (18 * 2_500 - 16_200) - (4 * 1_600 + 4 * 700)
    assert missing == 134_800
    # Sales wants 8,000 a day, A3 does it. Mail wants 4,000 a day, A1 does it.
    assert cents(costs, "shortage") == {"service": 134_800 * 30 * 4_500 // 60_000}
    assert costs.total_cents == 53_200 + 13_000 + 303_300
    assert costs.changeable_cents == 13_000 + 303_300
    assert bill(tiny_case, tiny_requirement, tiny_plan.shifts, tiny_plan.purchases) == costs


def test_overtime_is_what_exceeds_the_week(tiny_case, tiny_requirement, make_shift):
    six_days = [day_shift(make_shift, "A1", day) for day in range(6)]
    costs = bill(tiny_case, tiny_requirement, six_days, [])

    assert cents(costs, "overtime") == {"A1": 7 * 625}


@pytest.mark.parametrize("kind", list(AbsenceKind))
def test_a_day_of_leave_of_any_kind_lowers_the_threshold(tiny_case, tiny_requirement, make_shift, kind):
    case = tiny_case.model_copy(update={"absences": (leave(7, 7, kind=kind),)})
    costs = bill(case, tiny_requirement, [day_shift(make_shift, "A1", day) for day in range(1, 6)], [])

    assert cents(costs, "overtime") == {"A1": 7 * 625}
    assert cents(costs, "wages")["A1"] == 17_500


def test_a_week_of_leave_credits_no_more_than_the_days_of_the_contract(tiny_case, tiny_requirement, make_shift):
    contract = tiny_case.contracts[0].model_copy(update={"week_minutes": 2101})
    case = tiny_case.model_copy(update={"absences": (leave(7, 13),), "contracts": (contract,)})
    costs = bill(case, tiny_requirement, [make_shift("A1", 0, 8, ("service", 1))], [])

    assert cents(costs, "overtime") == {"A1": half_up(Fraction(29 * 625, 60))}


def test_part_day_absence_lowers_nothing(tiny_case, tiny_requirement, make_shift):
    case = tiny_case.model_copy(update={"absences": (leave(7, 7, whole_day=False),)})
    costs = bill(case, tiny_requirement, [day_shift(make_shift, "A1", day) for day in range(1, 6)], [])

    assert cents(costs, "overtime") == {}


def test_each_week_has_its_own_overtime(tiny_case, tiny_requirement, make_shift):
    case = tiny_case.model_copy(update={"days": 14})
    shifts = [day_shift(make_shift, "A1", day) for day in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)]
    costs = bill(case, tiny_requirement, shifts, [])

    assert cents(costs, "overtime") == {"A1": 7 * 625}
    assert cents(costs, "wages")["A1"] == 35_000


@pytest.mark.parametrize(
    ("wished", "broken"),
    [
        ((WishKind.OFF, None), True),
        ((WishKind.START_AFTER, time(8)), False),
        ((WishKind.START_AFTER, time(8, 1)), True),
        ((WishKind.END_BEFORE, time(16)), False),
        ((WishKind.END_BEFORE, time(15, 59)), True),
    ],
)
def test_a_broken_wish_costs_its_price(tiny_case, tiny_requirement, make_shift, wished, broken):
    case = tiny_case.model_copy(update={"wishes": (wish(wished[0], 150, wished[1]),)})
    costs = bill(case, tiny_requirement, [day_shift(make_shift, "A1", 0)], [])

    assert cents(costs, "wishes") == ({"A1": 150} if broken else {})


def test_an_end_past_midnight_is_after_every_time(tiny_case, tiny_requirement, make_shift):
    case = tiny_case.model_copy(update={"wishes": (wish(WishKind.END_BEFORE, 150, time(23)),)})
    costs = bill(case, tiny_requirement, [make_shift("A1", 0, 20, ("idle", 10))], [])

    assert cents(costs, "wishes") == {"A1": 150}


def test_wishes_of_other_days_and_agents_are_kept(tiny_case, tiny_requirement, make_shift):
    case = tiny_case.model_copy(update={"wishes": (wish(WishKind.OFF, day=date(2026, 12, 8)),)})
    costs = bill(case, tiny_requirement, [day_shift(make_shift, "A1", 0), day_shift(make_shift, "A2", 1)], [])

    assert cents(costs, "wishes") == {}


@pytest.mark.parametrize(
    ("mode", "hours", "expected"),
    [
        (TierMode.INCREMENTAL, 0, 10 * 1300),
        (TierMode.INCREMENTAL, 40, 40 * 1300),
        (TierMode.INCREMENTAL, 48, 40 * 1300 + 8 * 1200),
        (TierMode.INCREMENTAL, 120, 40 * 1300 + 60 * 1200 + 20 * 1000),
        (TierMode.ALL_UNITS, 0, 10 * 1300),
        (TierMode.ALL_UNITS, 39, 39 * 1300),
        (TierMode.ALL_UNITS, 40, 40 * 1200),
        (TierMode.ALL_UNITS, 120, 120 * 1000),
    ],
)
def test_tariff(tiny_case, mode, hours, expected):
    tiers = (*tiny_case.partners[0].tiers, Tier(from_hours=100, price_per_hour=1000))
    partner = tiny_case.partners[0].model_copy(update={"tier_mode": mode, "tiers": tiers})

    assert tariff_cents(partner, Fraction(hours)) == expected


def test_the_minimum_is_billed_without_any_purchase(tiny_case, tiny_requirement):
    assert cents(bill(tiny_case, tiny_requirement, [], []), "purchase") == {"casa": 13_000}


def test_purchases_of_one_partner_share_one_tariff(tiny_case, tiny_requirement):
    bought = [
        Purchase(partner="casa", campaign="service", day=date(2026, 12, day), shift="am", blocks=2) for day in (7, 8, 9)
    ]
    costs = bill(tiny_case, tiny_requirement, [], bought)

    assert cents(costs, "purchase") == {"casa": 40 * 1300 + 8 * 1200}


def with_losses(requirement: Requirement, losses: LossTable) -> Requirement:
    first, *others = requirement.campaigns
    return requirement.model_copy(update={"campaigns": (first.model_copy(update={"losses": losses}), *others)})


def test_lost_contacts_cost_what_the_agents_there_do_not_save(tiny_case, tiny_requirement, make_shift):
    """A1 alone is 0.9 agents at 8 o'clock; twenty hours later nobody is there."""
    campaigns = [entry.model_dump() for entry in tiny_case.campaigns]
    campaigns[0]["lost_contact_cost"] = 300
    case = Case.model_validate(tiny_case.model_dump() | {"campaigns": campaigns})
    shift = day_shift(make_shift, "A1", 0)
    first = shift.first_slot
    losses = LossTable(
        slot=(first, first, first, first + 40, first + 40),
        milli_agents=(0, 500, 2000, 0, 333),
        cents_per_agent=(1000, 301, 0, 1000, 0),
    )

    costs = bill(case, with_losses(tiny_requirement, losses), [shift], [])

    (line,) = [line for line in costs.lines if line.kind == "lost_contacts"]
    # 2.0 - 0.9 agents at 301 cents, and 0.333 of one at 1000: 331.1 + 333 = 664.1 cents.
    assert line.cents == 664
    assert line.quantity == pytest.approx(664.1 / 300)
    assert line.subject == "service"
    assert costs.total_cents == sum(entry.cents for entry in costs.lines)


def test_without_losses_there_is_no_such_line(tiny_plan):
    assert cents(tiny_plan.bill, "lost_contacts") == {}
