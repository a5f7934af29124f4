"""What a plan leaves to people: who stands by when a feast is not certain, and who is free when customers have a holiday.

Advice follows from case, requirement and plan alone, and knows no solver. The plan must satisfy rule REFERENCE.
"""

from __future__ import annotations

from wfm.advice.advice import Advice, AdviceKind
from wfm.advice.leave import leave_or_training
from wfm.advice.premium import premium_at_risk
from wfm.advice.standby_agents import standby_agents
from wfm.advice.standby_partners import standby_partners
from wfm.case import Case
from wfm.plan import Plan
from wfm.requirement import Requirement

__all__ = ["Advice", "AdviceKind", "advise"]


def advise(case: Case, requirement: Requirement, plan: Plan) -> tuple[Advice, ...]:
    """All advice on a plan, by day, kind and site; agents cheapest first, partners in the order of the case."""
    found = [
        *standby_agents(case, requirement, plan),
        *standby_partners(case, plan),
        *premium_at_risk(case, requirement, plan),
        *leave_or_training(case, plan),
    ]
    return tuple(sorted(found, key=lambda advice: advice.day))
