"""From a gross hourly wage to what an hour costs: minimum wage, employer's contributions, loaded cost and hourly base.

Amounts are in minor units (cents) of one currency. The law's own amounts are in that of `currency_of_law`; `rate` is what one
unit of it is worth in the currency of the amounts, 1 where they are the same. All arithmetic is exact; results are rounded
once, half up.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from wfm.costs import exact, half_up
from wfm.law import LawRule, labour_pack

MINOR = 100
"""Minor units in one unit of a currency."""
WEEKS_PER_YEAR, MONTHS_PER_YEAR = 52, 12


def currency_of_law(country: str, on: date) -> str:
    """ISO 4217 currency of the ceiling and the minimum wage of a country. Raises WfmError where its pack has no such rules."""
    currency: str = _contributions(country, on).parameters["currency"]
    return currency


def minimum_wage(country: str, on: date, rate: Decimal) -> int:
    """Least gross wage per hour on a day (rule SMIG). Raises WfmError where the country's pack has none."""
    law = labour_pack(country).require(f"{country}-SMIG", on)
    return half_up(exact(law.parameters["hourly"]) * MINOR * Fraction(rate))


def month_minutes(week_minutes: int) -> int:
    """Paid minutes of a month of a contract week: week x 52 / 12, up to the next whole hour.

    44 h give 191 h, the hours by which the monthly minimum wage is reckoned.
    """
    return -(-week_minutes * WEEKS_PER_YEAR // (MONTHS_PER_YEAR * 60)) * 60


def employer_contributions(country: str, month_gross: int, on: date, rate: Decimal) -> int:
    """Employer's contributions on a month's gross pay, rule CNSS: capped_rate on what lies below the month's ceiling and
    uncapped_rate on all of it.

    Raises WfmError where the country's pack has no such rule.
    """
    law = _contributions(country, on)
    capped = min(Fraction(month_gross), _ceiling(law, rate)) * exact(law.parameters["capped_rate"])
    return half_up(capped + month_gross * exact(law.parameters["uncapped_rate"]))


def loaded_hourly_cost(country: str, hourly_wage: int, week_minutes: int, on: date, rate: Decimal) -> int:
    """Cost of a paid hour: a month's gross and the contributions on it, by the paid hours of the month."""
    hours = month_minutes(week_minutes) // 60
    gross = hourly_wage * hours
    return half_up(Fraction(gross + employer_contributions(country, gross, on, rate), hours))


def hourly_base(country: str, hourly_wage: int, week_minutes: int, on: date, rate: Decimal) -> int:
    """Cost of one more hour before premiums: the wage and the contributions on one more hour of that month's gross.

    Below the ceiling both rates are due on it, from the ceiling on the uncapped one alone.
    """
    law = _contributions(country, on)
    due = exact(law.parameters["uncapped_rate"])
    if hourly_wage * month_minutes(week_minutes) < _ceiling(law, rate) * 60:
        due += exact(law.parameters["capped_rate"])
    return half_up(hourly_wage * (1 + due))


def _contributions(country: str, on: date) -> LawRule:
    return labour_pack(country).require(f"{country}-CNSS", on)


def _ceiling(law: LawRule, rate: Decimal) -> Fraction:
    """The month's ceiling in minor units of the amounts' currency."""
    return exact(law.parameters["month_ceiling"]) * MINOR * Fraction(rate)
