"""Rules on contracts, and on what agents earn and bring from before the plan."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_CEILING, Decimal

from data.ingest.draft import Draft
from data.ingest.parsed import Row
from data.ingest.problems import Problems
from data.ingest.rules.law import cite, for_sites, in_force
from data.ingest.rules.rule import rule, tell
from wfm.law import LawRule, country_pack

CENT = Decimal("0.01")
MINOR_FOR = timedelta(days=3 * 366)
"""Longest time from first_day to an 18th birthday: nobody under 15 works."""


@rule("contracts", "agents")
def whole_minutes(draft: Draft, problems: Problems) -> None:
    """week_hours, max_overtime_hours_week, overtime_hours_before and year_hours_before are whole minutes (37.5 is 2250)."""
    columns = {
        "contracts": ("week_hours", "max_overtime_hours_week"),
        "agents": ("overtime_hours_before", "year_hours_before"),
    }
    for table, names in columns.items():
        for row in draft.rows(table):
            for column in names:
                if row.has(column) and abs(row[column] * 60 - round(row[column] * 60)) > 1e-6:
                    tell(problems, row, column, "not a whole number of minutes", "Round it to a minute, such as 37.5.")


@rule("plan", "sites", "contracts")
def legal_week(draft: Draft, problems: Problems) -> None:
    """week_hours are at most the normal week of the law of every site's country (XX-WEEK-NORM)."""
    law = min(for_sites(draft, "WEEK-NORM"), key=lambda law: int(law.parameters["minutes"]), default=None)
    for row in draft.rows("contracts"):
        if law is not None and row.has("week_hours") and row["week_hours"] * 60 > law.parameters["minutes"] + 1e-6:
            most = f"{law.parameters['minutes'] / 60:g}"
            tell(problems, row, "week_hours", f"the law allows {most} hours ({cite(law)})", f"Write at most {most}.")


@rule("agents")
def pay_given(draft: Draft, problems: Problems) -> None:
    """Every agent has an hourly_cost or an hourly_wage, or both."""
    for row in draft.rows("agents"):
        if row.empty("hourly_cost") and row.empty("hourly_wage"):
            tell(problems, row, "hourly_cost", "neither a cost nor a wage", "Fill in hourly_cost or hourly_wage.")


@rule("plan", "exchange_rates", "sites", "agents")
def wages(draft: Draft, problems: Problems) -> None:
    """An hourly_wage is at least the minimum wage (XX-SMIG) of the site's country in force on every day of the plan, and the
    contributions on it (XX-CNSS) are known on first_day. The law's currency has an exchange rate valid on first_day where it
    is not that of the wage.
    """
    sites = draft.by_key("sites", "site")
    if not draft.days or any(not row.has("currency", "rate", "valid_from") for row in draft.rows("exchange_rates")):
        return
    countries = {site["country"] for site in sites.values() if site.has("country")}
    # A country without labour rules is refused for that alone.
    laws = {country: _wage_laws(draft, country) for country in countries if in_force(draft, country, "DAY-MAX")}
    for row in draft.rows("agents"):
        site = sites.get(row.get("site") or "")
        country = None if site is None else site.get("country")
        if not row.has("hourly_wage") or country not in laws or row.get("currency") not in draft.rates:
            continue
        if laws[country]:
            _wage(draft, problems, row, laws[country])
        else:
            reason = f"what the employer pays on it is not known: no rule {country}-CNSS on {draft.days[0]}"
            tell(problems, row, "hourly_wage", reason, "Give hourly_cost alone.")


def _wage_laws(draft: Draft, country: str) -> list[LawRule]:
    """Contributions of first_day, then the minimum wages of the plan; [] where no contributions are known."""
    pack = country_pack(country)
    contributions = pack.rule(f"{country}-CNSS", draft.days[0]) if pack is not None else None
    return [] if contributions is None else [contributions, *in_force(draft, country, "SMIG")]


def _wage(draft: Draft, problems: Problems, row: Row, laws: list[LawRule]) -> None:
    """Hold a wage against amounts of the law, its contributions first."""
    for law in laws:
        currency = law.parameters["currency"]
        if currency not in draft.rates:
            reason = f"the law's amounts are in {currency}, without an exchange rate valid on {draft.plan['first_day']}"
            tell(problems, row, "hourly_wage", reason, f"Add a row for {currency} to exchange_rates.")
            return
        least = Decimal(str(law.parameters.get("hourly", 0))) * draft.rates[currency]
        if row["hourly_wage"] * draft.rates[row["currency"]] < least:
            day = max(law.valid_from, draft.days[0])
            reason = f"below the minimum wage of {law.parameters['hourly']:.2f} {currency} on {day} ({cite(law)})"
            here = (least / draft.rates[row["currency"]]).quantize(CENT, ROUND_CEILING)
            tell(problems, row, "hourly_wage", reason, f"Write at least {here} {row['currency']}.")
            return


@rule("plan", "agents")
def minors(draft: Draft, problems: Problems) -> None:
    """adult_from is after first_day and at most three years after it."""
    if not draft.plan.has("first_day"):
        return
    first = draft.plan["first_day"]
    for row in draft.rows("agents"):
        if not row.has("adult_from"):
            continue
        if row["adult_from"] <= first:
            reason = f"not after first_day {first}: the agent is of age"
            tell(problems, row, "adult_from", reason, "Leave it empty, or correct the date.")
        elif row["adult_from"] > first + MINOR_FOR:
            reason = f"more than three years after first_day {first}: the agent would be under 15"
            tell(problems, row, "adult_from", reason, "Correct the date of the 18th birthday.")


RULES = (whole_minutes, legal_week, pay_given, wages, minors)
