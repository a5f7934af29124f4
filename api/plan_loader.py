"""Stored plans as views, ready to be drawn and tabulated."""

from __future__ import annotations

from functools import lru_cache

from api.figures import PlanView
from api.problems import not_found
from data.store.cases import find_case, load_case, load_histories
from data.store.database import Store
from data.store.plans import find_plan
from wfm.demand import Forecast
from wfm.plan import Plan
from wfm.requirement import Requirement


@lru_cache(maxsize=4)
def load_view(store: Store, plan_id: str) -> PlanView:
    """A plan with all that led to it. Stored plans never change, so the last few are kept: a page asks for many figures.

    Raises ProblemError when there is no such plan.
    """
    with store.read() as session:
        stored = find_plan(session, plan_id)
        stored_case = find_case(session, stored.case_id) if stored else None
        if stored is None or stored_case is None:
            raise not_found("plan", plan_id)
        return PlanView(
            case=load_case(stored_case),
            histories=load_histories(stored_case),
            forecast=Forecast.from_json(stored.forecast),
            requirement=Requirement.from_json(stored.requirement),
            plan=Plan.from_json(stored.plan),
        )
