"""SKILL: whoever works a campaign holds its skill at its level."""

from __future__ import annotations

from wfm.case import Case
from wfm.plan import Plan
from wfm.rules.words import wall
from wfm.violation import Violation

CODE = "SKILL"


def check(case: Case, plan: Plan) -> list[Violation]:
    found = []
    for shift in plan.shifts:
        skills = case.agent_by_id[shift.agent].skills
        for segment in shift.segments:
            campaign = case.campaign_by_id.get(segment.activity)
            if campaign is None:
                continue
            level = skills.get(campaign.skill, 0)
            if level < campaign.min_level:
                found.append(
                    Violation(
                        rule=CODE,
                        subject=shift.agent,
                        where=f"{wall(case, segment.first_slot)}, {campaign.id}",
                        found=f"{campaign.skill} at level {level}",
                        limit=f"level {campaign.min_level} or more",
                    )
                )
    return found
