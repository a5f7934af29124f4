"""Contributions, minimum wage and the costs of an hour, by hand; amounts in centimes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from wfm.errors import WfmError
from wfm.payroll import (
    currency_of_law,
    employer_contributions,
    hourly_base,
    loaded_hourly_cost,
    minimum_wage,
    month_minutes,
)

ON, DIRHAM, EURO = date(2026, 12, 7), Decimal(1), Decimal("0.093")
FULL_TIME = 44 * 60


@pytest.mark.parametrize(
    ("gross", "contributions"),
    [(0, 0), (600_000, 126_540), (600_100, 126_552), (1, 0), (3, 1)],
)
def test_contributions_are_capped_in_part_and_rounded_half_up(gross, contributions):
    assert employer_contributions("MA", gross, ON, DIRHAM) == contributions


def test_the_ceiling_is_converted():
    """6,000 dirhams are 558.00 euros: 8.98 % of 558.00 and 12.11 % of 600.00."""
    assert employer_contributions("MA", 60_000, ON, EURO) == 5_011 + 7_266


@pytest.mark.parametrize(
    ("on", "wage"), [(date(2024, 12, 31), 1629), (date(2025, 1, 1), 1710), (date(2025, 12, 31), 1710), (ON, 1792)]
)
def test_minimum_wage_by_date(on, wage):
    assert minimum_wage("MA", on, DIRHAM) == wage


def test_minimum_wage_in_another_currency():
    assert minimum_wage("MA", ON, EURO) == 167
    assert currency_of_law("MA", ON) == "MAD"


@pytest.mark.parametrize(("week_hours", "month_hours"), [(44, 191), (36, 156), (35, 152), (22, 96)])
def test_a_month_has_whole_hours(week_hours, month_hours):
    """44 h x 52 / 12 = 190.67 h."""
    assert month_minutes(60 * week_hours) == 60 * month_hours


def test_loaded_cost_below_the_ceiling():
    """20.00 x 191 = 3,820.00 a month, and 21.09 % of it."""
    assert loaded_hourly_cost("MA", 2000, FULL_TIME, ON, DIRHAM) == 2422


def test_loaded_cost_above_the_ceiling():
    """40.00 x 191 = 7,640.00 a month, 538.80 capped, 925.20 uncapped: 9,104.00 / 191."""
    assert loaded_hourly_cost("MA", 4000, FULL_TIME, ON, DIRHAM) == 4766


@pytest.mark.parametrize(
    ("wage", "week_minutes", "base"),
    [
        (2000, FULL_TIME, 2422),  # 3,820.00 a month: both rates
        (3141, FULL_TIME, 3803),  # 5,999.31 a month: both rates
        (3142, FULL_TIME, 3522),  # 6,001.22 a month: the uncapped rate alone
        (3142, FULL_TIME // 2, 3805),
        (4000, 150 * 12 * 60 // 52, 4484),  # 150 h: 6,000.00 exactly, what is added lies above
    ],
)
def test_an_extra_hour_costs_its_wage_and_the_contributions_on_it(wage, week_minutes, base):
    assert hourly_base("MA", wage, week_minutes, ON, DIRHAM) == base


@pytest.mark.parametrize("country", ["FR", "XX"])
def test_countries_without_labour_law_are_refused(country):
    with pytest.raises(WfmError, match=country):
        employer_contributions(country, 500_000, ON, DIRHAM)


def test_days_before_the_first_known_minimum_wage_are_refused():
    with pytest.raises(WfmError, match="MA-SMIG in force on 2020-01-01"):
        minimum_wage("MA", date(2020, 1, 1), DIRHAM)
