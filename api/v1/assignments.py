"""Shifts changed by hand: a new version of a plan, checked and billed like every other."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Header, Query, Response, status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from api.auth import CalledBy
from api.conditional import check_if_match
from api.figures import PlanView
from api.idempotency import IdempotencyKey, Once
from api.plan_loader import VisiblePlan, VisibleRow
from api.problems import ProblemError, ProblemItem, not_found
from api.services import Service
from api.v1.plans import PlanEntry, plan_entry, plan_etag
from data.store.plans import Judged, add_plan, find_plan, judge
from wfm.by_hand import changed_by_hand
from wfm.compare import Comparison, compare
from wfm.plan import IDLE, Segment, Shift
from wfm.rules import references
from wfm.violation import Violation

router = APIRouter(prefix="/v1/plans/{plan_id}", tags=["plans"])
MOST_CHANGES = 1_000
Id = Annotated[str, Field(max_length=64)]


class Activity(BaseModel):
    """What a part of a shift is spent on, as rows of the roster tell it."""

    model_config = ConfigDict(extra="forbid")

    activity: Literal["work", "break", "idle"]
    campaign: Id | None = Field(None, description="Campaign worked, for work and nothing else.")
    break_name: Id | None = Field(None, description="Name of the break, for a break and nothing else.")
    start: AwareDatetime = Field(description="With its offset.")
    end: AwareDatetime = Field(description="With its offset.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.activity == "work") != (self.campaign is not None):
            raise ValueError("work needs campaign, and nothing else takes it")
        if (self.activity == "break") != (self.break_name is not None):
            raise ValueError("a break needs break_name, and nothing else takes it")
        return self

    @property
    def code(self) -> str:
        """As segments of a plan name it."""
        return self.campaign or (f"break:{self.break_name}" if self.break_name is not None else IDLE)


class NewShift(BaseModel):
    """A whole shift."""

    model_config = ConfigDict(extra="forbid")

    pattern: Id = Field(description="Shift pattern.")
    activities: list[Activity] = Field(min_length=1, max_length=96, description="From start to end, without gap.")


class Assignment(BaseModel):
    """What an agent does on one day."""

    model_config = ConfigDict(extra="forbid")

    agent: Id
    day: date = Field(description="Local day of the site on which the shift starts.")
    shift: NewShift | None = Field(description="The shift in place of the one there is, if any; null: a day off.")


class Changes(BaseModel):
    """Days of agents that are to be otherwise; all others stay."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"assignments": [{"agent": "A001", "day": "2026-12-07", "shift": None}]}]},
    )

    assignments: list[Assignment] = Field(min_length=1, max_length=MOST_CHANGES)


class Changed(BaseModel):
    """The changed plan, and what differs from the one it was made of."""

    plan: PlanEntry | None = Field(description="The new version, a draft; null after a dry run.")
    comparison: Comparison


@router.patch(
    "/assignments",
    status_code=status.HTTP_201_CREATED,
    responses={200: {"model": Changed, "description": "A dry run"}, 404: {}, 412: {}, 422: {}},
)
def patch_assignments(
    plan_id: str,
    wanted: Changes,
    response: Response,
    service: Service,
    caller: CalledBy,
    base: VisibleRow,
    view: VisiblePlan,
    if_match: Annotated[str | None, Header(max_length=1000, description="ETag of the plan as it was seen.")] = None,
    idempotency_key: IdempotencyKey = None,
    dry_run: Annotated[bool, Query(description="Only check, and say what differs; store nothing.")] = False,
) -> Changed:
    """Change shifts by hand. The plan itself stays as it is: the answer is a new version, a draft, with its bill, its gap to the
    same proven bound, and what differs. One that breaks a hard rule is refused (`assignment-illegal`) with every breach.
    """
    check_if_match(if_match, plan_etag(base))
    plan = changed_by_hand(view.case, view.requirement, view.plan, _shifts(view, wanted))
    made = judge(view.case, forecast=view.forecast, requirement=view.requirement, plan=plan, seconds=base.seconds)
    if not isinstance(made, Judged):
        raise _illegal(made)
    comparison = compare(view.plan, plan)
    if dry_run:
        response.status_code = status.HTTP_200_OK
        return Changed(plan=None, comparison=comparison)
    with service.store.write(caller.actor) as session:
        once = Once(session, caller, idempotency_key, "assignments", plan_id, wanted.model_dump(mode="json"))
        if once.made is None:
            stored = add_plan(session, base.case_id, made, base=base)
            once.note(stored.id)
        elif (known := find_plan(session, once.made)) is not None:
            stored = known
        else:
            raise not_found("plan", once.made)
    response.headers["Location"] = f"/v1/plans/{stored.id}"
    response.headers["ETag"] = plan_etag(stored)
    return Changed(plan=plan_entry(stored), comparison=comparison)


def _shifts(view: PlanView, wanted: Changes) -> dict[tuple[str, date], Shift | None]:
    """The shifts meant, on the plan's grid. Raises ProblemError with a pointer to each that cannot be."""
    shifts: dict[tuple[str, date], Shift | None] = {}
    items = []
    for number, entry in enumerate(wanted.assignments):
        place = (entry.agent, entry.day)
        at = f"/assignments/{number}"
        if place in shifts:
            items.append(ProblemItem(reason=f"{entry.agent} {entry.day} is named twice", pointer=at))
        if entry.agent not in view.case.agent_by_id:
            items.append(ProblemItem(reason="The case has no such agent.", pointer=f"{at}/agent", value=entry.agent))
        shifts[place] = None
        if entry.shift is not None:
            segments, faults = _segments(view, entry.shift.activities, f"{at}/shift/activities")
            items += faults
            if not faults:
                shifts[place] = Shift(
                    agent=entry.agent, day=entry.day, pattern=entry.shift.pattern, segments=tuple(segments)
                )
    if not items:
        new = tuple(shift for shift in shifts.values() if shift is not None)
        unknown = references.check(view.case, view.plan.model_copy(update={"shifts": new}))
        items = [ProblemItem(reason=str(entry), code=entry.rule, value=entry.found) for entry in unknown]
    if items:
        raise ProblemError("request-invalid", "; ".join(item.reason for item in items[:5]), items[:100])
    return shifts


def _segments(view: PlanView, activities: list[Activity], at: str) -> tuple[list[Segment], list[ProblemItem]]:
    grid, segments, faults = view.plan.grid, [], []
    step = grid.interval_minutes * 60
    for number, entry in enumerate(activities):
        first, last = ((instant - grid.start).total_seconds() / step for instant in (entry.start, entry.end))
        if not (first.is_integer() and last.is_integer() and 0 <= first < last <= grid.slots):
            reason = (
                f"{entry.start.isoformat()} to {entry.end.isoformat()} is no span of whole {grid.interval_minutes}-minute "
                "intervals of the plan"
            )
            faults.append(ProblemItem(reason=reason, pointer=f"{at}/{number}/start"))
            continue
        segments.append(Segment(activity=entry.code, first_slot=int(first), slots=int(last - first)))
        if number and not faults and segments[-2].last_slot != segments[-1].first_slot:
            reason = "does not begin when the activity before it ends"
            faults.append(ProblemItem(reason=reason, pointer=f"{at}/{number}/start", value=entry.start.isoformat()))
    return segments, faults


def _illegal(violations: list[Violation]) -> ProblemError:
    items = [ProblemItem(reason=str(entry), code=entry.rule, value=entry.found) for entry in violations[:100]]
    detail = f"The changed plan breaks {len(violations)} rule(s) of its case and was not stored: {violations[0]}"
    return ProblemError("assignment-illegal", detail, items)
