"""Two plans of one case side by side, and a whole plan as one file."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.auth import CalledBy
from api.plan_loader import VisiblePlan, VisibleRow, visible_view
from api.problems import ProblemError
from api.services import Service
from data.export.plan_archive import plan_archive
from data.store.plans import find_published_plan
from wfm.compare import Comparison, compare

router = APIRouter(prefix="/v1/plans/{plan_id}", tags=["plans"])
_ZIP = {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}


@router.get("/compare", responses={404: {}, 409: {}, 422: {}})
def get_compare(
    plan_id: str,
    service: Service,
    caller: CalledBy,
    stored: VisibleRow,
    view: VisiblePlan,
    base: Annotated[
        str | None, Query(max_length=100, description="Id of the plan to compare with; without it, the one in force.")
    ] = None,
) -> Comparison:
    """What changes from another plan of the same case to this one: money by kind, shifts, purchases."""
    if base is None:
        with service.store.read() as session:
            in_force = find_published_plan(session, stored.case_id)
        if in_force is None:
            raise ProblemError("not-comparable", "No plan of this case is in force. Name one with base.")
        base = in_force.id
    other = visible_view(service.store, caller, base)
    if other.plan.case_hash != view.plan.case_hash:
        raise ProblemError("not-comparable", f"Plans {base} and {plan_id} are of different cases.")
    return compare(other.plan, view.plan)


@router.get("/export", response_class=Response, responses={200: _ZIP, 404: {}})
def get_export(stored: VisibleRow, view: VisiblePlan) -> Response:
    """The whole plan as a zip: the folder that `wfm plan` writes, without its report. Unpacked, `wfm check` verifies it."""
    content = plan_archive(view.case, view.forecast, view.requirement, view.plan)
    headers = {"Content-Disposition": f'attachment; filename="plan-{stored.inputs_hash[:12]}-v{stored.version}.zip"'}
    return Response(content, media_type="application/zip", headers=headers)
