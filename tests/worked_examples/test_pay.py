"""What work on holidays, overtime and contributions cost: the worked examples of pay, to the centime.

Hourly base 30.00 MAD, 44 hours a week in five days, monthly-paid staff, weekly regime.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from wfm.costs import bill
from wfm.payroll import employer_contributions


@pytest.fixture
def case_of(tiny_case):
    """`case_of(monday)`: the tiny case in the week of a Monday, paid as above."""

    def make(monday):
        agents = tuple(
            agent.model_copy(update={"hourly_cost": 3000, "hourly_base": 3000}) for agent in tiny_case.agents
        )
        contract = tiny_case.contracts[0].model_copy(update={"week_minutes": 2640, "days_per_week": 5})
        return tiny_case.model_copy(
            update={"first_day": monday, "currency": "MAD", "agents": agents, "contracts": (contract,)}
        )

    return make


@pytest.fixture
def shifts_of(make_shift):
    """`shifts_of(case, day, hours, ...)`: shifts of A1 from 08:00 on consecutive days, one per entry of hours."""

    def make(case, day, *hours):
        return [
            make_shift("A1", (day - case.first_day).days + index, 8, ("idle", round(2 * length))).model_copy(
                update={"day": day + timedelta(days=index)}
            )
            for index, length in enumerate(hours)
        ]

    return make


@pytest.fixture
def extra_of(tiny_requirement):
    """`extra_of(case, shifts)`: what A1 costs above the contract's wages."""

    def price(case, shifts):
        lines = bill(case, tiny_requirement, shifts, []).lines
        return sum(line.cents for line in lines if line.subject == "A1" and line.kind != "wages")

    return price


@pytest.mark.parametrize(("hours", "in_all", "incremental"), [(8, 48_000, 24_000), (9, 54_000, 27_000)])
def test_example_5_independence_day(case_of, shifts_of, extra_of, hours, in_all, incremental):
    """2026-11-18: the wages pay the day already, each hour worked is paid once more."""
    case = case_of(date(2026, 11, 16))
    extra = extra_of(case, shifts_of(case, date(2026, 11, 18), hours))

    assert extra == incremental
    assert hours * case.agents[0].hourly_cost + extra == in_all


def test_example_5_a_french_holiday_costs_no_more(case_of, shifts_of, extra_of):
    case = case_of(date(2026, 11, 9))

    assert extra_of(case, shifts_of(case, date(2026, 11, 11), 8)) == 0


def test_example_6_48_hours_in_a_week(case_of, shifts_of, tiny_requirement):
    """44 x 30.00 + 4 x 37.50 = 1,470.00."""
    case = case_of(date(2026, 11, 23))
    costs = bill(case, tiny_requirement, shifts_of(case, case.first_day, 8, 8, 8, 8, 8, 8), [])

    assert sum(line.cents for line in costs.lines if line.subject == "A1") == 147_000


@pytest.mark.parametrize(("gross", "contributions"), [(500_000, 105_450), (650_000, 132_595), (342_272, 72_185)])
def test_example_8_contributions(gross, contributions):
    assert employer_contributions("MA", gross, date(2026, 11, 23), Decimal(1)) == contributions
