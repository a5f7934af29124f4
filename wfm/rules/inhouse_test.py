"""TEST-INHOUSE: a campaign in its test stage is worked in-house only."""

from __future__ import annotations

from wfm.campaign import Stage
from wfm.case import Case
from wfm.plan import Plan
from wfm.violation import Violation

CODE = "TEST-INHOUSE"


def check(case: Case, plan: Plan) -> list[Violation]:
    return [
        Violation(
            rule=CODE,
            subject=purchase.partner,
            where=f"{purchase.campaign}, {purchase.day}, {purchase.shift}",
            found=f"{purchase.blocks} blocks for a campaign in test",
            limit="0 blocks",
        )
        for purchase in plan.purchases
        if case.campaign_by_id[purchase.campaign].stage is Stage.TEST
    ]
