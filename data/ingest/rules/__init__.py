"""The rules that hold across cells and tables, grouped by subject."""

from __future__ import annotations

from data.ingest.rules import (
    agents,
    breaks,
    calling,
    campaigns,
    contracts,
    history,
    holidays,
    lists,
    overrides,
    partners,
    plan,
    shifts,
)
from data.ingest.rules.rule import Rule

SUBJECTS: dict[str, tuple[Rule, ...]] = {
    "Plan, sites and money": plan.RULES,
    "Holidays": holidays.RULES,
    "Campaigns, opening hours and events": campaigns.RULES,
    "Outbound calls": calling.RULES,
    "Lists to dial": lists.RULES,
    "Overrides": overrides.RULES,
    "History": history.RULES,
    "Contracts and wages": contracts.RULES,
    "Agents, absences and wishes": agents.RULES,
    "Shift patterns": shifts.RULES,
    "Breaks": breaks.RULES,
    "Partners": partners.RULES,
}
RULES = tuple(rule for rules in SUBJECTS.values() for rule in rules)

__all__ = ["RULES", "SUBJECTS", "Rule"]
