"""The minimum wage: 17.10 MAD an hour in 2025, 17.92 in 2026."""

from __future__ import annotations

from datetime import date

import pytest

from wfm.case import ExchangeRate
from wfm.errors import WfmError
from wfm.rules.law import minimum_wage


def rate(worth, day=date(2026, 1, 1)):
    return ExchangeRate(currency="MAD", rate=worth, valid_from=day)


@pytest.mark.parametrize(("wage", "margin"), [(1792, 0), (1791, -1), (2000, 208)])
def test_in_its_own_currency(tiny_case, plan_of, with_agent, wage, margin):
    case = with_agent(tiny_case, hourly_wage=wage).model_copy(update={"currency": "MAD"})

    assert [(entry.rule.code, entry.subject, entry.margin) for entry in minimum_wage.measure(case, plan_of())] == [
        ("MA-SMIG", "A1", margin)
    ]


def test_in_the_plan_s_currency_at_the_latest_rate(tiny_case, plan_of, with_agent):
    """17.92 MAD x 0.0931 = 1.668352 EUR, which is 1.67; the rate of the day after the first day does not count."""
    rates = (rate(0.09), rate(0.0931, date(2026, 12, 7)), rate(0.5, date(2026, 12, 8)))
    case = with_agent(tiny_case, hourly_wage=166).model_copy(update={"exchange_rates": rates})
    (entry,) = minimum_wage.measure(case, plan_of())

    assert (entry.found, entry.limit, entry.margin) == ("1.66 EUR an hour", "1.67 EUR (17.92 MAD)", -1)


def test_a_raise_inside_the_plan(tiny_case, plan_of, with_agent):
    case = with_agent(tiny_case, hourly_wage=1750).model_copy(
        update={"currency": "MAD", "first_day": date(2025, 12, 29)}
    )

    assert [(entry.where, entry.margin) for entry in minimum_wage.measure(case, plan_of())] == [
        ("from 2025-12-29", 40),
        ("from 2026-01-01", -42),
    ]


def test_agents_of_whom_only_costs_are_known(tiny_case, plan_of):
    assert list(minimum_wage.measure(tiny_case, plan_of())) == []


def test_without_a_rate_nothing_can_be_said(tiny_case, plan_of, with_agent):
    with pytest.raises(WfmError, match="no exchange rate into EUR is valid on 2026-12-07"):
        list(minimum_wage.measure(with_agent(tiny_case, hourly_wage=500), plan_of()))
