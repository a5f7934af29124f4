"""<country>-WEEK-NORM: no contract owes more hours a week than the law's normal week."""

from __future__ import annotations

from collections.abc import Iterator

from wfm.case import Case
from wfm.law import labour_pack
from wfm.plan import Plan
from wfm.rules.law.measurement import Measurement
from wfm.rules.law.scope import rules_of_plan
from wfm.rules.words import hours

CODE = "WEEK-NORM"


def measure(case: Case, _plan: Plan) -> Iterator[Measurement]:
    for agent in case.agents:
        owed = case.contract_by_id[agent.contract].week_minutes
        for first, rule in rules_of_plan(case, labour_pack(case.site_by_id[agent.site].country), CODE):
            limit = rule.parameters["minutes"]
            where = f"contract {agent.contract}, from {first}"
            yield Measurement(rule, agent.id, where, f"{hours(owed)} a week", hours(limit), limit - owed, "min")
