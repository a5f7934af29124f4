"""Stored plans as views, ready to be drawn and tabulated."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Annotated

from fastapi import Depends

from api.access import Caller
from api.auth import CalledBy
from api.figures import PlanView
from api.problems import not_found
from api.services import Service
from data.store.cases import find_case, load_case, load_histories
from data.store.database import Store
from data.store.plans import find_plan
from data.store.tables import StoredPlan
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


def visible_row(store: Store, caller: Caller, plan_id: str) -> StoredPlan:
    """The row of a plan as it is now: a view is kept from before, and does not know whether its plan was published since.

    Raises ProblemError where there is none, or none for this caller.
    """
    with store.read() as session:
        stored = find_plan(session, plan_id, drafts=caller.sees_drafts)
    if stored is None:
        raise not_found("plan", plan_id)
    return stored


def visible_view(store: Store, caller: Caller, plan_id: str) -> PlanView:
    """What a caller may see of a plan: a site's manager only the shifts of that site. Raises ProblemError as `visible_row`."""
    visible_row(store, caller, plan_id)
    return load_view_of_site(store, plan_id, caller.site)


def load_view_of_site(store: Store, plan_id: str, site: str | None) -> PlanView:
    """`load_view` with the shifts of one site alone; None: of all."""
    view = load_view(store, plan_id)
    if site is None:
        return view
    sites = {agent.id: agent.site for agent in view.case.agents}
    own = tuple(shift for shift in view.plan.shifts if sites[shift.agent] == site)
    return replace(view, plan=view.plan.model_copy(update={"shifts": own}))


def _visible_view(plan_id: str, service: Service, caller: CalledBy) -> PlanView:
    return visible_view(service.store, caller, plan_id)


def _visible_row(plan_id: str, service: Service, caller: CalledBy) -> StoredPlan:
    return visible_row(service.store, caller, plan_id)


VisiblePlan = Annotated[PlanView, Depends(_visible_view)]
"""The plan of the address, as far as the caller may see it. Every answer about a plan's content is made from it."""
VisibleRow = Annotated[StoredPlan, Depends(_visible_row)]
