"""<country>-SMIG: nobody earns less than the minimum wage of any day of the plan.

Both amounts are in minor units of the plan's currency, rounded half up; the minimum is converted with the latest exchange
rate valid on the plan's first day, as wages were when the case was read.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from wfm.case import Case
from wfm.errors import WfmError
from wfm.law import labour_pack
from wfm.payroll import minimum_wage
from wfm.plan import Plan
from wfm.rules.law.measurement import Measurement
from wfm.rules.law.scope import rules_of_plan
from wfm.rules.words import amount

CODE = "SMIG"


def measure(case: Case, _plan: Plan) -> Iterator[Measurement]:
    for agent in case.agents:
        if agent.hourly_wage is None:
            continue
        pack = labour_pack(case.site_by_id[agent.site].country)
        for first, rule in rules_of_plan(case, pack, CODE):
            least = minimum_wage(pack.country, first, _rate(case, rule.parameters["currency"]))
            limit = f"{amount(least, case.currency)} ({rule.parameters['hourly']:.2f} {rule.parameters['currency']})"
            yield Measurement(
                rule=rule,
                subject=agent.id,
                where=f"from {first}",
                found=f"{amount(agent.hourly_wage, case.currency)} an hour",
                limit=limit,
                margin=agent.hourly_wage - least,
                unit=f"hundredths of {case.currency}",
            )


def _rate(case: Case, currency: str) -> Decimal:
    """Worth of one unit of a currency in the plan's on its first day."""
    if currency == case.currency:
        return Decimal(1)
    rates = [rate for rate in case.exchange_rates if rate.currency == currency and rate.valid_from <= case.first_day]
    if not rates:
        raise WfmError(
            f"Wages cannot be held against a minimum in {currency}: no exchange rate into {case.currency} is valid on "
            f"{case.first_day}. Add a row to exchange_rates."
        )
    return Decimal(repr(max(rates, key=lambda rate: rate.valid_from).rate))
