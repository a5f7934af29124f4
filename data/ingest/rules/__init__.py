"""The rules that hold across cells and tables, grouped by subject."""

from __future__ import annotations

from data.ingest.rules import agents, campaigns, history, partners, plan, shifts
from data.ingest.rules.rule import Rule

SUBJECTS: dict[str, tuple[Rule, ...]] = {
    "Plan, sites and money": plan.RULES,
    "Campaigns, opening hours and events": campaigns.RULES,
    "History": history.RULES,
    "Contracts, agents, absences and wishes": agents.RULES,
    "Shift patterns and breaks": shifts.RULES,
    "Partners": partners.RULES,
}
RULES = tuple(rule for rules in SUBJECTS.values() for rule in rules)

__all__ = ["RULES", "SUBJECTS", "Rule"]
