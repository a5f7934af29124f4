"""What an hour of an agent costs, from the wage or the cost that the case states."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from data.ingest.draft import Draft
from data.ingest.parsed import Row
from wfm.payroll import MINOR, currency_of_law, hourly_base, loaded_hourly_cost


def agent_pay(draft: Draft, row: Row) -> dict[str, int]:
    """hourly_cost, hourly_base and, where given, hourly_wage of an agent, in minor units of the plan's currency.

    What the law of first_day adds to a wage is reckoned in the row's own currency, so that only the result is rounded to the
    plan's, whose cents may be the coarser.
    """
    currency = row["currency"]
    if row.get("hourly_wage") is None:
        minor = draft.minor_units(row["hourly_cost"], currency)
        return {"hourly_cost": minor, "hourly_base": minor}
    country, on = draft.by_key("sites", "site")[row["site"]]["country"], draft.plan["first_day"]
    week_minutes = round(draft.by_key("contracts", "contract")[row["contract"]]["week_hours"] * 60)
    wage = int((row["hourly_wage"] * MINOR).quantize(Decimal(1), ROUND_HALF_UP))
    rate = draft.rates[currency_of_law(country, on)] / draft.rates[currency]
    base = Decimal(hourly_base(country, wage, week_minutes, on, rate)) / MINOR
    cost = row.get("hourly_cost")
    if cost is None:
        cost = Decimal(loaded_hourly_cost(country, wage, week_minutes, on, rate)) / MINOR
    return {
        "hourly_cost": draft.minor_units(cost, currency),
        "hourly_base": draft.minor_units(base, currency),
        "hourly_wage": max(1, draft.minor_units(row["hourly_wage"], currency)),
    }
