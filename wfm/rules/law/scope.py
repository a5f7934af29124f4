"""Which rule binds whom: labour law by the country of an agent's site, calling law by the country of a campaign's market."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from wfm.agent import Agent
from wfm.campaign import Campaign
from wfm.case import Case
from wfm.law import CountryPack, LawRule, country_pack, labour_pack


def labour_rule(case: Case, agent: Agent, code: str, on: date) -> LawRule | None:
    """The rule `code` (without country) that binds an agent on a day; None where the country's law has none."""
    country = case.site_by_id[agent.site].country
    return labour_pack(country).rule(f"{country}-{code}", on)


def required_labour_rule(case: Case, agent: Agent, code: str, on: date) -> LawRule:
    """As `labour_rule`, for rules without which no roster can be judged: raises WfmError where there is none."""
    country = case.site_by_id[agent.site].country
    return labour_pack(country).require(f"{country}-{code}", on)


def consumer_rule(case: Case, campaign: Campaign, code: str, on: date) -> LawRule | None:
    """The rule `code` (without country) of a campaign's market on a day, None where its country has no such law."""
    country = case.market_by_id[campaign.market].country
    pack = country_pack(country)
    return pack.rule(f"{country}-{code}", on) if pack else None


def rules_of_plan(case: Case, pack: CountryPack, code: str) -> Iterator[tuple[date, LawRule]]:
    """Every rule `code` (without country) in force during the plan, with the first day of the plan on which it is."""
    for rule in pack.rules:
        first = max(rule.valid_from, case.first_day)
        if rule.code == f"{pack.country}-{code}" and rule.is_in_force(first) and first <= case.last_day:
            yield first, rule


def weeks(case: Case) -> list[date]:
    """Mondays of the plan's weeks."""
    return [case.first_day + timedelta(weeks=week) for week in range(case.weeks)]


def days(case: Case) -> list[date]:
    """Local days of the plan."""
    return [case.first_day + timedelta(days=day) for day in range(case.days)]
